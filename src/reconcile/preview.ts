import { AppError } from '../domain/errors.js';
import type { Plan } from '../domain/plan.js';
import type { Verdict } from '../domain/safety.js';
import type { AccountKey } from './account.js';
import { makeJudge } from './planning/judge.js';
import { planPeople, type Planned } from './planning/planner.js';
import { makeAccountReader } from './planning/reading.js';
import type { RuleSetReader, VendorOpener } from './ports.js';
import type { EngineDeps } from './run.js';

export interface PreviewDeps extends EngineDeps {
  readonly vendors: VendorOpener;
}

/** How long a preview may wait for its share of the vendor's request budget. */
const PATIENCE_MS = 10 * 60_000;

export type Preview = (
  account: AccountKey,
  subjectIds: 'all' | readonly string[],
) => Promise<{ readonly plan: Plan; readonly verdict: Verdict }>;

/** Plans of one account by these rules and by those, all from one reading of its phone system. null: no rules. */
export type PreviewRules = (
  rules: RuleSetReader,
  subjectIds: 'all' | readonly string[],
) => Promise<Planned | null>;

/**
 * Shows what would change, due deletions included. Reads the vendor, writes nothing: neither there nor here.
 * Throws AppError `notFound` for an unknown account, `invalid` where the tenant has no rules yet.
 */
export function makePreview(deps: PreviewDeps): Preview {
  return async (key, subjectIds) => {
    const preview = await openPreview(deps, key);
    const planned = await preview(deps.rules, subjectIds);
    if (planned !== null) return { plan: planned.plan, verdict: planned.verdict };
    throw new AppError(
      'invalid',
      'This tenant has no rules yet, so nobody is wanted in any account. Save a rule file first: patchbay rules import',
    );
  };
}

/** The same for several sets of rules. Throws AppError `notFound` for an unknown account. */
export async function openPreview(deps: PreviewDeps, key: AccountKey): Promise<PreviewRules> {
  const account = await deps.accounts.load(key);
  if (account === null) throw new AppError('notFound', 'There is no such account.');
  const endsAt = deps.clock.now().getTime() + PATIENCE_MS;
  const vendor = await deps.vendors.open(key, {
    sliceEndsAt: () => endsAt,
    assertMayCall: () => undefined,
  });
  const unwritten = () => Promise.resolve();
  const readings = { ...deps.readings, save: unwritten, drop: unwritten };
  const reader = makeAccountReader({ account: key, vendor, readings });
  let readingAgeMaxMs = 0;
  return async (rules, subjectIds) => {
    const judge = makeJudge({ ...deps, rules, account });
    const planned = await planPeople(
      { ...deps, rules, account, vendor, reader, judge },
      { subjectIds, trigger: 'manual', readingAgeMaxMs, includes: () => true },
    );
    if (planned !== null) readingAgeMaxMs = 2 * PATIENCE_MS;
    return planned;
  };
}
