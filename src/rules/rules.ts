import { AppError } from '../domain/errors.js';
import type { RuleSet } from '../domain/mapping.js';
import type { Notice } from '../domain/plan.js';
import { canonicalJson } from '../lib/canonical-json.js';
import type { AuditEntry } from '../tenancy/ports.js';

/** A saved version of a tenant's mapping rules. Versions are never changed, only followed by others. */
export interface RuleSetVersion {
  readonly version: number;
  readonly ruleSet: RuleSet;
  /** The text as it was imported, comments included. */
  readonly source: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly note: string | null;
}

export interface RuleSetStore {
  /** Newest first. */
  list(tenantId: string): Promise<readonly RuleSetVersion[]>;
  find(tenantId: string, version: number): Promise<RuleSetVersion | null>;
  current(tenantId: string): Promise<RuleSetVersion | null>;
  /**
   * Saves the next version and asks every account for a reconciliation, in one transaction. Throws AppError `stale`
   * unless the current version is `after` (0: none yet).
   */
  append(tenantId: string, after: number, next: NewRuleSet, audit: AuditEntry): Promise<RuleSetVersion>;
}

export interface NewRuleSet {
  readonly ruleSet: RuleSet;
  readonly source: string;
  readonly note: string | null;
}

export interface RulesDeps {
  readonly store: RuleSetStore;
  /** Text of a rule file to rules. Throws AppError `invalid` with every problem, its line and its remedy. */
  readonly parse: (text: string) => RuleSet;
  /** What the tenant's accounts cannot hold of these rules. */
  readonly check: (tenantId: string, ruleSet: RuleSet) => Promise<readonly Notice[]>;
  readonly now: () => Date;
}

export interface RulesChecked {
  readonly ruleSet: RuleSet;
  readonly notices: readonly Notice[];
}

export interface Rules {
  /** Reads the text and says what no account could hold. Stores nothing. */
  check(tenantId: string, text: string): Promise<RulesChecked>;
  /**
   * Saves the text as the newest version; throws AppError `invalid` for rules that contradict what a vendor does. Answers the current version unchanged when the rules are the same.
   */
  save(input: SaveRules): Promise<{
    readonly saved: RuleSetVersion;
    readonly isNew: boolean;
    readonly notices: readonly Notice[];
  }>;
  /** Makes an older version the newest one again. */
  rollBack(input: { tenantId: string; version: number; actor: string }): Promise<RuleSetVersion>;
  list(tenantId: string): Promise<readonly RuleSetVersion[]>;
  /** Throws AppError `notFound`. Without a version: the current one. */
  get(tenantId: string, version?: number): Promise<RuleSetVersion>;
}

export interface SaveRules {
  readonly tenantId: string;
  readonly text: string;
  readonly note: string | null;
  readonly actor: string;
}

/** A tenant's mapping rules as versions. */
export function makeRules(deps: RulesDeps): Rules {
  const check = async (tenantId: string, text: string): Promise<RulesChecked> => {
    const ruleSet = deps.parse(text);
    return { ruleSet, notices: await deps.check(tenantId, ruleSet) };
  };
  return {
    check,
    async save({ tenantId, text, note, actor }) {
      const { ruleSet, notices } = await check(tenantId, text);
      refuse(notices);
      const current = await deps.store.current(tenantId);
      if (current !== null && sameRules(current.ruleSet, ruleSet))
        return { saved: current, isNew: false, notices };
      const saved = await append(
        deps,
        tenantId,
        current?.version ?? 0,
        { ruleSet, source: text, note },
        actor,
      );
      return { saved, isNew: true, notices };
    },
    async rollBack({ tenantId, version, actor }) {
      const [older, current] = await Promise.all([get(deps, tenantId, version), get(deps, tenantId)]);
      const next = { ruleSet: older.ruleSet, source: older.source, note: `back to version ${version}` };
      return append(deps, tenantId, current.version, next, actor);
    },
    list: (tenantId) => deps.store.list(tenantId),
    get: (tenantId, version) => get(deps, tenantId, version),
  };
}

/** What no account could hold as it is written is said before it is saved, and not afterwards by a task that traps. */
function refuse(notices: readonly Notice[]): void {
  const refused = notices.filter(({ code }) => code === 'outbound-refused');
  if (refused.length === 0) return;
  const reasons = [...new Set(refused.map(({ message }) => `  ${message}`))];
  throw new AppError('invalid', `The rules cannot be used, nothing was saved:\n${reasons.join('\n')}`);
}

function append(
  deps: RulesDeps,
  tenantId: string,
  after: number,
  next: NewRuleSet,
  actor: string,
): Promise<RuleSetVersion> {
  return deps.store.append(tenantId, after, next, {
    at: deps.now(),
    actor,
    action: 'rules.saved',
    targetType: 'rules',
    targetId: String(after + 1),
    data: { rules: next.ruleSet.rules.length, note: next.note },
  });
}

async function get(deps: RulesDeps, tenantId: string, version?: number): Promise<RuleSetVersion> {
  const found =
    version === undefined ? await deps.store.current(tenantId) : await deps.store.find(tenantId, version);
  if (found !== null) return found;
  throw new AppError(
    'notFound',
    version === undefined
      ? 'This tenant has no mapping rules yet, so nobody gets an agent. Start from config/rules.example.yaml: patchbay rules import <file>'
      : `There is no version ${version} of the rules. List them with: patchbay rules history`,
  );
}

/** The version number is the row's, not part of what the rules say. */
function sameRules(a: RuleSet, b: RuleSet): boolean {
  return canonicalJson({ ...a, version: 0 }) === canonicalJson({ ...b, version: 0 });
}
