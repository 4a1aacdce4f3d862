import { z } from 'zod';

import { availabilities } from '../records.js';
import { refuse } from '../replies.js';
import { createUser, deleteUser, updateUser, userById } from '../users.js';
import type { World } from '../world.js';
import { action } from './action.js';

const DAY_MS = 86_400_000;
const BULK_MAX = 200_000;

const userId = z.int();
const name = z.string().min(1);
const whom = z.strictObject({ userIds: z.array(userId).optional() }).default({});

const newPerson = z.strictObject({
  email: z.email(),
  firstName: name,
  lastName: name,
  roleIds: z.array(z.string()).min(1).optional(),
  isOwner: z.boolean().default(false),
  isConfirmed: z.boolean().default(false),
});

/** What a person does with people; roles and invitations can be seen and changed here only. */
export const peopleActions = {
  /** Invites somebody by hand. */
  inviteUser: action(newPerson, (world, input) => ({ userId: addPerson(world, input) })),
  /** Many confirmed people at once: `<prefix>1@example.com`, ... */
  addUsers: action(
    z.strictObject({
      count: z.int().min(1).max(BULK_MAX),
      prefix: z
        .string()
        .regex(/^[a-z]+$/u)
        .default('person'),
    }),
    addPeople,
  ),
  editUser: action(
    z.strictObject({
      userId,
      firstName: name.optional(),
      lastName: name.optional(),
      email: z.email().optional(),
    }),
    (world, input) => {
      updateUser(world, userById(world, input.userId), {
        first_name: input.firstName,
        last_name: input.lastName,
        email: input.email,
      });
    },
  ),
  setRole: action(z.strictObject({ userId, roleIds: z.array(z.string()).min(1) }), (world, input) => {
    const isKnown = input.roleIds.every((id) => world.settings.allowedRoleIds.includes(id));
    if (!isKnown) refuse(400, 'roleIds contains an unknown role.');
    userById(world, input.userId).roleIds = input.roleIds;
  }),
  setOwner: action(z.strictObject({ userId, isOwner: z.boolean() }), (world, input) => {
    userById(world, input.userId).isOwner = input.isOwner;
  }),
  /** Without a list: everybody whose invitation is open. */
  acceptInvitations: action(whom, (world, input) => {
    for (const user of chosen(world, input.userIds)) user.confirmedAt ??= world.clock.now();
  }),
  /** Makes open invitations older than their validity. */
  expireInvitations: action(whom, (world, input) => {
    const tooOld = world.clock.now() - world.settings.invitationDays * DAY_MS;
    for (const user of chosen(world, input.userIds)) if (user.confirmedAt === null) user.invitedAt = tooOld;
  }),
  resendInvitation: action(z.strictObject({ userId }), (world, input) => {
    userById(world, input.userId).invitedAt = world.clock.now();
  }),
  setAvailability: action(
    z.strictObject({ userId, availability: z.enum(availabilities) }),
    (world, input) => {
      userById(world, input.userId).availability = input.availability;
    },
  ),
  /** A person may delete anybody, Owners excepted. */
  deleteUser: action(z.strictObject({ userId }), (world, input) => {
    const user = userById(world, input.userId);
    if (user.isOwner) refuse(422, 'An Owner cannot be deleted; take the ownership away first.');
    deleteUser(world, user);
  }),
};

function chosen(world: World, ids: readonly number[] | undefined): ReturnType<typeof userById>[] {
  return ids === undefined ? [...world.state.users.rows()] : ids.map((id) => userById(world, id));
}

export function addPerson(world: World, input: z.output<typeof newPerson>): number {
  const unknown = input.roleIds?.find((id) => !world.settings.allowedRoleIds.includes(id));
  if (unknown !== undefined) refuse(400, `There is no role ${unknown}.`);
  const user = createUser(world, {
    email: input.email,
    first_name: input.firstName,
    last_name: input.lastName,
    role_ids: input.roleIds,
  });
  user.isOwner = input.isOwner;
  if (input.isConfirmed) user.confirmedAt = world.clock.now();
  return user.id;
}

function addPeople(world: World, input: { count: number; prefix: string }): { userIds: number[] } {
  const userIds: number[] = [];
  for (let index = 1; index <= input.count; index += 1) {
    userIds.push(
      addPerson(world, {
        email: `${input.prefix}${index}@example.com`,
        firstName: input.prefix,
        lastName: String(index),
        isOwner: false,
        isConfirmed: true,
      }),
    );
  }
  return { userIds };
}
