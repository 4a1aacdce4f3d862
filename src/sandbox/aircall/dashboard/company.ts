import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import { numberById } from '../numbers.js';
import type { ApiKey, CallRecord } from '../records.js';
import { refuse } from '../replies.js';
import { userById } from '../users.js';
import type { World } from '../world.js';
import { action } from './action.js';

const CALLS_MAX = 200_000;

export const newApiKey = z.strictObject({
  apiId: z.string().min(1).optional(),
  apiToken: z
    .string()
    .regex(/^[0-9a-f]{32}$/u)
    .optional(),
});

const newCalls = z.strictObject({
  count: z.int().min(1).max(CALLS_MAX),
  numberId: z.int(),
  userId: z.int().nullable().default(null),
  direction: z.enum(['inbound', 'outbound']).default('inbound'),
  /** Seconds; by default so that the last of them ends now. */
  startedAt: z.int().optional(),
  spacingSeconds: z.int().min(0).default(60),
  durationSeconds: z.int().min(0).default(30),
  rawDigits: z.string().min(1).default('+33176000000'),
  tags: z.array(z.string()).default([]),
  /** Size of each recording, the setting by default; null for calls that were not recorded. */
  recordingBytes: z.int().min(0).max(50_000_000).nullable().optional(),
});

/** Keys, calls and time. */
export const companyActions = {
  /** Answers the pair; made at random unless given. */
  createApiKey: action(newApiKey.default({}), createApiKey),
  revokeApiKey: action(z.strictObject({ apiId: z.string() }), (world, { apiId }) => {
    const keys = world.state.apiKeys.filter((key) => key.apiId === apiId);
    if (keys.length === 0) refuse(404, 'There is no API key with this id.');
    for (const key of keys) key.isRevoked = true;
  }),
  /** Whom the vendor counts the API credential as; null for nobody. */
  setApiUser: action(z.strictObject({ userId: z.int().nullable() }), (world, { userId }) => {
    world.state.apiUserId = userId === null ? null : userById(world, userId).id;
  }),
  addCalls: action(newCalls, addCalls),
  /** Moves the sandbox's time forward. */
  advanceClock: action(z.strictObject({ ms: z.number().min(0) }), (world, { ms }) => {
    world.clock.advance(ms);
    return { now: world.clock.now() };
  }),
};

export function createApiKey(
  world: World,
  input: z.output<typeof newApiKey>,
): { readonly apiId: string; readonly apiToken: string } {
  const key: ApiKey = {
    apiId: input.apiId ?? randomBytes(16).toString('hex'),
    apiToken: input.apiToken ?? randomBytes(16).toString('hex'),
    isRevoked: false,
  };
  world.state.apiKeys.push(key);
  return { apiId: key.apiId, apiToken: key.apiToken };
}

function addCalls(world: World, input: z.output<typeof newCalls>): { callIds: number[] } {
  const { state, settings, clock } = world;
  numberById(world, input.numberId);
  if (input.userId !== null) userById(world, input.userId);
  const now = Math.floor(clock.now() / 1000);
  const first = input.startedAt ?? now - input.durationSeconds - (input.count - 1) * input.spacingSeconds;
  const calls: CallRecord[] = Array.from({ length: input.count }, (_, index) => ({
    id: state.next.call++,
    numberId: input.numberId,
    userId: input.userId,
    direction: input.direction,
    startedAt: first + index * input.spacingSeconds,
    duration: input.durationSeconds,
    rawDigits: input.rawDigits,
    tags: input.tags,
    recordingBytes: input.recordingBytes === undefined ? settings.recordingBytes : input.recordingBytes,
  }));
  state.calls.add(calls);
  return { callIds: calls.map((call) => call.id) };
}
