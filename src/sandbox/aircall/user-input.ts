import { z } from 'zod';

import { availabilityStatuses } from './records.js';
import { refuse } from './replies.js';
import type { World } from './world.js';

const name = z.string().trim().min(1).max(255);

const writable = {
  time_zone: z.string().min(1).optional(),
  language: z.string().min(1).optional(),
  wrap_up_time: z.int().min(0).optional(),
  role_ids: z.array(z.string()).min(1).optional(),
  availability_status: z.enum(availabilityStatuses).optional(),
  substatus: z.string().min(1).optional(),
  extension: z.string().min(1).optional(),
  default_number_id: z.int().nullable().optional(),
};

/** Bodies of vendors.md 1.5; unknown fields are ignored, as older clients send several. */
const createBody = z.object({
  ...writable,
  email: z.email(),
  first_name: name,
  last_name: name,
  inviter_user_id: z.int().optional(),
});

const updateBody = z.object({
  ...writable,
  email: z.email().optional(),
  first_name: name.optional(),
  last_name: name.optional(),
});

export type UserUpdate = z.output<typeof updateBody>;
export type UserCreate = z.output<typeof createBody>;

export function readUserCreate(world: World, body: unknown): UserCreate {
  const input = readBody(createBody, body);
  refuseBadUser(world, input);
  const inviter = input.inviter_user_id;
  if (inviter !== undefined && world.state.users.get(inviter) === undefined) {
    refuse(400, 'inviter_user_id is unknown.');
  }
  return input;
}

/** Fields whose writing is switched to `ignored` are gone from the result. */
export function readUserUpdate(world: World, body: unknown): UserUpdate {
  const { email, ...rest } = readBody(updateBody, body);
  refuseBadUser(world, rest);
  if (email === undefined || world.settings.emailWrite === 'ignored') return rest;
  if (world.settings.emailWrite === 'refused') refuse(400, 'email cannot be changed.');
  return { ...rest, email };
}

/** Parses a JSON body; anything that does not fit is the vendor's 400. */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  return refuse(400, field === '' ? 'The body must be a JSON object.' : `${field}: ${issue?.message}`);
}

function refuseBadUser(world: World, input: UserUpdate): void {
  const { settings } = world;
  if (settings.emojiNames === 'refused' && hasEmoji(`${input.first_name ?? ''}${input.last_name ?? ''}`)) {
    refuse(400, 'Names must not contain emojis.');
  }
  const writesExtension = input.extension !== undefined || input.default_number_id !== undefined;
  if (writesExtension && settings.extensionWrite === 'refused') {
    refuse(400, 'extension and default_number_id cannot be written.');
  }
  if (input.role_ids !== undefined) refuseBadRoles(world, input.role_ids);
}

/** Only Owners may make Owners; which actor an API key counts as is a switch (vendors.md 1.5). */
function refuseBadRoles({ settings }: World, roleIds: readonly string[]): void {
  for (const id of roleIds) {
    if (id === settings.ownerRoleId) {
      if (settings.apiKeyActor !== 'owner') refuse(422, 'Only an Owner can make somebody an Owner.');
    } else if (!settings.allowedRoleIds.includes(id)) {
      refuse(settings.invalidRoleStatus, 'role_ids contains an unknown role.');
    }
  }
}

function hasEmoji(text: string): boolean {
  return /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F/u.test(text);
}
