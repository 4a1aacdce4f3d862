import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import type { CallRecord } from '../records.js';
import { refuse } from '../replies.js';
import { userById } from '../users.js';
import type { World } from '../world.js';
import { action } from './action.js';

const CALLS_MAX = 200_000;

const newCalls = z.strictObject({
  count: z.int().min(1).max(CALLS_MAX),
  numberId: z.int(),
  userId: z.int(),
  direction: z.enum(['inbound', 'outbound']).default('inbound'),
  /** Milliseconds; by default so that the last of them ends now. */
  startedAt: z.int().optional(),
  spacingSeconds: z.int().min(0).default(60),
  durationSeconds: z.int().min(0).default(30),
  /** Size of each recording, the setting by default; null for calls that were not recorded. */
  recordingBytes: z.int().min(0).max(50_000_000).nullable().optional(),
});

/** Tokens, calls and time. */
export const accountActions = {
  /** Made at random unless given. */
  createToken: action(z.strictObject({ token: z.string().min(16).optional() }), createToken),
  revokeToken: action(z.strictObject({ token: z.string() }), ({ state }, { token }) => {
    const known = state.tokens.find((one) => one.token === token) ?? refuse(404, 'Token not found.');
    known.isRevoked = true;
  }),
  addCalls: action(newCalls, addCalls),
  /** Moves the sandbox's time forward. */
  advanceClock: action(z.strictObject({ ms: z.number().min(0) }), (world, { ms }) => {
    world.clock.advance(ms);
    return { now: world.clock.now() };
  }),
};

export function createToken(
  { state }: World,
  input: { readonly token?: string | undefined },
): { readonly token: string } {
  const token = input.token ?? randomBytes(24).toString('hex');
  state.tokens.push({ token, isRevoked: false });
  return { token };
}

function addCalls(world: World, input: z.output<typeof newCalls>): { callIds: number[] } {
  const { state, settings, clock } = world;
  const agentId = userById(world, input.userId).agent?.id ?? refuse(422, 'This user has no agent.');
  if (state.numbers.get(input.numberId) === undefined) refuse(404, 'Number not found.');
  const spacing = input.spacingSeconds * 1000;
  const first = input.startedAt ?? clock.now() - input.durationSeconds * 1000 - (input.count - 1) * spacing;
  const calls = Array.from({ length: input.count }, (_, index): CallRecord => ({
    id: state.next.call++,
    agentId,
    numberId: input.numberId,
    direction: input.direction,
    startedAt: first + index * spacing,
    duration: input.durationSeconds,
    recordingBytes: input.recordingBytes === undefined ? settings.recordingBytes : input.recordingBytes,
  }));
  state.calls.push(...calls);
  return { callIds: calls.map(({ id }) => id) };
}
