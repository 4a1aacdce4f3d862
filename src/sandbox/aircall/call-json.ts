import { recordingUrl } from './recordings.js';
import type { CallRecord, UserRecord } from './records.js';
import { fullName } from './wire.js';
import type { World } from './world.js';

/** A call with the keys of vendors.md 1.8; the nested user is abridged. */
export function callJson(world: World, call: CallRecord): Record<string, unknown> {
  const isMissed = call.duration === 0;
  const url = recordingUrl(world, call);
  return {
    id: call.id,
    sid: `CA${call.id}`,
    direct_link: `${world.baseUrl()}/v1/calls/${call.id}`,
    direction: call.direction,
    status: 'done',
    missed_call_reason: isMissed ? 'no_available_agent' : null,
    started_at: call.startedAt,
    answered_at: isMissed ? null : call.startedAt,
    ended_at: call.startedAt + call.duration,
    duration: call.duration,
    voicemail: null,
    recording: url,
    asset: url,
    raw_digits: call.rawDigits,
    user: callUser(world, call.userId),
    contact: null,
    archived: false,
    assigned_to: null,
    teams: [],
    transferred_by: null,
    transferred_to: null,
    cost: '0.0',
    number: callNumber(world, call.numberId),
    comments: [],
    tags: call.tags.map((name, index) => ({ id: index + 1, name })),
  };
}

function callUser({ state, settings }: World, userId: number | null): Record<string, unknown> | null {
  if (userId === null) return null;
  const deleted = settings.deletedUserInCalls === 'kept' ? state.deletedUsers.get(userId) : undefined;
  const user: UserRecord | undefined = state.users.get(userId) ?? deleted;
  return user === undefined ? null : { id: user.id, name: fullName(user), email: user.email };
}

function callNumber({ state }: World, numberId: number): Record<string, unknown> {
  const number = state.numbers.get(numberId);
  return number === undefined ? { id: numberId } : { id: numberId, name: number.name, digits: number.digits };
}
