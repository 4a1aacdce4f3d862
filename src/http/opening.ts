import type { RequestListener } from 'node:http';

/** What answers on the port from the moment it is bound. */
export interface Opening {
  readonly listener: RequestListener;
  /** From now on `app` answers. */
  open(app: RequestListener): void;
}

const RETRY_AFTER_SECONDS = '2';

/**
 * Holds the port while the service starts, so that a busy port is known before anything else was touched. Says that
 * the process lives and, to everything else, 503: an IdP comes back.
 */
export function makeOpening(version: string): Opening {
  let answer: RequestListener = (request, response) => {
    const lives = request.url === '/healthz';
    const body = lives
      ? { status: 'ok', version }
      : { error: { kind: 'unavailable', message: 'Patchbay is starting. Try again in a moment.' } };
    response.writeHead(lives ? 200 : 503, {
      'Content-Type': 'application/json; charset=utf-8',
      ...(lives ? {} : { 'Retry-After': RETRY_AFTER_SECONDS }),
    });
    response.end(JSON.stringify(body));
  };
  return {
    listener: (request, response) => answer(request, response),
    open(app) {
      answer = app;
    },
  };
}
