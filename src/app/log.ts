import { pino, type DestinationStream, type Logger } from 'pino';
import { isAppError } from '../domain/errors.js';
import type { Config } from '../config/config.js';

/** Fields whose values never reach the log, wherever they occur in the first levels. */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'secrets',
  'token',
  'apiToken',
  'email',
];

/** The level for commands that a person watches: what a service notes as it works would stand between the lines. */
export function quietly(level: Config['logLevel']): Config['logLevel'] {
  return level === 'info' ? 'warn' : level;
}

/** The process's logger: JSON lines on standard error, so that a command's result stays alone on standard output. */
export function makeLogger(level: string, destination?: DestinationStream): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  return pino(
    {
      level,
      base: null,
      redact: { paths, censor: '(not logged)' },
      serializers: { err: (error: unknown) => describeError(error) },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
}

const CAUSES_MAX = 5;

/**
 * What a log may hold of an error. Libraries hang whole connections and requests on theirs, and a database the values
 * of the row that it refused; of ours, `fields` are made for the log.
 */
export function describeError(error: unknown, depth = 0): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const kind = isAppError(error) ? error.kind : undefined;
  const fields = isAppError(error) ? error.fields : undefined;
  const hasCause = error.cause !== undefined && depth < CAUSES_MAX;
  const cause = hasCause ? describeError(error.cause, depth + 1) : undefined;
  return { type: name, message, code, kind, fields, stack, cause };
}
