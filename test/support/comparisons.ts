import type { ReconcileObserver } from '../../src/reconcile/observing/ports.js';
import { makeAccountComparison } from '../../src/report/comparisons/account.js';
import { makeFindingRules, makeFindings, type Findings, type Fixer } from '../../src/report/findings.js';
import type { FindingStore, RunStore, StoredFinding } from '../../src/report/ports.js';
import { makeAccountFactsReader } from '../../src/store/report/account-facts.js';
import { makeFindingStore } from '../../src/store/report/findings.js';
import { makePolicyStore } from '../../src/store/report/policies.js';
import { makeRunStore } from '../../src/store/report/runs.js';
import { openEngine, type EngineFixture, type EngineOptions } from './engine.js';

export interface ComparisonFixture {
  readonly engine: EngineFixture;
  readonly findings: Findings;
  readonly store: FindingStore;
  readonly runs: RunStore;
  readonly comparison: ReconcileObserver;
  /** Reconciles the whole account, until nothing is left to do. */
  reconcile(): Promise<void>;
  /** Keys of the account's findings in this state, sorted. */
  keys(state?: 'open' | 'ignored' | 'accepted' | 'resolved'): Promise<readonly string[]>;
  byKey(key: string): Promise<StoredFinding>;
}

/** The engine, opened by `open`, with its comparisons turned into findings. */
export async function openComparisons(
  options: EngineOptions = {},
  open: (options: EngineOptions) => Promise<EngineFixture> = openEngine,
): Promise<ComparisonFixture> {
  const late: {
    parts?: Pick<ComparisonFixture, 'comparison'> & { rules: ReturnType<typeof makeFindingRules> };
  } = {};
  const parts = () => {
    if (late.parts === undefined) throw new Error('Asked before it was open.');
    return late.parts;
  };
  const engine = await open({
    ...options,
    overrides: (deps) => ({
      ...options.overrides?.(deps),
      observer: { begin: (account, trigger) => parts().comparison.begin(account, trigger) },
      findingRules: { read: (account) => parts().rules.read(account) },
    }),
  });
  const { database, clock, newId } = engine.directory;
  const { log, marks } = engine.deps;
  const store = makeFindingStore(database);
  const policies = makePolicyStore(database);
  const runs = makeRunStore(database);
  const facts = makeAccountFactsReader(database);
  const comparison = makeAccountComparison({ runs, findings: store, facts, clock, newId, log });
  late.parts = { comparison, rules: makeFindingRules({ findings: store, policies }) };
  const fixer: Fixer = {
    async replan(account, subjectIds) {
      if (subjectIds.length === 0) return engine.requestReconcile();
      await marks.mark(account, subjectIds, { reason: 'finding', at: clock.now() });
    },
    deactivate: (_, subjectId) => engine.setActive(subjectId, false),
  };
  const findings = makeFindings({ findings: store, policies, fixer, clock });
  const source = {
    tenantId: engine.account.tenantId,
    type: 'account' as const,
    id: engine.account.accountId,
  };
  const list = (state?: 'open' | 'ignored' | 'accepted' | 'resolved') =>
    findings.list(source.tenantId, { source, limit: 1000, ...(state !== undefined && { state }) });
  return {
    engine,
    findings,
    store,
    runs,
    comparison,
    async reconcile() {
      await engine.requestReconcile();
      await engine.settle();
    },
    async keys(state = 'open') {
      return (await list(state)).map(({ finding }) => finding.key).toSorted();
    },
    async byKey(key) {
      const found = (await list()).find(({ finding }) => finding.key === key);
      if (found === undefined) throw new Error(`There is no finding ${key}.`);
      return found;
    },
  };
}
