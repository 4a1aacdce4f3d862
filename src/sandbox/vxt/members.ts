import { Refusal } from '../reply.js';
import { ACCESS_LISTS, type MemberRecord, type MemberRole } from './records.js';
import type { World } from './world.js';

/** What a form of the dashboard says instead of doing it. */
export function refuse(message: string): never {
  throw new Refusal({ status: 422, body: { error: message } });
}

export function findMember({ state }: World, email: string): MemberRecord | undefined {
  const key = email.toLowerCase();
  return state.members.rows().find((member) => member.email.toLowerCase() === key);
}

export function memberOf(world: World, email: string): MemberRecord {
  return findMember(world, email) ?? refuse(`There is no member ${email}.`);
}

/** Invites somebody as a Member (vendors.md 3). */
export function inviteMember(world: World, { email, name }: { email: string; name: string }): MemberRecord {
  if (findMember(world, email) !== undefined) refuse(`${email} is a member already.`);
  const { state, settings } = world;
  const member: MemberRecord = {
    id: state.next.member++,
    email,
    name,
    role: 'Member',
    permissions: [],
    status: settings.invitations === 'pending' ? 'Invited' : 'Active',
  };
  state.members.add(member);
  return member;
}

export function setRole(world: World, member: MemberRecord, role: MemberRole): void {
  if (role === 'Member') refuseLastAdmin(world, member);
  if (role !== member.role) member.permissions = [];
  member.role = role;
}

/** All single permissions of a Member at once; an Admin has nothing to choose from. */
export function setPermissions(
  { settings }: World,
  member: MemberRecord,
  permissions: readonly string[],
): void {
  const unknown = permissions.find((name) => !settings.permissions.includes(name));
  if (unknown !== undefined) refuse(`There is no permission "${unknown}".`);
  if (member.role === 'Admin' && permissions.length > 0) refuse('An Admin holds every permission.');
  member.permissions = settings.permissions.filter((name) => permissions.includes(name));
}

/** Permanent, and only with the member's own address typed (vendors.md 3). */
export function removeMember(world: World, member: MemberRecord, typed: string): void {
  if (typed.toLowerCase() !== member.email.toLowerCase())
    refuse(`Type ${member.email} to remove this member.`);
  refuseLastAdmin(world, member);
  for (const number of world.state.numbers.rows()) {
    for (const list of ACCESS_LISTS) number[list] = number[list].filter((id) => id !== member.id);
  }
  world.state.members.remove(member.id);
}

/** Nobody could let anybody in any more (that VXT refuses it is unverified). */
function refuseLastAdmin({ state }: World, member: MemberRecord): void {
  const admins = state.members.rows().filter(({ role }) => role === 'Admin');
  if (admins.length === 1 && admins[0] === member)
    refuse('The last Admin of the organisation has to stay one.');
}
