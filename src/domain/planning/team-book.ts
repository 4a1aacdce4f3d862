import { teamKey } from '../entitlement.js';
import { hasEmoji } from '../person-name.js';
import type { PlanInput } from './input.js';
import { spellTeams } from './team-spelling.js';
import { wantedTeams } from './wish.js';

/** A team as the plan may use it. `name` is the spelling to be written. */
export interface TeamEntry {
  readonly key: string;
  readonly name: string;
  readonly state: 'exists' | 'creatable' | 'manual' | 'refused';
  /** Why the vendor would refuse the name; empty unless `refused`. */
  readonly problem: string;
}

/** All teams that exist or are wanted; the vendor tells them apart without regard to case. */
export interface TeamBook {
  entry(name: string): TeamEntry;
  /** Whether rules speak of the team, by name, by template or by the account's prefix. */
  isManaged(key: string): boolean;
}

export function makeTeamBook(input: PlanInput): TeamBook {
  const existing = spellTeams(input.actual.teams.map(({ name }) => name));
  const wanted = spellTeams(wantedNames(input));
  const entries = new Map<string, TeamEntry>();
  const prefix = input.teamPrefix === null ? null : teamKey(input.teamPrefix);
  return {
    entry: (name) => {
      const key = teamKey(name);
      const known = entries.get(key);
      if (known !== undefined) return known;
      const spelling = existing.get(key);
      const entry: TeamEntry =
        spelling === undefined
          ? missingTeam(key, wanted.get(key) ?? name, input)
          : { key, name: spelling, state: 'exists', problem: '' };
      entries.set(key, entry);
      return entry;
    },
    isManaged: (key) =>
      input.managed.teams.has(key) || wanted.has(key) || (prefix !== null && key.startsWith(prefix)),
  };
}

function* wantedNames({ subjects, capabilities }: PlanInput): Iterable<string> {
  for (const subject of subjects) {
    if (subject.type === 'wanted') yield* wantedTeams(subject.derived, capabilities).values();
  }
}

function missingTeam(key: string, name: string, { capabilities, limits }: PlanInput): TeamEntry {
  const problem = teamNameProblem(name, limits);
  if (problem !== null) return { key, name, state: 'refused', problem };
  return { key, name, state: capabilities.createTeam ? 'creatable' : 'manual', problem: '' };
}

/** What the vendor would refuse in a team's name, or null. */
export function teamNameProblem(name: string, limits: PlanInput['limits']): string | null {
  if (name.trim() === '') return 'is empty';
  if (name.length > limits.teamNameMaxChars) return `is longer than ${limits.teamNameMaxChars} characters`;
  if (!limits.emojiInNames && hasEmoji(name)) return 'holds an emoji, which the vendor refuses';
  return null;
}
