import { z } from 'zod';

import { refuse } from '../replies.js';
import { createTeam } from '../teams.js';
import type { World } from '../world.js';
import { action } from './action.js';
import { createApiKey, newApiKey } from './company.js';
import { addPerson } from './people.js';
import { addNumber, newNumber } from './routing.js';

const company = z.strictObject({
  name: z.string().min(1),
  owner: z.strictObject({ email: z.email(), firstName: z.string().min(1), lastName: z.string().min(1) }),
  teams: z.array(z.string().min(1).max(64)).default([]),
  /** `ringsTeams` names teams of this company. */
  numbers: z.array(newNumber.extend({ ringsTeams: z.array(z.string()).default([]) })).default([]),
  apiKey: newApiKey.default({}),
});

/** What a newcomer needs to connect to the company, by name. */
export interface SeededCompany {
  readonly apiId: string;
  readonly apiToken: string;
  readonly ownerId: number;
  readonly teamIds: Readonly<Record<string, number>>;
  readonly numberIds: Readonly<Record<string, number>>;
}

export const seedActions = {
  /**
   * Fills an empty sandbox with a company: an Owner (confirmed), teams, numbers, an API key. On a
   * sandbox that has its company already it changes nothing and answers what is there, so that a
   * second start finds the first one's key.
   */
  seedCompany: action(company, (world, input): SeededCompany => {
    if (world.state.companyName === null) fill(world, input);
    return describe(world);
  }),
};

function fill(world: World, input: z.output<typeof company>): void {
  const names = new Set(input.teams.map((name) => name.toLowerCase()));
  if (names.size < input.teams.length) refuse(400, 'Team names must differ.');
  const unknown = input.numbers
    .flatMap((number) => number.ringsTeams)
    .find((name) => !input.teams.includes(name));
  if (unknown !== undefined) refuse(400, `No team of the company is named ${unknown}.`);
  world.state.companyName = input.name;
  addPerson(world, { ...input.owner, roleIds: adminRole(world), isOwner: true, isConfirmed: true });
  const teamIds = new Map(input.teams.map((name) => [name, createTeam(world, name).id]));
  for (const { ringsTeams, ...values } of input.numbers) {
    const rung = ringsTeams.map((name) => teamIds.get(name)).filter((id) => id !== undefined);
    addNumber(world, values).ringTo = { teamIds: rung, userIds: [] };
  }
  createApiKey(world, input.apiKey);
}

/** By convention the last of the allowed roles is the highest. */
function adminRole({ settings }: World): string[] {
  return settings.allowedRoleIds.slice(-1);
}

function describe({ state }: World): SeededCompany {
  const key = state.apiKeys.find((candidate) => !candidate.isRevoked) ?? state.apiKeys[0];
  return {
    apiId: key?.apiId ?? '',
    apiToken: key?.apiToken ?? '',
    ownerId: state.users.rows().find((user) => user.isOwner)?.id ?? 0,
    teamIds: Object.fromEntries(state.teams.rows().map((team) => [team.name, team.id])),
    numberIds: Object.fromEntries(state.numbers.rows().map((number) => [number.name, number.id])),
  };
}
