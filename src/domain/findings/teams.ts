import { teamKey } from '../entitlement.js';
import type { DriftItem } from '../plan.js';
import type { Finding } from './finding.js';
import { makeFinding, type Survey } from './survey.js';

/** What is found where a team was. */
export const NO_TEAM = 'no such team';

/** Memberships that went with the team they were in, and the items that are left. */
export interface SortedDrift {
  readonly rest: readonly DriftItem[];
  /** By key of a team that is there and empty: what its people lost. */
  readonly emptied: ReadonlyMap<string, readonly DriftItem[]>;
}

/**
 * A team that is gone takes its whole membership with it: one finding, not one for everybody who was in it. What was
 * lost in a team that is there but empty is set aside, for whoever knows what the team was for.
 */
export function findTeams(survey: Survey): SortedDrift {
  const { input, membersByTeam } = survey;
  const present = new Set(input.actual.teams.map(({ name }) => teamKey(name)));
  const rest: DriftItem[] = [];
  const emptied = new Map<string, DriftItem[]>();
  const gone = new Map<string, DriftItem[]>();
  for (const item of input.plan.drift) {
    const lost = item.code === 'team-removed' && item.entitlement?.type === 'team' ? item.entitlement : null;
    const key = lost === null ? '' : teamKey(lost.team);
    if (lost === null || membersByTeam.has(key)) rest.push(item);
    else collect(present.has(key) ? emptied : gone, key, item);
  }
  const fixes = gone.size === 0 ? null : creationsByTeam(survey);
  for (const [key, items] of gone) {
    survey.findings.push(describeGone(survey, key, items, fixes?.get(key) ?? []));
  }
  return { rest, emptied };
}

function creationsByTeam({ input }: Survey): ReadonlyMap<string, readonly string[]> {
  return new Map(
    input.plan.changes.flatMap((change) =>
      change.action === 'create-team' ? [[teamKey(change.team), [change.key]] as const] : [],
    ),
  );
}

function collect(groups: Map<string, DriftItem[]>, key: string, item: DriftItem): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, [item]);
  else known.push(item);
}

function describeGone(
  survey: Survey,
  key: string,
  items: readonly DriftItem[],
  fixedBy: readonly string[],
): Finding {
  const [first] = items;
  const name = first?.entitlement?.type === 'team' ? first.entitlement.team : key;
  return makeFinding('team-missing', key, {
    severity: 'critical',
    about: name,
    title: `The team “${name}” is gone`,
    meaning: `It was deleted or renamed at the phone system. ${peopleWere(items.length)} in it, and numbers that rang it do not ring them any more.`,
    advice:
      fixedBy.length === 0
        ? 'Create the team again under this name, or change the rules that name it.'
        : 'The plan makes the team and its members anew. Set it as “Ring to” of its numbers again: no API can.',
    expected: `${items.length} ${items.length === 1 ? 'member' : 'members'}`,
    found: NO_TEAM,
    facts: [{ name: 'People', value: namesOf(survey, items) }],
    fixedBy,
  });
}

const NAMED_MAX = 20;

function peopleWere(count: number): string {
  return count === 1 ? 'One person was' : `${count} people were`;
}

/** The first people by name, and how many more. */
export function namesOf({ linkBySubject }: Survey, items: readonly DriftItem[]): string {
  const names = items.map(({ subjectId }) => linkBySubject.get(subjectId)?.email ?? subjectId).toSorted();
  const shown = names.slice(0, NAMED_MAX).join(', ');
  return names.length > NAMED_MAX ? `${shown} and ${names.length - NAMED_MAX} more` : shown;
}
