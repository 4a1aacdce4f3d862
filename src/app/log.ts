import { pino, type Logger } from 'pino';

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

/** The process's logger: JSON lines on standard error, so that a command's result stays alone on standard output. */
export function makeLogger(level: string): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  return pino(
    { level, base: null, redact: { paths, censor: '(not logged)' } },
    pino.destination({ dest: 2, sync: true }),
  );
}
