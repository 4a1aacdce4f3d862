import { makeMetrics, type GaugeReading, type Metrics } from '../http/metrics.js';
import { readAccountFigures, type AccountFigures } from '../store/metrics.js';
import type { Services } from './services.js';

/** Gauges of an account: name without its prefix, what it says, and the figure. */
const GAUGES: readonly (readonly [string, string, (figures: AccountFigures) => number | null])[] = [
  [
    'paused',
    '1 while the account is paused and no call is made to the vendor',
    (one) => Number(one.isPaused),
  ],
  ['agents', 'Linked agents, parked ones included', (one) => one.agents],
  ['parked', 'People parked and waiting for their deletion', (one) => one.parked],
  ['queue_waiting', 'People whose change has not reached the phone system', (one) => one.waiting],
  ['queue_oldest_seconds', 'Age of the oldest of these changes', (one) => one.oldestWaitSeconds ?? 0],
  ['queue_failing', 'People whose last try failed', (one) => one.failing],
  ['held_plans', 'Plans that wait for an approval', (one) => one.heldPlans],
  ['held_deletions', 'Deletions that a guard stopped', (one) => one.heldDeletions],
  ['open_tasks', 'Tasks for a person', (one) => one.openTasks],
  [
    'reconcile_age_seconds',
    'Since the last complete reconciliation; absent when there was none',
    (one) => one.reconcileAgeSeconds,
  ],
];
const LABELS = ['tenant', 'account', 'provider'] as const;

export function buildMetrics({ database, clock, config }: Services): Metrics {
  return makeMetrics({
    token: config.metricsToken ?? null,
    async readGauges() {
      const accounts = await readAccountFigures(database, clock.now());
      return GAUGES.map(([name, help, figureOf]) => toGauge(name, help, accounts, figureOf));
    },
  });
}

function toGauge(
  name: string,
  help: string,
  accounts: readonly AccountFigures[],
  figureOf: (figures: AccountFigures) => number | null,
): GaugeReading {
  const values = accounts.flatMap((one) => {
    const value = figureOf(one);
    const { tenant, account, provider } = one;
    return value === null ? [] : [{ labels: { tenant, account, provider }, value }];
  });
  return { name: `patchbay_account_${name}`, help, labels: LABELS, values };
}
