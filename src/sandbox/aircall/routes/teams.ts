import { z } from 'zod';

import type { ApiRoute } from '../../reply.js';
import { paginate } from '../pagination.js';
import { refuse } from '../replies.js';
import { createTeam, deleteTeam, TEAM_NAME_MAX, teamById } from '../teams.js';
import { readBody } from '../user-input.js';
import { userById } from '../users.js';
import { teamJson } from '../wire.js';
import type { World } from '../world.js';

type Handle = ApiRoute['handle'];
type Call = Parameters<Handle>[0];
type Answer = ReturnType<Handle>;

const teamBody = z.object({ name: z.string().trim().min(1).max(TEAM_NAME_MAX) });

/** Teams and their members (vendors.md 1.6). There is no way to rename one. */
export function teamRoutes(world: World): ApiRoute[] {
  const member = '/v1/teams/:teamId/users/:userId';
  return [
    { method: 'get', path: '/v1/teams', handle: (call) => listTeams(world, call) },
    {
      method: 'get',
      path: '/v1/teams/:teamId',
      handle: ({ params }) => ({ status: 200, body: { team: teamJson(world, teamOf(world, params)) } }),
    },
    { method: 'post', path: '/v1/teams', handle: ({ body }) => postTeam(world, body) },
    { method: 'delete', path: '/v1/teams/:teamId', handle: ({ params }) => removeTeam(world, params) },
    { method: 'post', path: member, handle: ({ params }) => addMember(world, params) },
    { method: 'delete', path: member, handle: ({ params }) => removeMember(world, params) },
  ];
}

function teamOf(world: World, params: Call['params']): ReturnType<typeof teamById> {
  return teamById(world, params['teamId'] ?? '');
}

function listTeams(world: World, call: Call): Answer {
  const page = paginate({
    rows: world.state.teams.rows(),
    call,
    baseUrl: world.baseUrl(),
    canOrder: true,
  });
  return { status: 200, body: { teams: page.rows.map((team) => teamJson(world, team)), meta: page.meta } };
}

function postTeam(world: World, body: unknown): Answer {
  const team = createTeam(world, readBody(teamBody, body).name);
  return {
    status: world.settings.createStatus,
    body: { team: teamJson(world, team) },
    effects: [`team.created ${team.id}`],
  };
}

function removeTeam(world: World, params: Call['params']): Answer {
  const team = teamOf(world, params);
  deleteTeam(world, team);
  return { status: 204, effects: [`team.deleted ${team.id}`] };
}

function addMember(world: World, params: Call['params']): Answer {
  const team = teamOf(world, params);
  const user = userById(world, params['userId'] ?? '');
  const isNew = !team.memberIds.has(user.id);
  if (!isNew && world.settings.addExistingTeamMember === 'refused') {
    refuse(422, 'The user is a member of this team already.');
  }
  team.memberIds.add(user.id);
  return {
    status: world.settings.createStatus,
    body: { team: teamJson(world, team) },
    effects: isNew ? [`team.member_added ${team.id} ${user.id}`] : [],
  };
}

function removeMember(world: World, params: Call['params']): Answer {
  const team = teamOf(world, params);
  const userId = Number(params['userId']);
  const wasMember = team.memberIds.delete(userId);
  const { removeMissingTeamMember: status } = world.settings;
  if (!wasMember && status !== 200) refuse(status, 'The user is not a member of this team.');
  return {
    status: 200,
    body: { team: teamJson(world, team) },
    effects: wasMember ? [`team.member_removed ${team.id} ${userId}`] : [],
  };
}
