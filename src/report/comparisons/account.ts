import type { Logger } from 'pino';
import { findAccountDrift } from '../../domain/findings/account.js';
import { ACCOUNT_CLASSES } from '../../domain/findings/finding.js';
import type { Clock } from '../../lib/clock.js';
import type {
  ObservedComparison,
  ReconcileObserver,
  WholeComparison,
} from '../../reconcile/observing/ports.js';
import type { AccountKey } from '../../reconcile/ports.js';
import type { AccountFacts, AccountFactsReader, ComparisonSource, FindingStore, RunStore } from '../ports.js';
import { keepAlive } from './keep-alive.js';

export interface AccountComparisonDeps {
  readonly runs: RunStore;
  readonly findings: FindingStore;
  readonly facts: AccountFactsReader;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Logger;
}

/**
 * Turns every comparison of a whole account into findings over time. One that could not be read as a whole becomes an
 * incomplete run, which resolves nothing.
 */
export function makeAccountComparison(deps: AccountComparisonDeps): ReconcileObserver {
  const { runs, clock, newId, log } = deps;
  return {
    async begin(account, trigger) {
      const source = accountSource(account);
      const at = clock.now();
      // Accounts are worked on by one worker at a time: whatever still counts as running was interrupted.
      const deadBefore = new Date(at.getTime() + 1);
      const runId = await runs.begin(source, { runId: newId(), trigger, at, deadBefore });
      if (runId === null) {
        log.warn({ accountId: account.accountId }, 'comparison under way already; this one is not recorded');
        return UNRECORDED;
      }
      const alive = keepAlive({
        show: (progress) => runs.progress(source, runId, progress, clock.now()),
        onError: (error) => log.warn({ err: error, accountId: account.accountId }, 'progress not shown'),
      });
      await alive.begin({ phase: 'reading the phone system' });
      return {
        progress: ({ what, done, total }) =>
          alive.tell({ phase: `reading ${what}`, done, ...(total === null ? {} : { total }) }),
        compared: (comparison) => alive.until(() => record(deps, account, runId, comparison)),
        failed: (reason) => alive.until(() => runs.abandon(source, runId, reason, clock.now())),
        postponed: () => alive.until(() => runs.withdraw(source, runId)),
      };
    },
  };
}

const done = (): Promise<void> => Promise.resolve();
const UNRECORDED: ObservedComparison = {
  progress: () => undefined,
  compared: done,
  failed: done,
  postponed: done,
};

/** The source that an account is. */
export function accountSource({ tenantId, accountId }: AccountKey): ComparisonSource {
  return { tenantId, type: 'account', id: accountId };
}

async function record(
  deps: AccountComparisonDeps,
  account: AccountKey,
  runId: string,
  comparison: WholeComparison,
): Promise<void> {
  const { findings: store, facts: reader, clock, newId } = deps;
  const facts = await reader.read(account);
  const at = clock.now();
  const { findings, baseline } = findAccountDrift({
    ...comparison,
    invitations: { validDays: comparison.limits.invitationValidDays ?? null, sentAt: facts.invitedAt },
    lastUse: facts.lastUse,
    tasks: facts.tasks,
    baseline: facts.baseline,
    now: at.getTime(),
  });
  await store.record(accountSource(account), {
    runId,
    at,
    covers: ACCOUNT_CLASSES,
    findings,
    newId,
    figures: figuresOf(comparison, facts, at),
    baseline,
  });
}

function figuresOf({ actual, links, states }: WholeComparison, facts: AccountFacts, at: Date) {
  const linked = new Set(links.map(({ providerUserId }) => providerUserId));
  const agents = actual.agents.length;
  const { seatPrice, seatCeiling, oldestMarkAt } = facts;
  return {
    agents,
    parked: links.filter(({ state }) => state === 'parked').length,
    unmanaged: actual.agents.filter(({ providerUserId }) => !linked.has(providerUserId)).length,
    people: [...states.values()].filter(({ type }) => type === 'wanted').length,
    seatCeiling,
    monthlyCost:
      seatPrice === null ? null : { amount: agents * seatPrice.amountPerMonth, currency: seatPrice.currency },
    queueAgeMs: oldestMarkAt === null ? 0 : Math.max(0, at.getTime() - oldestMarkAt.getTime()),
  };
}
