import type { FaultRule } from '../fault-rules.js';
import { addPerson } from './dashboard/people.js';
import { deleteUser } from './users.js';
import type { World } from './world.js';

/** Carries out a `moving-total` fault behind the API's back; answers what changed. */
export function disturb(world: World, rule: Extract<FaultRule, { kind: 'moving-total' }>): string[] {
  const { users } = world.state;
  if (rule.change === 'insert') {
    const email = rule.email ?? `moving${world.state.next.user}@example.com`;
    const isThere = users.rows().some(({ loginId }) => loginId.toLowerCase() === email.toLowerCase());
    return isThere ? [] : [`user.created ${addPerson(world, { email, name: 'Moving Total' })}`];
  }
  const user = users
    .rows()
    .find(({ isOwner, email }) => !isOwner && (rule.email === undefined || email === rule.email));
  if (user === undefined) return [];
  deleteUser(world, user);
  return [`user.deleted ${user.id}`];
}
