import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../lib/clock.js';
import { hashToken } from '../../lib/tokens.js';
import type { VendorEvent } from '../../providers/port.js';
import type { AccountKey } from '../../reconcile/ports.js';
import type { HintStore, VendorHint } from './ports.js';

export interface HintsDeps {
  readonly hints: HintStore;
  /** How the account's vendor writes what happened; null: not in a shape that is known, or not at all. */
  readonly readEvent: (account: AccountKey, body: unknown) => Promise<VendorEvent | null>;
  /** Has people looked at again, from a reading that is made for it. */
  readonly lookAgain: (account: AccountKey, subjectIds: readonly string[]) => Promise<void>;
  /** An agent was seen in use. */
  readonly noteUse: (account: AccountKey, providerUserId: string) => Promise<void>;
  /** Asks for a comparison of the whole account at that moment, unless one is asked for earlier. */
  readonly compareAt: (account: AccountKey, at: Date) => Promise<void>;
  /** When the last comparison of the whole account began; null: never. */
  readonly lastComparedAt: (account: AccountKey) => Promise<Date | null>;
  readonly clock: Clock;
}

/** `unknown`: there is no such webhook, or the delivery does not show its token. */
export type Received = 'kept' | 'not-of-interest' | 'unknown';

export interface Hints {
  /** Keeps what a delivery says. Safe to repeat, in any order. */
  receive(webhookId: string, body: unknown): Promise<Received>;
  /** Looks at what was said long enough ago. Returns how many there were. */
  work(): Promise<number>;
}

/** What we did ourselves is told to us as well: by then it stands in the rows. */
const SETTLE_MS = 20_000;
/** However often a vendor calls, a whole account is read no more often for it. */
const COMPARE_EVERY_MS = 10 * 60_000;
const KEPT_MAX = 1_000;
const AT_ONCE = 100;

/** Vendors' webhooks as hints: they say where to look, never what is true. */
export function makeHints(deps: HintsDeps): Hints {
  const { hints, clock } = deps;
  return {
    async receive(webhookId, body) {
      const webhook = await hints.findWebhook(webhookId);
      if (webhook === null) return 'unknown';
      const event = await deps.readEvent(webhook, body);
      if (event === null || !timingSafeEqual(hashToken(event.token), webhook.tokenHash)) return 'unknown';
      if (event.kind === null) return 'not-of-interest';
      const { tenantId, accountId } = webhook;
      const { kind, providerUserId, email } = event;
      if (kind === 'used') {
        await deps.noteUse({ tenantId, accountId }, providerUserId);
        return 'kept';
      }
      const dueAt = new Date(clock.now().getTime() + SETTLE_MS);
      await hints.keep({ tenantId, accountId, kind, providerUserId, email, dueAt }, KEPT_MAX);
      return 'kept';
    },
    async work() {
      const due = await hints.listDue(clock.now(), AT_ONCE);
      for (const hint of due) {
        await look(deps, hint);
        await hints.forget(hint);
      }
      return due.length;
    },
  };
}

async function look(deps: HintsDeps, hint: VendorHint): Promise<void> {
  const { hints, lookAgain } = deps;
  const link = await hints.linkOf(hint, hint.providerUserId);
  // Our own create, or our own deletion.
  if (hint.kind === 'created' ? link?.state === 'live' : link?.state === 'ended') return;
  if (link?.state === 'live') await lookAgain(hint, [link.subjectId]);
  else if (hint.kind === 'created' && hint.email !== null) {
    const people = await hints.peopleWith(hint.tenantId, hint.email);
    if (people.length > 0) await lookAgain(hint, people);
  }
  await compareSoon(deps, hint);
}

async function compareSoon(
  { lastComparedAt, compareAt, clock }: HintsDeps,
  account: AccountKey,
): Promise<void> {
  const now = clock.now().getTime();
  const last = (await lastComparedAt(account))?.getTime() ?? 0;
  await compareAt(account, new Date(Math.max(now, last + COMPARE_EVERY_MS)));
}
