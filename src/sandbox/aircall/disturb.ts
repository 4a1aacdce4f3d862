import type { FaultRule } from '../fault-rules.js';
import type { UserRecord } from './records.js';
import { createUser, deleteUser } from './users.js';
import type { World } from './world.js';

/** Carries out a `moving-total` fault behind the API's back; answers what changed. */
export function disturb(world: World, rule: Extract<FaultRule, { kind: 'moving-total' }>): string[] {
  return rule.change === 'insert' ? insert(world, rule.email) : remove(world, rule.email);
}

function insert(world: World, email: string | undefined): string[] {
  const address = email ?? `moving${world.state.next.user}@example.com`;
  if (world.state.idsByEmail.has(address.toLowerCase())) return [];
  const user = createUser(world, { email: address, first_name: 'Moving', last_name: 'Total' });
  return [`user.created ${user.id}`];
}

function remove(world: World, email: string | undefined): string[] {
  const user = email === undefined ? firstRemovable(world) : byEmail(world, email);
  if (user === undefined) return [];
  deleteUser(world, user);
  return [`user.deleted ${user.id}`];
}

function byEmail({ state }: World, email: string): UserRecord | undefined {
  return state.users.get(state.idsByEmail.get(email.toLowerCase()) ?? 0);
}

function firstRemovable({ state }: World): UserRecord | undefined {
  return state.users.rows().find((user) => !user.isOwner && user.id !== state.apiUserId);
}
