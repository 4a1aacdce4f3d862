import type { DirectorySnapshot } from '../domain/directory.js';
import {
  entitlementKey,
  listEntitlements,
  NO_ENTITLEMENTS,
  type Entitlement,
  type EntitlementSet,
} from '../domain/entitlement.js';
import type { RuleSet } from '../domain/mapping.js';
import { compileRules } from '../domain/rules/compile.js';
import { deriveSubjects } from '../domain/rules/subjects.js';

/** What other rules would mean for one person in one account. */
export interface PersonImpact {
  readonly personId: string;
  readonly name: string;
  /** `joins`: would get an agent. `leaves`: would lose it. `changes`: keeps it and holds something else. */
  readonly kind: 'joins' | 'leaves' | 'changes';
  readonly gains: readonly Entitlement[];
  readonly losses: readonly Entitlement[];
}

export interface AccountImpact {
  readonly account: string;
  readonly joins: number;
  readonly leaves: number;
  readonly changes: number;
  /** People of whom the new rules cannot tell: nothing happens to them. */
  readonly unclear: number;
  /** About how many requests to the vendor it takes. */
  readonly calls: number;
  /** Whom it concerns most: leavers first, then joiners. Not everybody. */
  readonly people: readonly PersonImpact[];
}

/** How many people of each kind are named. */
const NAMED_MAX = 20;
const KINDS = ['leaves', 'joins', 'changes'] as const;

/**
 * Compares what two rule sets want of everybody in one account. Pure: asks the directory only, not the phone system,
 * so it says what the rules change, not what else the next plan would mend.
 */
export function calculateImpact(
  account: { readonly name: string },
  snapshot: DirectorySnapshot,
  rules: { readonly before: RuleSet | null; readonly after: RuleSet },
): AccountImpact {
  const before = wantedBy(rules.before, account, snapshot);
  const after = wantedBy(rules.after, account, snapshot);
  const people = snapshot.users.flatMap((user): readonly PersonImpact[] => {
    // Of whom the new rules cannot tell, nothing follows.
    if (after.unclear.has(user.id)) return [];
    const impact = compare(before.wanted.get(user.id) ?? null, after.wanted.get(user.id) ?? null);
    return impact === null ? [] : [{ personId: user.id, name: user.displayName, ...impact }];
  });
  const byKind = Map.groupBy(people, ({ kind }) => kind);
  const count = (kind: PersonImpact['kind']): number => byKind.get(kind)?.length ?? 0;
  return {
    account: account.name,
    joins: count('joins'),
    leaves: count('leaves'),
    changes: count('changes'),
    unclear: after.unclear.size,
    calls: people.reduce((sum, person) => sum + callsFor(person), 0),
    people: KINDS.flatMap((kind) => (byKind.get(kind) ?? []).slice(0, NAMED_MAX)),
  };
}

interface Wanted {
  readonly wanted: ReadonlyMap<string, EntitlementSet>;
  readonly unclear: ReadonlySet<string>;
}

function wantedBy(
  ruleSet: RuleSet | null,
  account: { readonly name: string },
  snapshot: DirectorySnapshot,
): Wanted {
  if (ruleSet === null) return { wanted: new Map(), unclear: new Set() };
  const { subjects } = deriveSubjects(compileRules(ruleSet, account, snapshot.groups), snapshot);
  const known = new Set(subjects.map(({ subjectId }) => subjectId));
  return {
    wanted: new Map(
      subjects.flatMap((subject) =>
        subject.type === 'wanted' ? [[subject.subjectId, subject.derived.entitlements] as const] : [],
      ),
    ),
    unclear: new Set(snapshot.users.map(({ id }) => id).filter((id) => !known.has(id))),
  };
}

function compare(
  before: EntitlementSet | null,
  after: EntitlementSet | null,
): Pick<PersonImpact, 'kind' | 'gains' | 'losses'> | null {
  const gains = without(after, before);
  const losses = without(before, after);
  if (before === null && after === null) return null;
  if (before === null) return { kind: 'joins', gains, losses };
  if (after === null) return { kind: 'leaves', gains, losses };
  return gains.length + losses.length === 0 ? null : { kind: 'changes', gains, losses };
}

function without(set: EntitlementSet | null, other: EntitlementSet | null): readonly Entitlement[] {
  const others = new Set(listEntitlements(other ?? NO_ENTITLEMENTS).map(entitlementKey));
  return listEntitlements(set ?? NO_ENTITLEMENTS).filter((one) => !others.has(entitlementKey(one)));
}

/** One request for each team, and one for the agent itself where it is created or its role changes. */
function callsFor({ kind, gains, losses }: PersonImpact): number {
  const teams = [...gains, ...losses].filter(({ type }) => type === 'team').length;
  const roleChanges = [...gains, ...losses].some(({ type }) => type === 'role');
  return teams + (kind === 'joins' || roleChanges ? 1 : 0);
}
