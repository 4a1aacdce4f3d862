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

/** Where rules come from that somebody wants to save: a rule file, or a version that was in force before. */
export type RulesSource = { readonly text: string } | { readonly version: number };

/** Rules that could be saved as they are. */
export interface Proposal extends RulesChecked {
  readonly tenantId: string;
  readonly source: string;
  readonly current: RuleSetVersion | null;
  /** False: the current version says the same. */
  readonly isNew: boolean;
  /** For the history, where whoever saves says nothing. */
  readonly note: string | null;
}

export interface RulesSaved {
  readonly saved: RuleSetVersion;
  readonly isNew: boolean;
  readonly notices: readonly Notice[];
}

export interface Rules {
  /** Reads the text and says what no account could hold. Stores nothing. */
  check(tenantId: string, text: string): Promise<RulesChecked>;
  /**
   * What saving would save. Stores nothing. Throws AppError `invalid` for rules that contradict what a vendor does,
   * old versions included: what they were written for may have changed. `notFound` for a version that is not there.
   */
  propose(tenantId: string, source: RulesSource): Promise<Proposal>;
  /** Saves what was proposed as the newest version; throws AppError `stale` when another was saved meanwhile. */
  accept(
    proposal: Proposal,
    by: { readonly actor: string; readonly note: string | null },
  ): Promise<RulesSaved>;
  /** Saves the text without asking what would change; throws like `propose`. */
  save(input: SaveRules): Promise<RulesSaved>;
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
  const propose = async (tenantId: string, from: RulesSource): Promise<Proposal> => {
    const { ruleSet, source, note } = await read(deps, tenantId, from);
    const notices = await deps.check(tenantId, ruleSet);
    refuse(notices);
    const current = await deps.store.current(tenantId);
    const isNew = current === null || !sameRules(current.ruleSet, ruleSet);
    return { tenantId, ruleSet, source, notices, current, isNew, note };
  };
  return {
    check,
    propose,
    accept: (proposal, by) => accept(deps, proposal, by),
    async save({ tenantId, text, note, actor }) {
      return accept(deps, await propose(tenantId, { text }), { actor, note });
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

async function read(
  deps: RulesDeps,
  tenantId: string,
  from: RulesSource,
): Promise<{ ruleSet: RuleSet; source: string; note: string | null }> {
  if ('text' in from) return { ruleSet: deps.parse(from.text), source: from.text, note: null };
  const { ruleSet, source, version } = await get(deps, tenantId, from.version);
  return { ruleSet, source, note: `back to version ${version}` };
}

async function accept(
  deps: RulesDeps,
  { tenantId, ruleSet, source, notices, current, isNew, note: ownNote }: Proposal,
  { actor, note: said }: { readonly actor: string; readonly note: string | null },
): Promise<RulesSaved> {
  if (current !== null && !isNew) return { saved: current, isNew, notices };
  const after = current?.version ?? 0;
  const note = said ?? ownNote;
  const saved = await deps.store.append(
    tenantId,
    after,
    { ruleSet, source, note },
    {
      at: deps.now(),
      actor,
      action: 'rules.saved',
      targetType: 'rules',
      targetId: String(after + 1),
      data: { rules: ruleSet.rules.length, note },
    },
  );
  return { saved, isNew: true, notices };
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
