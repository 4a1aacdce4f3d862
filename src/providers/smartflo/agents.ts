import { emailKey } from '../../domain/email.js';
import type { Role } from '../../domain/entitlement.js';
import { AppError, isAppError } from '../../domain/errors.js';
import type { AgentSettings } from '../../domain/settings.js';
import type { AgentProfile, AgentRef, ProviderWrite, WriteOutcome } from '../port.js';
import { toSettingFields } from './agent-settings.js';
import type { SmartfloClient } from './client.js';
import { emailInLogin, personFromDetail, statusOf as standingOf, type Person } from './convert.js';
import type { Directory } from './directory.js';
import { statusOf, unknownShape } from './errors.js';
import { makeInitialPassword } from './password.js';
import type { RoleBook } from './roles.js';
import { AnyObject, CreatedUser } from './schema.js';
import type { SmartfloConfig } from './settings.js';

type AgentFields = Extract<ProviderWrite, { readonly type: 'update-agent' }>['fields'];

export interface Agents {
  /** null when Smartflo says that there is no such user. */
  find(ref: AgentRef): Promise<Person | null>;
  create(profile: AgentProfile, role: Role, settings: AgentSettings): Promise<WriteOutcome>;
  update(providerUserId: string, fields: AgentFields): Promise<WriteOutcome>;
  /** Blocks or unblocks agent and web login together. */
  setSuspended(providerUserId: string, isSuspended: boolean): Promise<WriteOutcome>;
  remove(providerUserId: string): Promise<WriteOutcome>;
}

interface AgentDeps {
  readonly client: SmartfloClient;
  readonly config: SmartfloConfig;
  readonly directory: Directory;
  readonly roles: RoleBook;
}

interface Newcomer {
  readonly profile: AgentProfile;
  readonly role: Role;
  readonly settings: AgentSettings;
}

const APPLIED: WriteOutcome = { result: 'applied', providerId: null };
const ALREADY: WriteOutcome = { result: 'already', providerId: null };
const PATCH = { purpose: 'change a user', method: 'PATCH', route: '/v1/user/:id' } as const;

/** Users of one Smartflo account (vendors.md 2.2). */
export function makeAgents(deps: AgentDeps): Agents {
  return {
    find: (ref) => findUser(deps, ref),
    create: (profile, role, settings) => createUser(deps, { profile, role, settings }),
    update: (providerUserId, fields) => updateUser(deps, providerUserId, fields),
    setSuspended: (providerUserId, isSuspended) => setSuspended(deps, providerUserId, isSuspended),
    remove: (providerUserId) => deleteUser(deps, providerUserId),
  };
}

/** Looked at by id in the end: the list does not show everything, and both ways must give the same answer. */
async function findUser({ directory }: AgentDeps, ref: AgentRef): Promise<Person | null> {
  const id = ref.by === 'id' ? ref.providerUserId : (await directory.byEmail(ref.email))?.id;
  const detail = id === undefined ? null : await directory.look(id);
  return detail === null ? null : personFromDetail(detail);
}

/**
 * Looks for the address first: after a lost response to a create the person is there already, and a second one must
 * never come to be (invariant 7). Any refusal is answered by looking again.
 */
async function createUser(deps: AgentDeps, newcomer: Newcomer): Promise<WriteOutcome> {
  const { profile } = newcomer;
  const existing = await deps.directory.byEmail(profile.email);
  if (existing !== null) return { result: 'already', providerId: existing.id };
  try {
    return await postUser(deps, newcomer);
  } catch (error) {
    if (!isAppError(error, 'invalid')) throw error;
    const meanwhile = await deps.directory.byEmail(profile.email);
    if (meanwhile === null) throw error;
    return { result: 'already', providerId: meanwhile.id };
  }
}

async function postUser(
  { client, config, directory, roles }: AgentDeps,
  { profile: { email, givenName, familyName }, role, settings }: Newcomer,
): Promise<WriteOutcome> {
  const number = settings['number'] ?? config.fallbackNumber;
  if (number === null) throw withoutNumber();
  const { cdrVisibility, ...atOnce } = settings;
  const body = {
    create_agent: true,
    create_web_login: true,
    status: 1,
    name: `${givenName} ${familyName}`.trim(),
    number,
    email,
    login_id: email,
    user_role: await roles.idOf(role),
    password: makeInitialPassword(),
    caller_id: [],
    ...toSettingFields(atOnce, null),
  };
  const call = { purpose: 'create a user', method: 'POST', route: '/v1/user' } as const;
  const { data } = await client.request({ ...call, body }, CreatedUser);
  if (data.agent_id)
    directory.remember(data.id, { agentId: data.agent_id, intercom: data.agent_extension ?? null });
  if (cdrVisibility === 'own') await showOwnCalls(client, data.id, data.agent_id ?? null);
  return { result: 'applied', providerId: data.id };
}

/** Names the agent that the create made, so that it needs a request of its own. */
async function showOwnCalls(client: SmartfloClient, id: string, agentId: string | null): Promise<void> {
  if (agentId === null) return;
  const body = toSettingFields({ cdrVisibility: 'own' }, agentId);
  await client.request({ ...PATCH, params: { id }, body }, AnyObject);
}

/** Only what is named is sent. The name is one text at Smartflo: half of it is completed from what is there. */
async function updateUser(
  { client, directory, roles }: AgentDeps,
  providerUserId: string,
  fields: AgentFields,
): Promise<WriteOutcome> {
  const { email, role } = fields;
  const body = {
    ...(await nameField(directory, providerUserId, fields)),
    ...(email === undefined ? {} : { email, login_id: email }),
    ...(role === undefined ? {} : { user_role: await roles.idOf(role) }),
    ...(await settingFields(directory, providerUserId, fields.settings)),
  };
  if (Object.keys(body).length === 0) return ALREADY;
  await client.request({ ...PATCH, params: { id: providerUserId }, body }, AnyObject);
  return APPLIED;
}

async function settingFields(
  directory: Directory,
  providerUserId: string,
  settings: AgentSettings = {},
): Promise<Record<string, unknown>> {
  const isOwn = settings['cdrVisibility'] === 'own';
  const ids = isOwn ? await directory.idsOf(providerUserId, { withIntercom: false }) : null;
  if (isOwn && ids === null) {
    await directory.mustLook(providerUserId);
    throw new AppError(
      'invalid',
      'This Smartflo user has no agent, so that there are no calls of their own to show.',
    );
  }
  return toSettingFields(settings, ids?.agentId ?? null);
}

async function nameField(
  directory: Directory,
  providerUserId: string,
  { givenName, familyName }: AgentFields,
): Promise<{ readonly name?: string }> {
  if (givenName === undefined && familyName === undefined) return {};
  if (givenName !== undefined && familyName !== undefined)
    return { name: `${givenName} ${familyName}`.trim() };
  const { name } = await directory.mustLook(providerUserId);
  const [first = '', ...rest] = name.split(' ');
  return { name: `${givenName ?? first} ${familyName ?? rest.join(' ')}`.trim() };
}

/**
 * The suspend that Smartflo has: no calls and no sign-in (vendors.md 2.2). A PATCH ignores what it does not know, so
 * that only a second look tells that a leaver is really out.
 */
async function setSuspended(
  { client, directory }: AgentDeps,
  providerUserId: string,
  isSuspended: boolean,
): Promise<WriteOutcome> {
  const before = personFromDetail(await directory.mustLook(providerUserId));
  if (isAsWished(before, isSuspended)) return ALREADY;
  const call = { ...PATCH, purpose: isSuspended ? 'block a user' : 'unblock a user' };
  const body = { block_agent: isSuspended, block_web_login: isSuspended };
  await client.request({ ...call, params: { id: providerUserId }, body }, AnyObject);
  const after = personFromDetail(await directory.mustLook(providerUserId));
  if (isAsWished(after, isSuspended)) return APPLIED;
  throw new AppError(
    'capability',
    `Smartflo accepted the request to ${call.purpose} but did not do it. Do it in the Smartflo portal: Users, the ` +
      `person, ${isSuspended ? 'Block agent and Block web login' : 'Unblock agent and Unblock web login'}.`,
  );
}

/** Unblocking is done only when nothing is blocked any more. */
function isAsWished(person: Person, isSuspended: boolean): boolean {
  if (isSuspended) return standingOf(person) === 'suspended';
  return !person.isLoginBlocked && person.agent?.isBlocked !== true;
}

/**
 * Permanent; the call is not documented (vendors.md 2.2), so "not found" is believed only when a look-up confirms it:
 * a route that does not exist answers 404 as well.
 */
async function deleteUser({ client, directory }: AgentDeps, providerUserId: string): Promise<WriteOutcome> {
  const call = { purpose: 'delete a user', method: 'DELETE', route: '/v1/user/:id' } as const;
  try {
    await client.request({ ...call, params: { id: providerUserId } }, AnyObject);
    return APPLIED;
  } catch (error) {
    const status = statusOf(error);
    if (status !== 404 && status !== 410) throw error;
    if ((await directory.look(providerUserId)) === null) return ALREADY;
    throw unknownShape(call, `status ${status} for a user that exists`);
  }
}

function withoutNumber(): AppError {
  return new AppError(
    'invalid',
    'Smartflo demands a phone number for every new agent, and none is known for this person. Set number in a ' +
      "rule, or enter a fallbackNumber in the account's settings.",
  );
}

/** Whether the person in the list has this address, as far as the list can tell. */
export function hasLogin(loginId: string, email: string): boolean {
  const own = emailInLogin(loginId);
  return own !== null && emailKey(own) === emailKey(email);
}
