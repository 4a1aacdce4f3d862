import { emailKey } from '../../domain/email.js';
import type { Role } from '../../domain/entitlement.js';
import { AppError, isAppError } from '../../domain/errors.js';
import type { AgentProfile, AgentRef, ProviderWrite, WriteOutcome } from '../port.js';
import type { AircallClient } from './client.js';
import { toNewUser, toUserFields } from './convert.js';
import { statusOf, unknownShape } from './errors.js';
import { AnyObject, AvailabilityAnswer, UserAnswer, type User } from './schema.js';
import type { AircallConfig } from './settings.js';

type AgentFields = Extract<ProviderWrite, { readonly type: 'update-agent' }>['fields'];

export interface Agents {
  /** null when Aircall says that there is no such user. */
  find(ref: AgentRef): Promise<User | null>;
  create(profile: AgentProfile, role: Role): Promise<WriteOutcome>;
  update(providerUserId: string, fields: AgentFields): Promise<WriteOutcome>;
  remove(providerUserId: string): Promise<WriteOutcome>;
  /** Speaking with somebody. After-call work is none: nobody is on the line any more. */
  isInCall(providerUserId: string): Promise<boolean>;
}

interface AgentDeps {
  readonly client: AircallClient;
  readonly config: AircallConfig;
}

/** Users of one Aircall company (vendors.md 1.5). */
export function makeAgents(deps: AgentDeps): Agents {
  return {
    find: (ref) => findUser(deps, ref),
    create: (profile, role) => createUser(deps, profile, role),
    update: (providerUserId, fields) => updateUser(deps, providerUserId, fields),
    remove: (providerUserId) => deleteUser(deps, providerUserId),
    isInCall: (providerUserId) => isInCall(deps, providerUserId),
  };
}

const AVAILABILITY = {
  purpose: 'see whether a user is in a call',
  method: 'GET',
  route: '/v1/users/:id/availability',
} as const;

async function isInCall({ client }: AgentDeps, id: string): Promise<boolean> {
  const { availability } = await client.request({ ...AVAILABILITY, params: { id } }, AvailabilityAnswer);
  return availability === 'in_call';
}

const FIND = { purpose: 'look up a user', method: 'GET', route: '/v2/users/:ref' } as const;

/** The path takes the id or the e-mail address. An answer about anybody else is no answer. */
async function findUser({ client }: AgentDeps, ref: AgentRef): Promise<User | null> {
  const value = ref.by === 'id' ? ref.providerUserId : ref.email;
  try {
    const { user } = await client.request({ ...FIND, params: { ref: value } }, UserAnswer);
    const isAsked =
      ref.by === 'id' ? user.id === ref.providerUserId : emailKey(user.email) === emailKey(ref.email);
    if (!isAsked) throw unknownShape(FIND, 'another user than the one asked for');
    return user;
  } catch (error) {
    if (isAppError(error, 'notFound')) return null;
    throw error;
  }
}

/**
 * Looks for the address first: after a lost response to a create the person is there already, and a second one
 * must never come to be (invariant 7). How Aircall words a refused duplicate is not known, so any refusal is
 * answered by looking again.
 */
async function createUser(deps: AgentDeps, profile: AgentProfile, role: Role): Promise<WriteOutcome> {
  const ref = { by: 'email', email: profile.email } as const;
  const existing = await findUser(deps, ref);
  if (existing !== null) return { result: 'already', providerId: existing.id };
  try {
    return await postUser(deps, profile, role);
  } catch (error) {
    if (!isAppError(error, 'invalid')) throw error;
    const meanwhile = await findUser(deps, ref);
    if (meanwhile === null) throw error;
    return { result: 'already', providerId: meanwhile.id };
  }
}

async function postUser(
  { client, config }: AgentDeps,
  profile: AgentProfile,
  role: Role,
): Promise<WriteOutcome> {
  const call = { purpose: 'create a user', method: 'POST', route: '/v2/users' } as const;
  const { user } = await client.request({ ...call, body: toNewUser(profile, role, config) }, UserAnswer);
  if (emailKey(user.email) !== emailKey(profile.email)) {
    throw unknownShape(call, 'a user with another e-mail than the one sent');
  }
  return { result: 'applied', providerId: user.id };
}

/** Partial: only the named fields are sent. Whether they were so before cannot be told, roles are unreadable. */
async function updateUser(
  { client, config }: AgentDeps,
  providerUserId: string,
  fields: AgentFields,
): Promise<WriteOutcome> {
  refuseUnwritable(fields, config);
  const body = toUserFields(fields, config);
  if (Object.keys(body).length === 0) return { result: 'already', providerId: null };
  try {
    return await putUser({ client, config }, { providerUserId, fields, body });
  } catch (error) {
    if (fields.availability === undefined || !isAppError(error, 'invalid')) throw error;
    return updateApart({ client, config }, providerUserId, fields);
  }
}

/**
 * Refused together. Whether availability may be written is not known, and what matters more must not fail for it; nor
 * must calls go on reaching a leaver because the role was refused.
 */
async function updateApart(
  deps: AgentDeps,
  providerUserId: string,
  { availability, ...rest }: AgentFields,
): Promise<WriteOutcome> {
  try {
    return await updateUser(deps, providerUserId, rest);
  } catch (error) {
    if (!isAppError(error, 'invalid') || availability === undefined) throw error;
    const fields = { availability };
    const body = toUserFields(fields, deps.config);
    await putUser(deps, { providerUserId, fields, body }).catch((refused: unknown) => {
      if (!isAppError(refused, 'invalid')) throw refused;
    });
    throw error;
  }
}

async function putUser(
  { client }: AgentDeps,
  {
    providerUserId,
    fields,
    body,
  }: { readonly providerUserId: string; readonly fields: AgentFields; readonly body: object },
): Promise<WriteOutcome> {
  const call = { purpose: 'change a user', method: 'PUT', route: '/v2/users/:id' } as const;
  const { user } = await client.request({ ...call, params: { id: providerUserId }, body }, UserAnswer);
  if (user.id !== providerUserId) throw unknownShape(call, 'another user than the one changed');
  if (fields.email !== undefined && emailKey(user.email) !== emailKey(fields.email)) {
    throw new AppError(
      'capability',
      'Aircall accepted the change of an e-mail address but kept the old one. Change it in the Aircall Dashboard, ' +
        'and switch canWriteEmail off for this account.',
    );
  }
  return { result: 'applied', providerId: null };
}

function refuseUnwritable(fields: AgentFields, config: AircallConfig): void {
  if (fields.email !== undefined && !config.canWriteEmail) {
    throw new AppError(
      'capability',
      'Changing an e-mail address is switched off for this Aircall account (canWriteEmail). Change it in the ' +
        'Aircall Dashboard.',
    );
  }
  if (fields.role !== undefined && !config.canWriteRole) {
    throw new AppError(
      'capability',
      'Changing a role is switched off for this Aircall account (canWriteRole). Change it in the Aircall Dashboard.',
    );
  }
}

/**
 * Permanent. "Not found" is believed only when a look-up confirms it: the other v1 user routes were switched off
 * (vendors.md 1.5), and a switched-off route answers 404 or 410 as well while the person stays.
 */
async function deleteUser(deps: AgentDeps, providerUserId: string): Promise<WriteOutcome> {
  const route = deps.config.deleteVersion === 'v1' ? '/v1/users/:id' : '/v2/users/:id';
  const call = { purpose: 'delete a user', method: 'DELETE', route } as const;
  try {
    await deps.client.request({ ...call, params: { id: providerUserId } }, AnyObject);
    return { result: 'applied', providerId: null };
  } catch (error) {
    const status = statusOf(error);
    if (status !== 404 && status !== 410) throw error;
    const remaining = await findUser(deps, { by: 'id', providerUserId });
    if (remaining === null) return { result: 'already', providerId: null };
    throw unknownShape(call, `status ${status} for a user that exists`);
  }
}
