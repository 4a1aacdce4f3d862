import { byCodeUnits } from '../../domain/sort.js';
import type { SetupDeps } from './deps.js';
import type { ArrivedGroup, GroupPage, GroupQuery } from './ports.js';
import type { SetupState } from './state.js';

/** Groups on one page of a set-up. */
export const GROUPS_SHOWN = 100;
/** Before anybody has signed in, hardly a group is in the directory where sign-ins bring them. */
const FED_MAX = 2_000;

/** Groups that were pushed, one page of them. */
export function pushedGroups(
  { directory }: Pick<SetupDeps, 'directory'>,
  { tenant }: SetupState,
  query: GroupQuery,
): Promise<GroupPage> {
  return directory.groups(tenant.id, { ...query, limit: GROUPS_SHOWN });
}

/** Groups that sign-ins have brought, and those of the test, which are in no directory yet. */
export async function signInGroups(
  { directory }: Pick<SetupDeps, 'directory'>,
  { tenant }: SetupState,
  tested: readonly string[],
  { search, after }: GroupQuery,
): Promise<GroupPage> {
  const fed = await directory.groups(tenant.id, { search: '', after: null, limit: FED_MAX });
  const byName = new Map<string, ArrivedGroup>();
  for (const name of tested) byName.set(name, { id: name, displayName: name, members: null });
  for (const group of fed.rows) byName.set(group.displayName, group);
  const words = fold(search.trim());
  const found = [...byName.values()]
    .filter(({ displayName }) => fold(displayName).includes(words))
    .filter(({ displayName }) => after === null || compareNames(displayName, after) > 0)
    .toSorted((a, b) => compareNames(a.displayName, b.displayName));
  const rows = found.slice(0, GROUPS_SHOWN);
  return { rows, next: found.length > rows.length ? (rows.at(-1)?.displayName ?? null) : null };
}

function compareNames(a: string, b: string): number {
  return a.localeCompare(b, 'en') || byCodeUnits(a, b);
}

function fold(text: string): string {
  return text.toLocaleLowerCase('en-US');
}
