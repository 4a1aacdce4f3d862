import { z } from 'zod';

import { refuseFields } from './replies.js';
import type { World } from './world.js';

const EMOJI = /\p{Extended_Pictographic}/u;
const NUMBER = /^(\+\d{8,15}|\d{10})$/u;

const id = z.union([z.int().positive(), z.string().regex(/^\d+$/u).transform(Number)]);
const cdr = z.object({ type: z.enum(['all', 'agent']), value: z.array(z.string()).nullish() });

/** What an update takes (vendors.md 2.2). */
const fields = {
  name: z.string().trim().min(1).max(100),
  number: z.string().regex(NUMBER, 'The number must be 10 digits.'),
  email: z.email(),
  login_id: z.string().trim().min(1),
  user_role: id,
  password: z.string(),
  caller_id: z.array(id),
  agent_group: z.array(z.string()),
  international_outbound: z.boolean(),
  designation: z.string(),
  user_for_cdr: cdr,
  login_based_calling: z.boolean(),
  block_agent: z.boolean(),
  block_web_login: z.boolean(),
  time_group: id.nullable(),
  failover_destination: z.string().nullable(),
  route_call_through: z.literal([0, 1, 2]),
  assign_extension: z.boolean(),
  outbound_block: z.boolean(),
};

const update = z.object(fields).partial();
const create = update.extend({
  create_agent: z.boolean(),
  create_web_login: z.boolean().optional(),
  status: z.union([z.boolean(), z.literal([0, 1])]),
  name: fields.name,
  email: fields.email,
  login_id: fields.login_id,
  user_role: fields.user_role,
  password: fields.password,
  caller_id: fields.caller_id,
  department: z.array(id).optional(),
});

export type UserUpdate = z.output<typeof update>;
export type UserCreate = z.output<typeof create>;

/** The fields that an update takes in any case; the others only where a switch says so. */
const DOCUMENTED = new Set([
  'name',
  'number',
  'email',
  'caller_id',
  'agent_group',
  'block_agent',
  'international_outbound',
  'designation',
  'login_id',
  'user_role',
  'password',
  'block_web_login',
  'user_for_cdr',
  'login_based_calling',
]);

export function readUserCreate(world: World, body: unknown): UserCreate {
  const input = read(create, body);
  if (world.settings.numberRequired && input.number === undefined) {
    refuseFields(422, { number: ['The number field is required.'] });
  }
  refuseEmoji(world, input.name);
  return input;
}

/** What the update does not know is ignored without a word. */
export function readUserUpdate(world: World, body: unknown): UserUpdate {
  const input = read(update, body);
  const taken: ReadonlySet<string> = new Set([...DOCUMENTED, ...world.settings.patchAlso]);
  refuseEmoji(world, input.name);
  return Object.fromEntries(Object.entries(input).filter(([name]) => taken.has(name)));
}

export function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors: Record<string, string[]> = {};
  for (const issue of parsed.error.issues) {
    const name = issue.path.join('.') || 'body';
    errors[name] = [...(errors[name] ?? []), `${name}: ${issue.message}`];
  }
  return refuseFields(422, errors);
}

function refuseEmoji({ settings }: World, name: string | undefined): void {
  if (settings.emojiNames === 'refused' && name !== undefined && EMOJI.test(name)) {
    refuseFields(422, { name: ['The name may not contain emoji.'] });
  }
}
