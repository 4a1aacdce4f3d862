import type { Role } from '../../domain/entitlement.js';
import { AppError } from '../../domain/errors.js';
import { placeholders } from '../../domain/rules/team-template.js';

/** What members of a group get, as chosen beside the groups that arrived. */
export interface GroupChoice {
  readonly group: string;
  /** null: being in the group gives nothing. */
  readonly role: Role | null;
  /** null: no team. */
  readonly team: string | null;
}

/** A rule file (YAML) from what was chosen; null when no group gives anything. */
export function writeStarterRules(choices: readonly GroupChoice[]): string | null {
  const given = choices.filter(({ role }) => role !== null);
  if (given.length === 0) return null;
  const ids = new Set<string>();
  const rules = given.map((choice) => writeRule(choice, freshId(choice.group, ids)));
  return [
    '# Made during set-up from the groups that arrived. Every rule says when it applies and what it gives.',
    'version: 1',
    '',
    'defaults:',
    '  role: agent',
    '',
    'rules:',
    ...rules,
    '',
  ].join('\n');
}

/**
 * Throws AppError `invalid` for a team whose name a rule would read as a template: `Sales {EMEA}` is no name there, and
 * `Sales {country}` is a team for each country.
 */
export function assertPlainTeams(choices: readonly GroupChoice[]): void {
  for (const { group, team } of choices) {
    const [name] = team === null ? [] : placeholders(team);
    if (team === null || name === undefined) continue;
    throw new AppError(
      'invalid',
      `The team “${team}” for the group “${group}” cannot be chosen here: in a rule “{${name}}” stands for an attribute of each person, not for a name. Choose a team without braces. Rules that do use attributes can be written in the console once the set-up is done.`,
    );
  }
}

function writeRule({ group, role, team }: GroupChoice, id: string): string {
  // JSON strings are YAML strings, whatever characters a group's name has.
  const lines = [
    `  - id: ${JSON.stringify(id)}`,
    `    when: { group: ${JSON.stringify(group)} }`,
    '    grant:',
    `      role: ${String(role)}`,
  ];
  return [...lines, ...(team === null ? [] : [`      teams: [${JSON.stringify(team)}]`])].join('\n');
}

const ID_LENGTH_MAX = 70;

/** Rule ids allow letters, digits, blanks, dots and dashes. */
function freshId(group: string, taken: Set<string>): string {
  const plain = group
    .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, ID_LENGTH_MAX);
  const base = plain === '' ? 'group' : plain;
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base} ${String(count)}`;
    if (taken.has(id.toLowerCase())) continue;
    taken.add(id.toLowerCase());
    return id;
  }
}
