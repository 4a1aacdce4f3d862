import { teamKey } from '../domain/entitlement.js';
import { AppError } from '../domain/errors.js';

/**
 * The team of exactly this name, else the only one that differs in case or blanks.
 * @throws AppError `invalid` when several do: `vendor` and what it calls its teams are named
 */
export function pickTeam<Named extends { readonly name: string }>(
  teams: readonly Named[],
  name: string,
  words: { readonly vendor: string; readonly teams: string; readonly where: string },
): Named | null {
  const exact = teams.find((team) => team.name === name);
  if (exact !== undefined) return exact;
  const [first, ...others] = teams.filter((team) => teamKey(team.name) === teamKey(name));
  if (others.length === 0) return first ?? null;
  throw new AppError(
    'invalid',
    `${words.vendor} has ${others.length + 1} ${words.teams} whose names differ from "${name}" only in case or ` +
      `blanks, so it is not clear which one is meant. Rename all but one in ${words.where}.`,
  );
}
