import type { RequestHandler } from 'express';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';

/**
 * Gives every request an `id` and logs it when it is answered: failures of ours as errors, the rest for debugging.
 * Nothing is made for a line that would not be written. Only the bare path is logged: filters may hold e-mail
 * addresses, and headers hold tokens.
 */
export function requestLog(log: Logger): RequestHandler {
  const isVerbose = log.isLevelEnabled('debug');
  return (request, response, next) => {
    // A part that sends headers of its own passed it on.
    if ('id' in request) {
      next();
      return;
    }
    const id = randomUUID();
    Object.assign(request, { id });
    const { method, originalUrl } = request;
    const startedMs = performance.now();
    response.once('close', () => {
      const status = response.statusCode;
      if (status < 500 && !isVerbose) return;
      const fields = {
        requestId: id,
        method,
        path: pathOf(originalUrl),
        status,
        durationMs: Math.round(performance.now() - startedMs),
        aborted: !response.writableFinished,
      };
      if (status >= 500) log.error(fields, 'request failed');
      else log.debug(fields, 'request answered');
    });
    next();
  };
}

/** Words in a path that open something by themselves: setup links and one-time sign-ins. */
const SECRET_PARTS = /^(\/setup|\/console\/start)\/[^/]{20,}/;

function pathOf(originalUrl: string): string {
  const [path = ''] = originalUrl.split('?', 1);
  return path.replace(SECRET_PARTS, '$1/…');
}
