import type { RuleSet } from '../domain/mapping.js';
import { AppError } from '../domain/errors.js';
import type { PeopleView, PersonRecord, TimelineEntry } from './people.js';
import { deriveStandings, type CapabilitiesOf, type Standing } from './standing.js';

export interface PersonPage {
  readonly person: PersonRecord;
  readonly standings: readonly Standing[];
  readonly timeline: readonly TimelineEntry[];
}

const TIMELINE_LENGTH = 60;

/** Everything about one person: what is stored, what the rules say today, and what happened. */
export function makePersonReader(deps: {
  readonly people: PeopleView;
  readonly currentRules: (tenantId: string) => Promise<RuleSet | null>;
  readonly capabilitiesOf: CapabilitiesOf;
}): (tenantId: string, personId: string) => Promise<PersonPage> {
  return async (tenantId, personId) => {
    const [person, ruleSet, groups, timeline] = await Promise.all([
      deps.people.find(tenantId, personId),
      deps.currentRules(tenantId),
      deps.people.groupNames(tenantId),
      deps.people.timeline(tenantId, personId, TIMELINE_LENGTH),
    ]);
    if (person === null) throw new AppError('notFound', 'The directory holds no such person.');
    const standings = deriveStandings(person, ruleSet, groups, deps.capabilitiesOf);
    return { person, standings, timeline };
  };
}
