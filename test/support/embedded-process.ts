import { once } from 'node:events';
import { startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.js';

/** A process that uses the built-in database of a folder until its input ends. Prints the address when it is there. */
const [dataDir = ''] = process.argv.slice(2);
const note = (_: object, message: string) => console.error(message);
const database = await startEmbeddedPostgres({
  dataDir,
  durable: false,
  log: { info: note, warn: note, error: note },
});
console.log(JSON.stringify({ url: database.url }));
process.stdin.resume();
await once(process.stdin, 'end');
await database.stop();
