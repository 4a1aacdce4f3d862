import { AppError } from '../../domain/errors.js';
import { accountWarnings, type Account } from '../../tenancy/account.js';
import type { ApiDeps } from '../deps.js';
import { operation, type Call, type Operation } from '../operation.js';
import {
  account,
  accountCreated,
  accountFacts,
  accountStatuses,
  adoption,
  newAccount,
  newConfig,
  newCredential,
  newPolicy,
  newSettings,
  pause,
} from '../schemas/accounts.js';
import { byName, noParams, noQuery } from '../schemas/parts.js';

/** Of each list. */
const AGENTS_SHOWN = 1_000;

export function accountOperations(deps: ApiDeps): readonly Operation[] {
  return [...readAccounts(deps), createOperation(deps), ...changeAccounts(deps), ...switchAccounts(deps)];
}

function readAccounts(deps: ApiDeps): readonly Operation[] {
  return [
    operation({
      id: 'listAccounts',
      method: 'get',
      path: '/accounts',
      tag: 'Accounts',
      summary: 'Phone systems and how they are doing',
      permission: 'read',
      status: 200,
      params: noParams,
      query: noQuery,
      body: null,
      response: accountStatuses,
      handle: async ({ principal }) => ({ items: await deps.overview.accounts(principal.tenantId) }),
    }),
    operation({
      id: 'getAccount',
      method: 'get',
      path: '/accounts/{name}',
      tag: 'Accounts',
      summary: 'One phone system with its settings; never its credential',
      permission: 'read',
      status: 200,
      params: byName,
      query: noQuery,
      body: null,
      response: account,
      errors: ['notFound'],
      handle: async ({ principal, params }) =>
        toAccount(await deps.accounts.byName(principal.tenantId, params.name)),
    }),
    operation({
      id: 'getAdoption',
      method: 'get',
      path: '/accounts/{name}/adoption',
      tag: 'Accounts',
      summary: 'Agents that were there before: who is taken over by e-mail, and who is nobody’s',
      permission: 'read',
      status: 200,
      params: byName,
      query: noQuery,
      body: null,
      response: adoption,
      errors: ['notFound'],
      async handle({ principal: { tenantId }, params }) {
        const { id } = await deps.accounts.byName(tenantId, params.name);
        const found = await deps.adoption.find(tenantId, id, AGENTS_SHOWN);
        if (found !== null) return found;
        throw new AppError('notFound', 'This account was not planned as a whole yet. That needs rules.');
      },
    }),
  ];
}

function createOperation(deps: ApiDeps): Operation {
  return operation({
    id: 'createAccount',
    method: 'post',
    path: '/accounts',
    tag: 'Accounts',
    summary: 'Connect a phone system after trying its credential; report-only unless a policy is named',
    permission: 'accounts:write',
    status: 201,
    params: noParams,
    query: noQuery,
    body: newAccount,
    response: accountCreated,
    errors: ['conflict', 'credential', 'unavailable'],
    async handle({ principal: { tenantId, actor }, body: { settings, policy, ...body } }) {
      const created = await deps.accounts.create({
        ...body,
        tenantId,
        actor,
        validate: true,
        ...(settings === undefined ? {} : { settings }),
        ...(policy === undefined ? {} : { policy }),
      });
      deps.nudge(tenantId);
      return { account: toAccount(created.account), facts: created.facts };
    },
  });
}

function changeAccounts(deps: ApiDeps): readonly Operation[] {
  const { accounts } = deps;
  return [
    operation({
      ...CHANGE,
      id: 'setAccountPolicy',
      path: '/accounts/{name}/policy',
      summary: 'Choose what Patchbay may do there',
      body: newPolicy,
      handle: (call) =>
        change(deps, call, (found) => accounts.setPolicy(found, call.body.policy, call.principal.actor)),
    }),
    operation({
      ...CHANGE,
      id: 'setAccountSettings',
      path: '/accounts/{name}/settings',
      summary: 'Replace safety limits, grace period and schedule',
      body: newSettings,
      handle: (call) =>
        change(deps, call, (found) => accounts.setSettings(found, call.body.settings, call.principal.actor)),
    }),
    operation({
      ...CHANGE,
      id: 'setAccountConfig',
      path: '/accounts/{name}/config',
      summary: 'Replace the settings of the vendor',
      body: newConfig,
      handle: (call) =>
        change(deps, call, (found) => accounts.setConfig(found, call.body.config, call.principal.actor)),
    }),
    operation({
      ...CHANGE,
      id: 'replaceArchiveCredential',
      path: '/accounts/{name}/archive-credential',
      summary: "Store the credential of the archive's bucket",
      body: newCredential,
      status: 204,
      response: null,
      errors: ['notFound', 'invalid'],
      handle: async ({ principal: { tenantId, actor }, params, body }) =>
        accounts.setArchiveSecrets(await accounts.byName(tenantId, params.name), body.secrets, actor),
    }),
    operation({
      ...CHANGE,
      id: 'replaceCredential',
      path: '/accounts/{name}/credential',
      summary: 'Replace the credential after trying the new one; resumes a paused account',
      body: newCredential,
      status: 200,
      response: accountFacts,
      errors: ['notFound', 'credential', 'unavailable'],
      handle: (call) =>
        change(deps, call, (found) => accounts.setSecrets(found, call.body.secrets, call.principal.actor)),
    }),
  ];
}

function switchAccounts(deps: ApiDeps): readonly Operation[] {
  const { accounts } = deps;
  return [
    operation({
      ...CHANGE,
      method: 'post',
      id: 'pauseAccount',
      path: '/accounts/{name}/pause',
      summary: 'Make no further call to the vendor until somebody resumes the account',
      body: pause,
      async handle({ principal: { tenantId, actor }, params, body }) {
        await accounts.setPaused(await accounts.byName(tenantId, params.name), body.reason, actor);
      },
    }),
    operation({
      ...CHANGE,
      method: 'post',
      id: 'resumeAccount',
      path: '/accounts/{name}/resume',
      summary: 'Go on where the account was paused',
      body: null,
      handle: (call) => change(deps, call, (found) => accounts.setPaused(found, null, call.principal.actor)),
    }),
    operation({
      ...CHANGE,
      method: 'post',
      id: 'reconcileAccount',
      path: '/accounts/{name}/reconcile',
      summary: 'Ask for a complete comparison with the phone system',
      status: 202,
      body: null,
      handle: (call) => change(deps, call, () => Promise.resolve()),
    }),
  ];
}

const CHANGE = {
  method: 'put',
  tag: 'Accounts',
  permission: 'accounts:write',
  status: 204,
  params: byName,
  query: noQuery,
  response: null,
  errors: ['notFound'],
} as const;

/** Changes an account and has it planned anew. */
async function change<T>(
  deps: ApiDeps,
  { principal, params }: Call<{ name: string }, unknown, unknown>,
  work: (account: Account) => Promise<T>,
): Promise<T> {
  const found = await deps.accounts.byName(principal.tenantId, params.name);
  const result = await work(found);
  await askAgain(deps, found);
  return result;
}

async function askAgain(deps: ApiDeps, found: Account): Promise<void> {
  await deps.lookAgain(found);
  deps.nudge(found.tenantId);
}

/** Without the credential, encrypted or not. */
function toAccount(found: Account) {
  const { id, name, provider, policy, state, pausedReason, config, settings, createdAt } = found;
  const warnings = [...accountWarnings(found)];
  return { id, name, provider, policy, state, pausedReason, config, settings, warnings, createdAt };
}
