import { z } from 'zod';
import { CONSOLE_ROLES } from '../../sso/console-role.js';
import type { Team } from '../../sso/team.js';
import { param, type PageContext } from '../kit/context.js';
import { assertTyped, readForm } from '../kit/form.js';
import type { Pages } from '../kit/pages.js';
import { page, redirect, type Result } from '../kit/result.js';
import { h } from '../markup/markup.js';
import { paths } from '../paths.js';
import { MemberPage, memberPath } from './member.js';
import { MePage } from './me.js';

export interface MembersDeps {
  readonly team: Team;
}

const roleForm = z.object({ role: z.enum(['', 'none', ...CONSOLE_ROLES]) });
const typedForm = z.object({ typed: z.string().default('') });

export function addMembers(pages: Pages, deps: MembersDeps): void {
  const { team } = deps;
  const show = (context: PageContext) => showMember(deps, context);
  pages.get('/access/people/:id', 'access:read', show);
  pages.post('/access/people/:id/role', 'access:write', (context) => changeRole(deps, context), show);
  pages.post('/access/people/:id/remove', 'access:write', (context) => remove(deps, context), show);
  pages.post('/access/people/:id/sessions/end', 'access:write', async (context) => {
    const { id } = await memberOf(deps, context);
    await team.endSessionsOf({ ...refOf(context), userId: id, except: context.session.sessionId });
    return redirect(memberPath({ id }), 'sessions-ended');
  });
  pages.post('/access/people/:id/sessions/:session/end', 'access:write', async (context) => {
    const { id } = await memberOf(deps, context);
    await endSession(deps, context, id);
    return redirect(memberPath({ id }), 'session-ended');
  });
  addOwn(pages, deps);
}

/** Everybody may look after their own sessions. */
function addOwn(pages: Pages, deps: MembersDeps): void {
  const { team } = deps;
  pages.get('/me', 'read', async (context) => {
    const { tenantId, userId } = context.session;
    const sessions = await team.sessions(tenantId, userId);
    return page('Your account', <MePage context={context} sessions={sessions} />);
  });
  pages.post('/me/sessions/end', 'read', async (context) => {
    const { userId, sessionId } = context.session;
    await team.endSessionsOf({ ...refOf(context), userId, except: sessionId });
    return redirect(paths.me(), 'sessions-ended');
  });
  pages.post('/me/sessions/:session/end', 'read', async (context) => {
    await endSession(deps, context, context.session.userId);
    return redirect(paths.me(), 'session-ended');
  });
}

async function showMember(deps: MembersDeps, context: PageContext): Promise<Result> {
  const member = await memberOf(deps, context);
  const sessions = await deps.team.sessions(context.session.tenantId, member.id);
  return page(member.displayName, <MemberPage {...{ context, member, sessions }} />);
}

async function changeRole(deps: MembersDeps, context: PageContext): Promise<Result> {
  const { id } = await memberOf(deps, context);
  const { role } = readForm(context.request, roleForm);
  await deps.team.setRole({ ...refOf(context), userId: id, role: role === '' ? null : role });
  return redirect(memberPath({ id }), 'role-changed');
}

async function remove(deps: MembersDeps, context: PageContext): Promise<Result> {
  const member = await memberOf(deps, context);
  assertTyped(readForm(context.request, typedForm).typed, member.loginName ?? member.displayName);
  await deps.team.remove({ ...refOf(context), userId: member.id });
  return redirect(paths.access(), 'owner-removed');
}

/** Only a session of this very person: the address must not end somebody else's. */
async function endSession({ team }: MembersDeps, context: PageContext, userId: string): Promise<void> {
  const { tenantId } = context.session;
  const own = await team.sessions(tenantId, userId);
  const sessionId = own.find(({ id }) => id === param(context, 'session'))?.id ?? '';
  await team.endSession({ tenantId, sessionId, actor: context.actor });
}

function memberOf({ team }: MembersDeps, context: PageContext) {
  return team.member(context.session.tenantId, param(context, 'id'));
}

function refOf({ session, actor }: PageContext) {
  return { tenantId: session.tenantId, actor };
}
