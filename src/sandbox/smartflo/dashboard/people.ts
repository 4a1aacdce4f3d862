import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import { refuse } from '../replies.js';
import type { UserRecord } from '../records.js';
import { createUser, deleteUser, updateUser, userById } from '../users.js';
import type { World } from '../world.js';
import { action } from './action.js';

const BULK_MAX = 200_000;
const userId = z.int();

const newPerson = z.strictObject({
  email: z.email(),
  name: z.string().min(1),
  /** The e-mail by default; accounts that grew by hand have others. */
  loginId: z.string().min(1).optional(),
  number: z.string().min(1).optional(),
  role: z.string().min(1).optional(),
  password: z.string().optional(),
  hasAgent: z.boolean().optional(),
  isOwner: z.boolean().optional(),
});

const edit = z.strictObject({
  userId,
  name: z.string().min(1).optional(),
  email: z.email().optional(),
  loginId: z.string().min(1).optional(),
  number: z.string().optional(),
  designation: z.string().optional(),
  isLoginBasedCalling: z.boolean().optional(),
});

/** What a person does with people in the portal. */
export const peopleActions = {
  addUser: action(newPerson, (world, input) => ({ userId: addPerson(world, input) })),
  /** Many at once: `<prefix>1@example.com`, ... */
  addUsers: action(
    z.strictObject({
      count: z.int().min(1).max(BULK_MAX),
      prefix: z
        .string()
        .regex(/^[a-z]+$/u)
        .default('person'),
    }),
    (world, { count, prefix }) => ({
      userIds: Array.from({ length: count }, (_, index) =>
        addPerson(world, { email: `${prefix}${index + 1}@example.com`, name: `${prefix} ${index + 1}` }),
      ),
    }),
  ),
  editUser: action(edit, (world, input) => {
    updateUser(world, userById(world, input.userId), {
      name: input.name,
      email: input.email,
      login_id: input.loginId,
      number: input.number,
      designation: input.designation,
      login_based_calling: input.isLoginBasedCalling,
    });
  }),
  setRole: action(z.strictObject({ userId, role: z.string() }), (world, input) => {
    userById(world, input.userId).roleId = roleIdOf(world, input.role);
  }),
  /** Blocks or unblocks the agent, the web login, or both. */
  setBlocked: action(
    z.strictObject({ userId, agent: z.boolean().optional(), webLogin: z.boolean().optional() }),
    (world, input) => {
      updateUser(world, userById(world, input.userId), {
        block_agent: input.agent,
        block_web_login: input.webLogin,
      });
    },
  ),
  setCallerIds: action(z.strictObject({ userId, numberIds: z.array(z.int()) }), (world, input) => {
    updateUser(world, userById(world, input.userId), { caller_id: input.numberIds });
  }),
  deleteUser: action(z.strictObject({ userId }), (world, input) => {
    const user = userById(world, input.userId);
    if (user.isOwner) refuse(422, 'The owner of the account cannot be deleted.');
    deleteUser(world, user);
  }),
};

export function addPerson(world: World, input: z.input<typeof newPerson>): number {
  return createUser(
    world,
    {
      create_agent: input.hasAgent ?? true,
      status: 1,
      name: input.name,
      number: input.number ?? '9000000000',
      email: input.email,
      login_id: input.loginId ?? input.email,
      user_role: roleIdOf(world, input.role ?? 'Agent'),
      password: input.password ?? `Aa!${randomBytes(9).toString('base64url')}`,
      caller_id: [],
    },
    input.isOwner ?? false,
  ).id;
}

function roleIdOf({ state }: World, name: string): UserRecord['roleId'] {
  const role = state.roles.find((one) => one.name.toLowerCase() === name.toLowerCase());
  return role?.id ?? refuse(422, `There is no role ${name}.`);
}
