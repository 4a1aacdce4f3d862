import { json, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Hints } from '../report/hints/hints.js';

export interface VendorHooksDeps {
  readonly hints: Pick<Hints, 'receive'>;
  /** Deliveries to one webhook in a minute. */
  readonly requestsPerMinute?: number;
}

/** A user with everything that a vendor knows of them. */
const BODY_LIMIT = '64kb';
const REQUESTS_PER_MINUTE = 300;

/**
 * Where vendors tell of changes: `POST /:webhookId`. Answered as soon as it is kept; what it means is looked at later.
 * A delivery that does not show the webhook's token learns nothing but that there is nothing here.
 */
export function makeVendorHooksRouter({
  hints,
  requestsPerMinute = REQUESTS_PER_MINUTE,
}: VendorHooksDeps): Router {
  const router = Router();
  router.post(
    '/:webhookId',
    rateLimit({
      windowMs: 60_000,
      limit: requestsPerMinute,
      standardHeaders: true,
      legacyHeaders: false,
    }),
    json({ limit: BODY_LIMIT, strict: true }),
    async (request, response) => {
      const received = await hints.receive(String(request.params['webhookId']), request.body);
      response.status(received === 'unknown' ? 404 : 204).end();
    },
  );
  return router;
}
