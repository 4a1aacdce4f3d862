import type { Logger } from 'pino';
import { AppError } from '../../domain/errors.js';
import { backoffDelayMs } from '../../lib/backoff.js';
import type { Clock } from '../../lib/clock.js';
import type { HttpRequest, HttpResponse } from '../../lib/http-message.js';
import type { Reports } from '../reporting/reports.js';
import { destinationContext } from './destinations.js';
import { mailOf, slackBody, webhookBody } from './messages.js';
import type { DeliveryStore, Destination, DestinationStore, DueDelivery } from './ports.js';
import { signedHeaders } from './sign.js';

export interface DeliveryDeps {
  readonly destinations: Pick<DestinationStore, 'find'>;
  readonly deliveries: DeliveryStore;
  readonly reports: Pick<Reports, 'create'>;
  /** Only to addresses that are permitted. Throws with a message that a person may see. */
  readonly request: (request: HttpRequest) => Promise<HttpResponse>;
  readonly decrypt: (envelope: string, context: readonly string[]) => string;
  readonly clock: Clock;
  readonly newId: () => string;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Logger;
}

export interface ReportDelivery {
  /**
   * The destination's moment has come: makes its report, on everything since the last one it was given, and sends it
   * unless it is quiet and the destination wants to hear only news. Returns whether it is sent.
   */
  run(
    key: { readonly tenantId: string; readonly destinationId: string },
    options?: { readonly isForced?: boolean; readonly actor?: string },
  ): Promise<boolean>;
  /** Sends what is due. */
  deliverDue(): Promise<void>;
}

const CLAIM_MS = 10 * 60_000;
const AT_ONCE = 5;
const TURN_MS = 60_000;
const RETRY_BASE_MS = 60_000;
const RETRY_CAP_MS = 6 * 3_600_000;
const GIVE_UP_AFTER_MS = 3 * 86_400_000;

/** Reports on a schedule, to everybody who asked for them. */
export function makeReportDelivery(deps: DeliveryDeps): ReportDelivery {
  const { clock, deliveries } = deps;
  return {
    async run({ tenantId, destinationId }, { isForced = false, actor = 'patchbay' } = {}) {
      const destination = await deps.destinations.find(tenantId, destinationId);
      if (destination === null) throw new AppError('notFound', 'There is no such destination any more.');
      if (!destination.isActive && !isForced) return false;
      const previous = await deliveries.lastReport(destination);
      const from = previous === null ? null : new Date(previous.period.to);
      const wish = { tenantId, from, previous, timeZone: destination.timeZone, actor };
      const report = await deps.reports.create(wish);
      if (report.isQuiet && destination.quietWhenUnchanged && !isForced) return false;
      await deliveries.add(destination, report.id, { id: deps.newId(), at: clock.now() });
      return true;
    },
    async deliverDue() {
      const begunAt = clock.now().getTime();
      while (clock.now().getTime() - begunAt < TURN_MS) {
        const at = clock.now();
        const due = await deliveries.claim(at, new Date(at.getTime() + CLAIM_MS), AT_ONCE);
        for (const delivery of due) await deliver(deps, delivery);
        if (due.length < AT_ONCE) return;
      }
    },
  };
}

async function deliver(deps: DeliveryDeps, delivery: DueDelivery): Promise<void> {
  const { deliveries, clock, log } = deps;
  if (delivery.destination.kind === 'email')
    return deliveries.mailed(delivery, mailOf(delivery), clock.now());
  try {
    const response = await deps.request(requestOf(deps, delivery));
    if (response.status >= 200 && response.status < 300) return await deliveries.sent(delivery, clock.now());
    throw new Error(`The receiver answered ${response.status}.`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log.warn(
      { deliveryId: delivery.id, attempts: delivery.attempts + 1, reason: message },
      'report not delivered',
    );
    await deliveries.failed(delivery, message.slice(0, 500), retryAt(deps, delivery));
  }
}

/** null: it was tried long enough. */
function retryAt({ clock, random }: DeliveryDeps, { attempts, createdAt }: DueDelivery): Date | null {
  const now = clock.now().getTime();
  if (now - createdAt.getTime() >= GIVE_UP_AFTER_MS) return null;
  const waitMs = backoffDelayMs(attempts, {
    baseMs: RETRY_BASE_MS,
    capMs: RETRY_CAP_MS,
    random: () => 0.5 + random() / 2,
  });
  return new Date(now + waitMs);
}

function requestOf(deps: DeliveryDeps, delivery: DueDelivery): HttpRequest {
  const { destination, id } = delivery;
  const secret = secretOf(deps, destination);
  const headers = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Patchbay' };
  if (destination.kind === 'slack')
    return { method: 'POST', url: secret, headers, body: slackBody(delivery) };
  const body = webhookBody(delivery);
  const signed = signedHeaders(secret, { id, at: deps.clock.now(), body });
  return { method: 'POST', url: destination.config.url ?? '', headers: { ...headers, ...signed }, body };
}

function secretOf({ decrypt }: DeliveryDeps, { tenantId, id, secrets }: Destination): string {
  if (secrets === null) throw new AppError('bug', 'The destination has no secret.');
  return decrypt(secrets, destinationContext(tenantId, id));
}
