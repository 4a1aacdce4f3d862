import { z } from 'zod';

import { numberById } from '../numbers.js';
import type { NumberRecord } from '../records.js';
import { createTeam, deleteTeam, renameTeam, TEAM_NAME_MAX, teamById } from '../teams.js';
import { userById } from '../users.js';
import { numberJson } from '../wire.js';
import type { World } from '../world.js';
import { action } from './action.js';

const id = z.int();
const ids = z.array(id).default([]);
const teamName = z.string().trim().min(1).max(TEAM_NAME_MAX);

export const newNumber = z.strictObject({
  name: z.string().min(1),
  digits: z.string().min(1),
  country: z.string().length(2).default('FR'),
  timeZone: z.string().min(1).default('Europe/Paris'),
  isSmartflows: z.boolean().default(false),
});

/** Teams and numbers by hand; "Ring to" exists nowhere else. */
export const routingActions = {
  addTeam: action(z.strictObject({ name: teamName }), (world, { name }) => ({
    teamId: createTeam(world, name).id,
  })),
  renameTeam: action(z.strictObject({ teamId: id, name: teamName }), (world, { teamId, name }) => {
    renameTeam(world, teamById(world, teamId), name);
  }),
  deleteTeam: action(z.strictObject({ teamId: id }), (world, { teamId }) => {
    deleteTeam(world, teamById(world, teamId));
  }),
  /** Replaces the members of a team. */
  setTeamMembers: action(z.strictObject({ teamId: id, userIds: z.array(id) }), (world, input) => {
    const team = teamById(world, input.teamId);
    const users = input.userIds.map((userId) => userById(world, userId));
    team.memberIds.clear();
    for (const user of users) team.memberIds.add(user.id);
  }),
  /** Takes a person out of one team and puts them into another; either may be left out. */
  moveTeamMember: action(
    z.strictObject({ userId: id, fromTeamId: id.optional(), toTeamId: id.optional() }),
    (world, input) => {
      const user = userById(world, input.userId);
      const from = input.fromTeamId === undefined ? undefined : teamById(world, input.fromTeamId);
      const to = input.toTeamId === undefined ? undefined : teamById(world, input.toTeamId);
      from?.memberIds.delete(user.id);
      to?.memberIds.add(user.id);
    },
  ),
  addNumber: action(newNumber, (world, input) => ({ numberId: addNumber(world, input).id })),
  deleteNumber: action(z.strictObject({ numberId: id }), (world, { numberId }) => {
    const number = numberById(world, numberId);
    world.state.numbers.remove(number.id);
    world.emit({ resource: 'number', event: 'number.deleted', data: numberJson(world, number) });
  }),
  setRingTo: action(z.strictObject({ numberId: id, teamIds: ids, userIds: ids }), (world, input) => {
    for (const teamId of input.teamIds) teamById(world, teamId);
    for (const userId of input.userIds) userById(world, userId);
    numberById(world, input.numberId).ringTo = { teamIds: input.teamIds, userIds: input.userIds };
  }),
  setDataAccess: action(z.strictObject({ numberId: id, userIds: ids }), (world, input) => {
    for (const userId of input.userIds) userById(world, userId);
    numberById(world, input.numberId).dataAccessUserIds = input.userIds;
  }),
  setOutbound: action(z.strictObject({ numberId: id, userIds: ids }), (world, input) => {
    for (const userId of input.userIds) userById(world, userId);
    numberById(world, input.numberId).outboundUserIds = input.userIds;
  }),
};

export function addNumber(world: World, input: z.output<typeof newNumber>): NumberRecord {
  const number: NumberRecord = {
    id: world.state.next.number++,
    ...input,
    priority: null,
    messages: {},
    createdAt: world.clock.now(),
    ringTo: { teamIds: [], userIds: [] },
    dataAccessUserIds: [],
    outboundUserIds: [],
  };
  world.state.numbers.add(number);
  world.emit({ resource: 'number', event: 'number.created', data: numberJson(world, number) });
  return number;
}
