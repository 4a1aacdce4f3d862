import type { Clock } from '../../lib/clock.js';
import type { EngineAccountStore } from '../../reconcile/ports.js';
import type { ComparisonSource } from '../ports.js';
import type { RequestedComparisons } from './requested.js';

/** Asks for a comparison as soon as a worker is free: of an account at the account, of anything else in a row of its own. */
export type AskComparison = (source: ComparisonSource) => Promise<void>;

export function makeAskComparison(deps: {
  readonly accounts: Pick<EngineAccountStore, 'requestReconcile'>;
  readonly requested: Pick<RequestedComparisons, 'ask'>;
  readonly clock: Clock;
}): AskComparison {
  return (source) => {
    if (source.type !== 'account') return deps.requested.ask(source, 'manual');
    const account = { tenantId: source.tenantId, accountId: source.id };
    return deps.accounts.requestReconcile(account, 'manual', deps.clock.now());
  };
}
