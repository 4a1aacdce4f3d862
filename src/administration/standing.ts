import type { DirectoryGroup } from '../domain/directory.js';
import {
  entitlementKey,
  listEntitlements,
  type Entitlement,
  type EntitlementSet,
} from '../domain/entitlement.js';
import type { Reason, RuleSet } from '../domain/mapping.js';
import { compileRules } from '../domain/rules/compile.js';
import { deriveSubjects } from '../domain/rules/subjects.js';
import type { SubjectState } from '../domain/state.js';
import type { PersonInAccount, PersonRecord } from './people.js';

/**
 * Whether the person holds something: `yes` and `no` as last read, `written` where the vendor does not show it and
 * it is what we last wrote, `unknown` where nobody can tell.
 */
export type Holding = 'yes' | 'no' | 'written' | 'unknown';

export interface StandingRow {
  readonly entitlement: Entitlement;
  readonly isWanted: boolean;
  /** Which rules want it, and why they matched. Empty when nothing wants it. */
  readonly reasons: readonly Reason[];
  readonly held: Holding;
}

/** One person in one account: what the rules want beside what the phone system shows. */
export interface Standing extends PersonInAccount {
  /** null: no rules are saved yet. `unclear`: it hinges on a group that the directory does not show clearly. */
  readonly decision:
    | { readonly type: 'wanted'; readonly isDefaultRole: boolean }
    | { readonly type: 'leaver'; readonly fact: Extract<SubjectState, { type: 'leaver' }>['fact'] }
    | { readonly type: 'unclear' }
    | null;
  readonly rows: readonly StandingRow[];
  readonly notices: readonly string[];
}

/** Asks the rules about one person, for every account. `groups` must be every group of the tenant. */
export function deriveStandings(
  person: PersonRecord,
  ruleSet: RuleSet | null,
  groups: readonly DirectoryGroup[],
): readonly Standing[] {
  return person.accounts.map((inAccount) => {
    if (ruleSet === null)
      return { ...inAccount, decision: null, rows: compare(null, inAccount), notices: [] };
    const compiled = compileRules(ruleSet, { name: inAccount.account }, groups);
    const users = [person.user];
    const snapshot = { tenantId: '', version: 0, scope: 'subjects' as const, users, groups };
    const { subjects, notices } = deriveSubjects(compiled, snapshot);
    const [subject] = subjects;
    const own = notices.filter(({ subjectId }) => subjectId === person.user.id);
    return {
      ...inAccount,
      decision: decisionOf(subject),
      rows: compare(subject ?? null, inAccount),
      notices: own.map(({ message }) => message),
    };
  });
}

function decisionOf(subject: SubjectState | undefined): Standing['decision'] {
  if (subject === undefined) return { type: 'unclear' };
  if (subject.type === 'leaver') return { type: 'leaver', fact: subject.fact };
  return { type: 'wanted', isDefaultRole: subject.derived.roleIsDefault };
}

function compare(subject: SubjectState | null, { agent, link }: PersonInAccount): readonly StandingRow[] {
  const derived = subject?.type === 'wanted' ? subject.derived : null;
  const wanted = derived === null ? [] : listEntitlements(derived.entitlements);
  const reasons = new Map(
    (derived?.reasons ?? []).map((one) => [entitlementKey(one.entitlement), one.reasons] as const),
  );
  const wantedKeys = new Set(wanted.map(entitlementKey));
  const held = agent === null ? [] : listEntitlements(shown(agent));
  const extra = held.filter((one) => !wantedKeys.has(entitlementKey(one)));
  const rows = [
    ...wanted.map((entitlement) => ({ entitlement, isWanted: true })),
    ...extra.map((entitlement) => ({ entitlement, isWanted: false })),
  ];
  return rows.map((row) => ({
    ...row,
    reasons: reasons.get(entitlementKey(row.entitlement)) ?? [],
    held: holdingOf(row.entitlement, agent, link),
  }));
}

function shown(agent: NonNullable<PersonInAccount['agent']>): EntitlementSet {
  return { role: agent.role, owner: agent.owner === true, teams: agent.teams, numbers: agent.numbers ?? [] };
}

function holdingOf(
  entitlement: Entitlement,
  agent: PersonInAccount['agent'],
  link: PersonInAccount['link'],
): Holding {
  const key = entitlementKey(entitlement);
  if (agent !== null && isReadable(entitlement, agent)) {
    return listEntitlements(shown(agent)).some((one) => entitlementKey(one) === key) ? 'yes' : 'no';
  }
  const written = link?.state === 'active' ? (link.lastWritten?.entitlements ?? null) : null;
  if (written !== null && listEntitlements(written).some((one) => entitlementKey(one) === key))
    return 'written';
  return agent === null && link === null ? 'no' : 'unknown';
}

function isReadable(entitlement: Entitlement, agent: NonNullable<PersonInAccount['agent']>): boolean {
  switch (entitlement.type) {
    case 'role':
      return agent.role !== null;
    case 'owner':
      return agent.owner !== null;
    case 'number':
      return agent.numbers !== null;
    case 'team':
      return true;
  }
}
