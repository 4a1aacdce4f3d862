import { teamKey } from '../entitlement.js';
import type { AgentFields, Change, DriftItem, Plan, UpdateChange } from '../plan.js';
import { classOfDrift, isFixOf, keyOfDrift } from './drifted.js';
import { NO_TEAM } from './teams.js';
import { mayFix, type FindingRule } from './policy.js';

/**
 * The plan without what would undo drift that is only to be reported, asked about, or accepted as it is. Removals
 * that a leaver needs stay, whatever the rule says.
 */
export function leaveFindings(plan: Plan, rule: FindingRule): Plan {
  const left = leftDrift(plan, rule);
  const teams = leftTeams(left);
  const bySubject = Map.groupBy(left, ({ subjectId }) => subjectId);
  const without = peopleWithout(plan, rule, bySubject);
  const changes = plan.changes.flatMap((change): readonly Change[] => {
    if (change.urgent) return [change];
    if (isForTeam(change, teams)) return [];
    if (change.action === 'create-team') return [change];
    if (without.has(change.subjectId)) return [];
    const items = bySubject.get(change.subjectId);
    return items === undefined ? [change] : trim(change, items);
  });
  return { ...plan, changes };
}

interface LeftItem {
  readonly subjectId: string;
  readonly item: DriftItem;
  /** Key of a team that is gone at the vendor. */
  readonly goneTeam: string | null;
}

function leftDrift({ drift, changes }: Plan, rule: FindingRule): readonly LeftItem[] {
  const created = new Set(
    changes.flatMap((change) => (change.action === 'create-team' ? [teamKey(change.team)] : [])),
  );
  return drift.flatMap((item): readonly LeftItem[] => {
    const { subjectId, code, entitlement } = item;
    const team = code === 'team-removed' && entitlement?.type === 'team' ? teamKey(entitlement.team) : null;
    const goneTeam = team !== null && created.has(team) ? team : null;
    const isFixed =
      goneTeam === null
        ? mayFix(rule, classOfDrift(code), { key: keyOfDrift(item), found: item.found })
        : mayFix(rule, 'team-missing', { key: `team-missing:${goneTeam}`, found: NO_TEAM });
    return isFixed ? [] : [{ subjectId, item, goneTeam }];
  });
}

function leftTeams(left: readonly LeftItem[]): ReadonlySet<string> {
  return new Set(left.flatMap(({ goneTeam }) => (goneTeam === null ? [] : [goneTeam])));
}

/** People who get no agent by this plan: nothing else can be done for them either. */
function peopleWithout(
  { changes }: Plan,
  rule: FindingRule,
  left: ReadonlyMap<string, readonly LeftItem[]>,
): ReadonlySet<string> {
  return new Set(
    changes.flatMap((change) => {
      if (change.action !== 'create' && change.action !== 'adopt') return [];
      const isMissing =
        left.get(change.subjectId)?.some(({ item }) => item.code === 'agent-missing') === true;
      const isLeft =
        change.action === 'adopt' &&
        !mayFix(rule, 'unmanaged-agent', {
          key: `unmanaged-agent:${change.providerUserId}`,
          found: change.found.name,
        });
      return isMissing || isLeft ? [change.subjectId] : [];
    }),
  );
}

/** A team that is not made anew can be joined by nobody. */
function isForTeam(change: Change, teams: ReadonlySet<string>): boolean {
  if (change.action === 'create-team') return teams.has(teamKey(change.team));
  if (change.action !== 'grant' || change.entitlement.type !== 'team') return false;
  return teams.has(teamKey(change.entitlement.team));
}

/** An update writes several fields at once: only those that are left alone go. */
function trim(change: Change, items: readonly LeftItem[]): readonly Change[] {
  const undone = items.filter(({ item }) => isFixOf(change, item));
  if (undone.length === 0) return [change];
  if (change.action !== 'update') return [];
  return trimUpdate(change, new Set(undone.flatMap(({ item }) => fieldsOf(item))));
}

/** Names of fields; a setting counts as one, by its own name behind a dot. */
function fieldsOf({ code, setting }: DriftItem): readonly string[] {
  if (setting !== undefined) return [`settings.${setting.name}`];
  if (code === 'name') return ['givenName', 'familyName'];
  return code === 'email' || code === 'role' ? [code] : [];
}

function trimUpdate(change: UpdateChange, fields: ReadonlySet<string>): readonly Change[] {
  const pick = ({ settings, ...all }: AgentFields): AgentFields => {
    const kept = without(settings ?? {}, (name) => fields.has(`settings.${name}`));
    const rest = without(all, (name) => fields.has(name));
    return Object.keys(kept).length === 0 ? rest : { ...rest, settings: kept };
  };
  const after = pick(change.after);
  const names = Object.keys(after).toSorted();
  if (names.length === 0) return [];
  const key = `update:${change.subjectId}:${names.join('+')}`;
  return [{ ...change, key, before: pick(change.before), after }];
}

function without<Value extends object>(all: Value, isLeft: (name: string) => boolean): Value {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !isLeft(name))) as Value;
}
