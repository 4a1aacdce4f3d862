import type { Capabilities } from '../domain/capabilities.js';
import type { DirectoryGroup } from '../domain/directory.js';
import {
  entitlementKey,
  listEntitlements,
  teamKey,
  type Entitlement,
  type EntitlementSet,
} from '../domain/entitlement.js';
import type { DerivedEntitlements, Reason, RuleSet } from '../domain/mapping.js';
import { heldRole } from '../domain/planning/role.js';
import { wantedTeams } from '../domain/planning/wish.js';
import { compileRules } from '../domain/rules/compile.js';
import { deriveSubjects } from '../domain/rules/subjects.js';
import type { SubjectState } from '../domain/state.js';
import { holdingOf, shownBy, type Holding } from './holding.js';
import type { PersonInAccount, PersonRecord } from './people.js';

export type { Holding } from './holding.js';

export interface StandingRow {
  readonly entitlement: Entitlement;
  readonly isWanted: boolean;
  /** Which rules want it, and why they matched. Empty when nothing wants it. */
  readonly reasons: readonly Reason[];
  readonly held: Holding;
  /** At this vendor such access comes with teams, so that it may be held although no rule names it. */
  readonly isThroughTeams: boolean;
}

/** One person in one account: what the rules want beside what the phone system shows. */
export interface Standing extends PersonInAccount {
  readonly capabilities: Capabilities;
  /** null: no rules are saved yet. `unclear`: it hinges on a group that the directory does not show clearly. */
  readonly decision:
    | { readonly type: 'wanted'; readonly isDefaultRole: boolean }
    | { readonly type: 'leaver'; readonly fact: Extract<SubjectState, { type: 'leaver' }>['fact'] }
    | { readonly type: 'unclear' }
    | null;
  readonly rows: readonly StandingRow[];
  readonly notices: readonly string[];
}

/** What an account's vendor can do, by its settings. */
export type CapabilitiesOf = (account: Pick<PersonInAccount, 'provider' | 'config'>) => Capabilities;

/** Asks the rules about one person, for every account. `groups` must be every group of the tenant. */
export function deriveStandings(
  person: PersonRecord,
  ruleSet: RuleSet | null,
  groups: readonly DirectoryGroup[],
  capabilitiesOf: CapabilitiesOf,
): readonly Standing[] {
  return person.accounts.map((inAccount) => {
    const capabilities = capabilitiesOf(inAccount);
    const known = { ...inAccount, capabilities };
    if (ruleSet === null) return { ...known, decision: null, rows: compare(null, known), notices: [] };
    const compiled = compileRules(ruleSet, { name: inAccount.account }, groups);
    const users = [person.user];
    const snapshot = { tenantId: '', version: 0, scope: 'subjects' as const, users, groups };
    const { subjects, notices } = deriveSubjects(
      compiled,
      snapshot,
      new Map([[person.user.id, inAccount.takeovers]]),
    );
    const [subject] = subjects;
    const derived = subject?.type === 'wanted' ? subject.derived : null;
    const own = notices.filter(({ subjectId }) => subjectId === person.user.id);
    return {
      ...known,
      decision: decisionOf(subject),
      rows: compare(derived, known),
      notices: [...own.map(({ message }) => message), ...loweredRole(derived, capabilities)],
    };
  });
}

function decisionOf(subject: SubjectState | undefined): Standing['decision'] {
  if (subject === undefined) return { type: 'unclear' };
  if (subject.type === 'leaver') return { type: 'leaver', fact: subject.fact };
  return { type: 'wanted', isDefaultRole: subject.derived.roleIsDefault };
}

type Known = PersonInAccount & Pick<Standing, 'capabilities'>;

function compare(derived: DerivedEntitlements | null, known: Known): readonly StandingRow[] {
  const wanted = derived === null ? [] : listEntitlements(asHeldThere(derived, known));
  const reasons = reasonsByKey(derived, known);
  const wantedKeys = new Set(wanted.map(entitlementKey));
  const extra = shownBy(known).filter((one) => !wantedKeys.has(entitlementKey(one)));
  const rows = [
    ...wanted.map((entitlement) => ({ entitlement, isWanted: true })),
    ...extra.map((entitlement) => ({ entitlement, isWanted: false })),
  ];
  return rows.map((row) => ({
    ...row,
    reasons: reasons.get(entitlementKey(row.entitlement)) ?? [],
    held: holdingOf(row.entitlement, known),
    isThroughTeams: isThroughTeams(row.entitlement, known),
  }));
}

/** With the role that stands for the wanted one at this vendor, and the teams through which numbers are reached. */
function asHeldThere(derived: DerivedEntitlements, { capabilities }: Known): EntitlementSet {
  const { entitlements } = derived;
  const named = new Set(entitlements.teams.map(teamKey));
  const ways = [...wantedTeams(derived, capabilities)].filter(([key]) => !named.has(key));
  return {
    ...entitlements,
    role: heldRole(entitlements.role, capabilities),
    teams: [...entitlements.teams, ...ways.map(([, team]) => team)],
  };
}

function reasonsByKey(
  derived: DerivedEntitlements | null,
  { capabilities }: Known,
): ReadonlyMap<string, readonly Reason[]> {
  const found = new Map<string, readonly Reason[]>();
  for (const { entitlement, reasons } of derived?.reasons ?? []) {
    const key = entitlementKey(entitlement);
    const way = derived?.viaTeam[key];
    const wayKey = way === undefined ? key : entitlementKey({ type: 'team', team: way });
    if (!found.has(wayKey)) found.set(wayKey, reasons);
    if (entitlement.type !== 'role') found.set(key, reasons);
    else found.set(entitlementKey({ type: 'role', role: heldRole(entitlement.role, capabilities) }), reasons);
  }
  return found;
}

function loweredRole(derived: DerivedEntitlements | null, capabilities: Capabilities): readonly string[] {
  const wanted = derived?.entitlements.role ?? null;
  const held = heldRole(wanted, capabilities);
  if (wanted === held) return [];
  return [
    `The rules want the role ${wanted ?? ''}, which this phone system does not know: ${held ?? ''} stands for it.`,
  ];
}

function isThroughTeams(entitlement: Entitlement, { capabilities: { numberAccess } }: Known): boolean {
  return entitlement.type === 'number' && numberAccess[entitlement.kind] === 'via-team';
}
