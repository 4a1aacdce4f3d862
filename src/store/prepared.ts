import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { Client, type ClientConfig } from 'pg';

const MARK = '/* prepared */';

/** Stands at the beginning of a statement that is to be planned once per connection. */
export const PREPARED = sql.raw(MARK);

/**
 * A client that prepares the statements that ask for it, under a name made from their text. Row-level security and a
 * join or two take Postgres several times longer to plan than to run. Only for statements of which there are few
 * different texts: a connection keeps each of them.
 */
export class PreparingClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    // The pool listens only while a client is idle: a connection lost in the middle of a transaction would otherwise
    // end the process. Its queries fail by themselves.
    this.on('error', () => undefined);
  }

  /** Names by text: few, by the rule above, and worth keeping. */
  readonly #names = new Map<string, string>();

  // pg's own overloads are many; whatever is not a marked text goes on as it came.
  override query(...parameters: readonly unknown[]): never {
    const [text, values, ...rest] = parameters;
    const query = super.query.bind(this) as (...given: readonly unknown[]) => never;
    if (typeof text !== 'string' || !text.startsWith(MARK)) return query(...parameters);
    return query({ name: this.#nameOf(text), text, values }, ...rest);
  }

  #nameOf(text: string): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    // Postgres cuts names at 63 bytes.
    const name = hash('sha1', text, 'base64url');
    this.#names.set(text, name);
    return name;
  }
}
