import { createSecretKey } from 'node:crypto';
import { pino } from 'pino';
import { makeScimAccess } from '../../../src/directory/access.js';
import { makeGroupDirectory } from '../../../src/directory/groups.js';
import { makeUserDirectory } from '../../../src/directory/users.js';
import { makeHttpApp } from '../../../src/http/app.js';
import { systemClock } from '../../../src/lib/clock.js';
import { makeIdSource } from '../../../src/lib/ids.js';
import { makeScimRouter } from '../../../src/scim/router.js';
import { openDatabase } from '../../../src/store/database.js';
import { makeDirectoryStore } from '../../../src/store/directory/store.js';
import { makePhoneSystems } from '../../../src/store/directory/phone-systems.js';
import { makeScimTokenStore } from '../../../src/store/directory/token-lookup.js';
import { listenAndTell } from './listen.js';

/** The service's HTTP shell and SCIM endpoint as it composes them, with the tenant's rate limit out of the way. */
const log = pino({ level: 'info' }, pino.destination('/dev/null'));
const database = await openDatabase({ url: process.env['BENCH_DATABASE_URL'] ?? '', poolMax: 10, log });
const clock = systemClock;
const directory = {
  store: makeDirectoryStore(database),
  clock,
  newId: makeIdSource(clock),
  onDirectoryChange: () => undefined,
};
const scim = makeScimRouter({
  users: makeUserDirectory(directory),
  groups: makeGroupDirectory(directory),
  phoneSystems: makePhoneSystems(database),
  access: makeScimAccess({ tokens: makeScimTokenStore(database), clock, log }),
  cursorKey: createSecretKey(Buffer.alloc(32, 1)),
  baseUrl: null,
  oauth: true,
  limits: { requestsPerMinute: 100_000_000 },
  clock,
  log,
});
const app = makeHttpApp({
  log,
  now: () => clock.now(),
  health: { ready: {}, version: 'bench' },
  trustProxy: false,
  mounts: [{ path: '/scim/v2', router: scim, sendsOwnHeaders: true }],
});
listenAndTell(app, () => database.close());
