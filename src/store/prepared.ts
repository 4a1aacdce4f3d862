import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { Client } from 'pg';

const MARK = '/* prepared */';

/** Stands at the beginning of a statement that is to be planned once per connection. */
export const PREPARED = sql.raw(MARK);

/**
 * A client that prepares the statements that ask for it, under a name made from their text. Row-level security and a
 * join or two take Postgres several times longer to plan than to run. Only for statements of which there are few
 * different texts: a connection keeps each of them.
 */
export class PreparingClient extends Client {
  // pg's own overloads are many; whatever is not a marked text goes on as it came.
  override query(...parameters: readonly unknown[]): never {
    const [text, values, ...rest] = parameters;
    const query = super.query.bind(this) as (...given: readonly unknown[]) => never;
    if (typeof text !== 'string' || !text.startsWith(MARK)) return query(...parameters);
    return query({ name: nameOf(text), text, values }, ...rest);
  }
}

/** Postgres cuts names at 63 bytes. */
function nameOf(text: string): string {
  return hash('sha1', text, 'base64url');
}
