import { AppError } from '../../domain/errors.js';
import type { Entitlement } from '../../domain/entitlement.js';
import type { AccountFacts, Provider, ProviderDeps, ProviderWrite, WriteOutcome } from '../port.js';
import { makeAgents, type Agents } from './agents.js';
import { findCall, readCalls, readLastCall } from './calls.js';
import { makeAircallClient, type AircallClient } from './client.js';
import { toAgent } from './convert.js';
import { makeReadings } from './readings.js';
import { CompanyAnswer, PingAnswer } from './schema.js';
import type { AircallConfig, AircallSecrets } from './settings.js';
import { registerWebhook, removeWebhook } from './webhooks.js';
import { makeTeams, type Teams } from './teams.js';

/** One Aircall company as a Provider (vendors.md 1). */
export function openAircall(config: AircallConfig, secrets: AircallSecrets, deps: ProviderDeps): Provider {
  const { accountId, now } = deps;
  const client = makeAircallClient({ config, secrets, deps });
  const agents = makeAgents({ client, config });
  const teams = makeTeams({ client, now });
  const readings = makeReadings({ client, agents, teams, config, accountId, now });
  return {
    validate: () => validate(client, config),
    readAll: (onProgress) => readings.all(onProgress),
    readSubjects: (refs) => readings.subjects(refs),
    recall: (reading) => teams.recall(reading),
    async findAgent(ref) {
      const user = await agents.find(ref);
      return user === null ? null : toAgent(user, { teams: [], numbers: null });
    },
    write: (operation) => write(operation, agents, teams),
    listAgentIds: () => readings.ids(),
    isInCall: (providerUserId) => agents.isInCall(providerUserId),
    findCall: (callId) => findCall(client, callId),
    calls: (query) => readCalls({ client, config, now }, query),
    webhooks: {
      register: (url) => registerWebhook(client, url),
      remove: (remoteId) => removeWebhook(client, remoteId),
    },
    lastCall: (query) => readLastCall({ client, config, now }, query),
  };
}

/** There is no API for plan, seats or invoices (vendors.md 1.10). */
async function validate(client: AircallClient, config: AircallConfig): Promise<AccountFacts> {
  const purpose = 'check the API key';
  await client.request({ purpose, method: 'GET', route: '/v1/ping' }, PingAnswer);
  const { company } = await client.request({ purpose, method: 'GET', route: '/v1/company' }, CompanyAnswer);
  const numbers = company.numbers_count ?? null;
  return {
    companyName: company.name,
    agentCount: company.users_count ?? null,
    details: {
      ...(numbers === null ? {} : { phoneNumbers: numbers }),
      requestsPerMinute: config.requestsPerMinute,
    },
  };
}

async function write(operation: ProviderWrite, agents: Agents, teams: Teams): Promise<WriteOutcome> {
  switch (operation.type) {
    case 'create-agent':
      return agents.create(operation.profile, operation.role);
    case 'update-agent':
      return agents.update(operation.providerUserId, operation.fields);
    case 'delete-agent':
      return agents.remove(operation.providerUserId);
    case 'create-team':
      return teams.create(operation.team);
    case 'grant':
      return grant(operation.providerUserId, operation.entitlement, agents, teams);
    case 'revoke':
      return revoke(operation.providerUserId, operation.entitlement, teams);
    case 'suspend-agent':
    case 'resume-agent':
      throw incapable('suspend a user', 'Take away what can be taken away, and delete the user later.');
  }
}

async function grant(
  providerUserId: string,
  entitlement: Entitlement,
  agents: Agents,
  teams: Teams,
): Promise<WriteOutcome> {
  switch (entitlement.type) {
    case 'team':
      return teams.grant(providerUserId, entitlement.team);
    case 'role':
      return agents.update(providerUserId, { role: entitlement.role });
    case 'owner':
    case 'number':
      throw byHand(entitlement);
  }
}

/** A role is replaced, never taken away: what the agent should hold instead is for the plan to say. */
async function revoke(providerUserId: string, entitlement: Entitlement, teams: Teams): Promise<WriteOutcome> {
  switch (entitlement.type) {
    case 'team':
      return teams.revoke(providerUserId, entitlement.team);
    case 'role':
      throw incapable('leave a user without a role', 'Give the role that the user should have instead.');
    case 'owner':
    case 'number':
      throw byHand(entitlement);
  }
}

/** vendors.md 1.5 and 1.7: only owners make owners, and no call changes who is on a number. */
function byHand({ type }: Entitlement): AppError {
  return type === 'owner'
    ? incapable('make or unmake an owner', 'An owner does that in the Aircall Dashboard.')
    : incapable(
        'change who is on a phone number',
        "Let a team ring on the number and change the team's members, or do it in the Aircall Dashboard.",
      );
}

function incapable(what: string, remedy: string): AppError {
  return new AppError('capability', `Aircall has no way for other software to ${what}. ${remedy}`);
}
