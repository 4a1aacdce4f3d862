import { z } from 'zod';

import { refuse } from '../replies.js';
import type { World } from '../world.js';
import { createToken } from './account.js';
import { action } from './action.js';
import { addPerson } from './people.js';
import { addDepartment, addNumber, newNumber } from './routing.js';

const account = z.strictObject({
  name: z.string().min(1),
  owner: z.strictObject({ email: z.email(), name: z.string().min(1), password: z.string().optional() }),
  departments: z.array(z.string().min(1)).default([]),
  /** `ringsDepartment` names a department of this account. */
  numbers: z.array(newNumber.extend({ ringsDepartment: z.string().optional() })).default([]),
  timeGroups: z.array(z.string().min(1)).default([]),
  agentGroups: z.array(z.string().min(1)).default([]),
  token: z.string().min(16).optional(),
});

/** What a newcomer needs to connect to the account, by name. */
export interface SeededAccount {
  readonly token: string;
  readonly ownerId: number;
  readonly departmentIds: Readonly<Record<string, number>>;
  readonly numberIds: Readonly<Record<string, number>>;
}

export const seedActions = {
  /**
   * Fills an empty sandbox with an account: an owner, departments, numbers, a permanent token. On a sandbox that has
   * its account already it changes nothing and answers what is there, so that a second start finds the first one's
   * token.
   */
  seedAccount: action(account, (world, input): SeededAccount => {
    if (world.state.companyName === null) fill(world, input);
    return describe(world);
  }),
};

function fill(world: World, input: z.output<typeof account>): void {
  const { state } = world;
  const unknown = input.numbers.find(
    ({ ringsDepartment }) => ringsDepartment !== undefined && !input.departments.includes(ringsDepartment),
  );
  if (unknown !== undefined) refuse(422, `No department is named ${unknown.ringsDepartment ?? ''}.`);
  state.companyName = input.name;
  addPerson(world, { ...input.owner, role: 'Admin', isOwner: true });
  const ids = new Map(input.departments.map((name) => [name, addDepartment(world, name).id]));
  for (const { ringsDepartment, ...values } of input.numbers) {
    const number = addNumber(world, values);
    if (ringsDepartment !== undefined) number.destination = `department||${ids.get(ringsDepartment) ?? 0}`;
  }
  for (const name of input.timeGroups) state.timeGroups.push({ id: state.next.timeGroup++, name });
  state.agentGroups.push(...input.agentGroups);
  createToken(world, { token: input.token });
}

function describe({ state }: World): SeededAccount {
  return {
    token: state.tokens.find(({ isRevoked }) => !isRevoked)?.token ?? '',
    ownerId: state.users.rows().find(({ isOwner }) => isOwner)?.id ?? 0,
    departmentIds: Object.fromEntries(state.departments.rows().map(({ name, id }) => [name, id])),
    numberIds: Object.fromEntries(state.numbers.rows().map(({ name, id }) => [name, id])),
  };
}
