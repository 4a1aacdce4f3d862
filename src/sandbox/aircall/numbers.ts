import type { NumberRecord, UserRecord } from './records.js';
import { refuse } from './replies.js';
import type { World } from './world.js';

export function numberById(world: World, id: string | number): NumberRecord {
  return world.state.numbers.get(Number(id)) ?? refuse(404, 'There is no number with this id.');
}

/** People whom the API shows on the number, lowest id first (vendors.md 1.7); derived from "Ring to". */
export function usersOfNumber(world: World, number: NumberRecord): UserRecord[] {
  const ids = new Set(number.ringTo.userIds);
  if (showsTeamMembers(world, number)) addTeamMembers(world, number, ids);
  if (world.settings.dataAccessInNumberUsers) number.dataAccessUserIds.forEach((id) => ids.add(id));
  return existing(world, ids);
}

/** Numbers whose `users` would contain the person. */
export function numbersOfUser(world: World, userId: number): NumberRecord[] {
  return world.state.numbers.rows().filter((number) => isOnNumber(world, number, userId));
}

function isOnNumber(world: World, number: NumberRecord, userId: number): boolean {
  if (number.ringTo.userIds.includes(userId)) return true;
  if (world.settings.dataAccessInNumberUsers && number.dataAccessUserIds.includes(userId)) return true;
  if (!showsTeamMembers(world, number)) return false;
  return number.ringTo.teamIds.some((id) => world.state.teams.get(id)?.memberIds.has(userId));
}

/** Whom an inbound call really rings, whatever the API shows; team membership beats outbound-only. */
export function ringingUsers(world: World, number: NumberRecord): UserRecord[] {
  const ids = new Set(number.ringTo.userIds);
  addTeamMembers(world, number, ids);
  return existing(world, ids);
}

function showsTeamMembers({ settings }: World, number: NumberRecord): boolean {
  return !number.isSmartflows || settings.smartflowsNumberUsers === 'with-team-members';
}

function addTeamMembers({ state }: World, number: NumberRecord, ids: Set<number>): void {
  for (const teamId of number.ringTo.teamIds) state.teams.get(teamId)?.memberIds.forEach((id) => ids.add(id));
}

function existing({ state }: World, ids: ReadonlySet<number>): UserRecord[] {
  const users = [...ids].map((id) => state.users.get(id));
  return users.filter((user) => user !== undefined).sort((a, b) => a.id - b.id);
}
