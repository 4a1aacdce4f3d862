import type { Entitlement } from '../../domain/entitlement.js';
import type { AccountFacts, Provider, ProviderDeps, ProviderWrite, WriteOutcome } from '../port.js';
import { makeAgents, type Agents } from './agents.js';
import { readCalls } from './calls.js';
import { makeSmartfloClient, type SmartfloClient } from './client.js';
import { toAgent } from './convert.js';
import { makeDepartments, type Departments } from './departments.js';
import { makeDirectory } from './directory.js';
import { incapable } from './errors.js';
import { makeNumbers, type Numbers } from './numbers.js';
import { makeReadings } from './readings.js';
import { makeRoleBook } from './roles.js';
import type { SmartfloConfig, SmartfloSecrets } from './settings.js';
import { readUsers } from './users.js';

interface Parts {
  readonly agents: Agents;
  readonly departments: Departments;
  readonly numbers: Numbers;
}

/** One Smartflo account as a Provider (vendors.md 2). */
export function openSmartflo(config: SmartfloConfig, secrets: SmartfloSecrets, deps: ProviderDeps): Provider {
  const { accountId, now } = deps;
  const client = makeSmartfloClient({ config, secrets, deps });
  const directory = makeDirectory({ client, config, now });
  const roles = makeRoleBook({ client, config });
  const agents = makeAgents({ client, config, directory, roles });
  const departments = makeDepartments({ client, config, directory });
  const numbers = makeNumbers({ client, config, directory });
  const readings = makeReadings({ directory, departments, numbers, roles, config, accountId, now });
  return {
    validate: () => validate(client, config),
    readAll: (onProgress) => readings.all(onProgress),
    readSubjects: (refs) => readings.subjects(refs),
    recall: (reading) => directory.recall(reading),
    async findAgent(ref) {
      const person = await agents.find(ref);
      if (person === null) return null;
      return toAgent(person, {
        role: roles.read(person.role),
        teams: [],
        numbers: null,
        unreadKinds: undefined,
      });
    },
    write: (operation) => write(operation, { agents, departments, numbers }),
    calls: (query) => readCalls({ client, config, directory, now }, query),
  };
}

/** There is no call that names the account: the users are what the credential reaches. */
async function validate(client: SmartfloClient, config: SmartfloConfig): Promise<AccountFacts> {
  const users = await readUsers(client, config);
  const days = client.passwordDaysLeft();
  return {
    companyName: 'Smartflo account',
    agentCount: users.length,
    details: {
      requestsPerMinute: config.requestsPerMinute,
      ...(days === null ? {} : { passwordDaysLeft: days }),
    },
  };
}

async function write(operation: ProviderWrite, parts: Parts): Promise<WriteOutcome> {
  const { agents, departments } = parts;
  switch (operation.type) {
    case 'create-agent':
      return agents.create(operation.profile, operation.role, operation.settings ?? {});
    case 'update-agent':
      return agents.update(operation.providerUserId, operation.fields);
    case 'delete-agent':
      return agents.remove(operation.providerUserId);
    case 'suspend-agent':
    case 'resume-agent':
      return agents.setSuspended(operation.providerUserId, operation.type === 'suspend-agent');
    case 'create-team':
      return departments.create(operation.team);
    case 'grant':
      return grant(operation.providerUserId, operation.entitlement, parts);
    case 'revoke':
      return revoke(operation.providerUserId, operation.entitlement, parts);
  }
}

async function grant(
  providerUserId: string,
  entitlement: Entitlement,
  { agents, departments, numbers }: Parts,
): Promise<WriteOutcome> {
  switch (entitlement.type) {
    case 'team':
      return departments.grant(providerUserId, entitlement.team);
    case 'role':
      return agents.update(providerUserId, { role: entitlement.role });
    case 'number':
      return numbers.grant(providerUserId, entitlement);
    case 'owner':
      throw ownerByHand();
  }
}

/** A role is replaced, never taken away: what the agent should hold instead is for the plan to say. */
async function revoke(
  providerUserId: string,
  entitlement: Entitlement,
  { departments, numbers }: Parts,
): Promise<WriteOutcome> {
  switch (entitlement.type) {
    case 'team':
      return departments.revoke(providerUserId, entitlement.team);
    case 'role':
      throw incapable('leave a user without a role', 'Give the role that the user should have instead.');
    case 'number':
      return numbers.revoke(providerUserId, entitlement);
    case 'owner':
      throw ownerByHand();
  }
}

function ownerByHand(): Error {
  return incapable('change who the account belongs to', 'Ask Smartflo’s support.');
}
