import { z } from 'zod';

import { inviteMember, memberOf, refuse, removeMember, setPermissions, setRole } from '../members.js';
import type { MemberRecord } from '../records.js';
import { note, type World } from '../world.js';
import { action } from './action.js';

const BULK_MAX = 20_000;
const email = z.email();
const who = z.strictObject({ email });

/** What a person does with members. */
export const peopleActions = {
  inviteMember: action(z.strictObject({ email, name: z.string().trim().min(1) }), (world, input) => {
    note(world, { action: 'invited', email: inviteMember(world, input).email });
  }),
  /** Members who are there already: `<prefix>1@example.com`, ... */
  addMembers: action(
    z.strictObject({ count: z.int().min(1).max(BULK_MAX), prefix: z.string().min(1).default('person') }),
    (world, { count, prefix }) => {
      const emails = Array.from({ length: count }, (_, index) => `${prefix}${index + 1}@example.com`);
      emails.forEach((address, index) => {
        inviteMember(world, { email: address, name: `${prefix} ${index + 1}` }).status = 'Active';
      });
      return { emails };
    },
  ),
  acceptInvitation: action(who, (world, input) => {
    memberOf(world, input.email).status = 'Active';
    note(world, { action: 'accepted', email: input.email });
  }),
  setName: action(who.extend({ name: z.string().trim().min(1) }), (world, { name, ...input }) => {
    const member = memberOf(world, input.email);
    member.name = name;
    note(world, { action: 'renamed', email: member.email, detail: name });
  }),
  setEmail: action(who.extend({ newEmail: email }), (world, { newEmail, ...input }) => {
    const member = memberOf(world, input.email);
    changeEmail(world, member, newEmail);
    note(world, { action: 'moved', email: input.email, detail: newEmail });
  }),
  setRole: action(who.extend({ role: z.enum(['Member', 'Admin']) }), (world, { role, ...input }) => {
    const member = memberOf(world, input.email);
    setRole(world, member, role);
    note(world, { action: 'role', email: member.email, detail: role });
  }),
  setPermissions: action(who.extend({ permissions: z.array(z.string()) }), (world, input) => {
    const member = memberOf(world, input.email);
    setPermissions(world, member, input.permissions);
    note(world, { action: 'permissions', email: member.email, detail: member.permissions.join(', ') });
  }),
  /** Call history, recordings and voicemails, for whoever has to keep them. */
  exportRecords: action(who, (world, input) => {
    note(world, { action: 'records-exported', email: memberOf(world, input.email).email });
  }),
  removeMember: action(who.extend({ typed: z.string() }), (world, input) => {
    const member = memberOf(world, input.email);
    removeMember(world, member, input.typed);
    note(world, { action: 'removed', email: member.email });
  }),
};

function changeEmail(world: World, member: MemberRecord, newEmail: string): void {
  if (world.settings.emailEdit === 'absent') refuse('Members change their e-mail in their own profile.');
  const key = newEmail.toLowerCase();
  const isTaken = world.state.members
    .rows()
    .some((other) => other !== member && other.email.toLowerCase() === key);
  if (isTaken) refuse(`${newEmail} is a member already.`);
  member.email = newEmail;
}
