import { refuse } from './replies.js';
import type { TeamRecord, UserRecord } from './records.js';
import type { World } from './world.js';

export const TEAM_NAME_MAX = 64;

/** Creates an empty team; names are unique in the company and at most 64 characters (vendors.md 1.6). */
export function createTeam(world: World, name: string): TeamRecord {
  const { state, settings } = world;
  refuseTakenName(world, name, null);
  if (settings.teamLimit !== null && state.teams.size >= settings.teamLimit) {
    refuse(422, 'Your plan allows no more teams.');
  }
  const team = { id: state.next.team++, name, createdAt: world.clock.now(), memberIds: new Set<number>() };
  state.teams.add(team);
  if (settings.teamEvents)
    world.emit({ resource: 'team', event: 'team.created', data: { id: team.id, name } });
  return team;
}

/** Only a person in the Dashboard can rename a team. */
export function renameTeam(world: World, team: TeamRecord, name: string): void {
  refuseTakenName(world, name, team.id);
  team.name = name;
}

/** Deletes the team, also from every number that rang it. */
export function deleteTeam(world: World, team: TeamRecord): void {
  world.state.teams.remove(team.id);
  for (const number of world.state.numbers.rows()) {
    const teamIds = number.ringTo.teamIds.filter((id) => id !== team.id);
    if (teamIds.length !== number.ringTo.teamIds.length) number.ringTo = { ...number.ringTo, teamIds };
  }
  if (!world.settings.teamEvents) return;
  world.emit({ resource: 'team', event: 'team.destroyed', data: { id: team.id, name: team.name } });
}

export function teamById(world: World, id: string | number): TeamRecord {
  return world.state.teams.get(Number(id)) ?? refuse(404, 'There is no team with this id.');
}

/** Members in the order in which they joined; with `deletedUserTeamRows: kept` also those deleted since. */
export function membersOf({ state }: World, team: TeamRecord): UserRecord[] {
  const members: UserRecord[] = [];
  for (const id of team.memberIds) {
    const user = state.users.get(id) ?? state.deletedUsers.get(id);
    if (user !== undefined) members.push(user);
  }
  return members;
}

function refuseTakenName({ state, settings }: World, name: string, exceptId: number | null): void {
  const fold = (text: string): string => (settings.teamNameCase === 'sensitive' ? text : text.toLowerCase());
  const isTaken = state.teams.rows().some((team) => team.id !== exceptId && fold(team.name) === fold(name));
  if (isTaken) refuse(settings.duplicateTeamNameStatus, 'A team with this name exists already.');
}
