import { z } from 'zod';

import type { RunAction } from '../../dashboard/action.js';
import type { DashboardView } from '../dashboard/view.js';
import { refuse } from '../members.js';
import { numberPath, PAGES, memberPath } from './paths.js';

export interface DeedDeps {
  readonly view: () => DashboardView;
  readonly run: RunAction;
}

/** Does what a form asks for, and says which page comes next. */
export type Deed = (
  deps: DeedDeps,
  params: Readonly<Record<string, string>>,
  body: unknown,
) => Promise<string>;

const one = z.string().default('');
const several = z.union([z.string(), z.array(z.string())]).default([]);
const who = z.object({ email: one });
const invitation = who.extend({ name: one });
const details = z.object({ name: one, newEmail: z.string().optional(), role: one, permissions: several });
const access = who.extend({ list: one, isGiven: one });

/** What can be done on the pages: the same that robots and tests do by name, with the same refusals. */
export const DEEDS: Readonly<Record<string, Deed>> = {
  [`${PAGES.membersPath}/invite`]: async ({ run }, _params, body) => {
    await run('inviteMember', invitation.parse(body));
    return PAGES.membersPath;
  },
  [`${PAGES.membersPath}/:id/accept`]: async ({ view, run }, { id }) => {
    const member = memberById(view(), id);
    await run('acceptInvitation', { email: member.email });
    return memberPath(member.id);
  },
  [`${PAGES.membersPath}/:id/save`]: saveMember,
  [`${PAGES.membersPath}/:id/remove`]: async ({ view, run }, { id }, body) => {
    const { email } = memberById(view(), id);
    await run('removeMember', { email, typed: z.object({ typed: one }).parse(body).typed });
    return PAGES.membersPath;
  },
  [`${PAGES.numbersPath}/:number/access`]: async ({ run }, { number = '' }, body) => {
    const { isGiven, ...rest } = access.parse(body);
    await run('setAccess', { number, ...rest, isGiven: isGiven === 'yes' });
    return numberPath(number);
  },
  [`${PAGES.recordsPath}/export`]: async ({ run }, _params, body) => {
    await run('exportRecords', who.parse(body));
    return PAGES.recordsPath;
  },
};

/** Only what differs is done, so that the journal tells what somebody changed. */
async function saveMember(
  { view, run }: DeedDeps,
  { id }: Readonly<Record<string, string>>,
  body: unknown,
): Promise<string> {
  const member = memberById(view(), id);
  const { email } = member;
  const { name, newEmail = email, role, permissions } = details.parse(body);
  const wanted = role === 'Admin' ? [] : [permissions].flat();
  if (role !== member.role) await run('setRole', { email, role });
  const held = memberById(view(), id).permissions;
  if (held.length !== wanted.length || wanted.some((each) => !held.includes(each))) {
    await run('setPermissions', { email, permissions: wanted });
  }
  if (name !== member.name) await run('setName', { email, name });
  if (newEmail !== email) await run('setEmail', { email, newEmail });
  return memberPath(member.id);
}

export function memberById(
  { members }: DashboardView,
  id: string | undefined,
): DashboardView['members'][number] {
  return members.find((member) => String(member.id) === id) ?? refuse('There is no such member any more.');
}
