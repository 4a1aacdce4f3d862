import { connectByHand, MEMBER_LIST, type ByHandStory } from '../../support/by-hand-story.js';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERMISSION_NAMES, PERMISSIONS } from '../../../src/administration/permissions.js';
import { listOperations } from '../../../src/api/operations/all.js';
import {
  deviation,
  openApi,
  operationsOf,
  type ApiClient,
  type ApiDocument,
  type Described,
} from '../../support/api-client.js';
import { CONSOLE_ROLES, roleCovers } from '../../../src/sso/console-role.js';
import { addConsolePerson } from '../../support/console-people.js';
import { announceRemoval } from '../../support/console-additions.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';
import { startIdpServer, type IdpServer } from '../../support/idp/server.js';
import { makeTestIdp } from '../../support/idp.js';
import { idpFields, serveMetadata } from '../../support/sso-world.js';

let world: ConsoleWorld;
let story: Story;
let owner: ApiClient;
let directory: IdpServer;
let document: ApiDocument;
const colleagues = { sso: '', local: '' };
let served: Awaited<ReturnType<typeof serveMetadata>>;
/** By operation: from the code, so that the cases can be listed before anything runs. */
const ids = listOperations({} as never).map(({ id }) => id);

beforeAll(async () => {
  directory = await startIdpServer(() => ({
    body: { totalResults: 1, Resources: [{ id: 's1', userName: 'ada.lovelace@acme.example', active: true }] },
  }));
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
  served = await serveMetadata(() => idp.metadata());
  owner = await openApi(world, story.tenantId);
  colleagues.sso = await addConsolePerson(world.services.database, story.tenantId, {
    role: 'viewer',
    displayName: 'Vera Viewer',
  });
  await world.signIn(story.tenantId, 'owner', 'Spare Owner');
  await world.signIn(story.tenantId, 'owner', 'Other Owner');
  const people = await world.team.members(story.tenantId);
  colleagues.local = people.find(({ displayName }) => displayName === 'Spare Owner')?.id ?? '';
  document = (await owner.call('get', '/openapi.json')).body as ApiDocument;
});
afterAll(async () => {
  await directory?.stop();
  await served?.stop();
  await story?.stop();
  await world?.close();
});

function described(id: string): Described {
  const found = operationsOf(document).find((one) => one.operationId === id);
  if (found === undefined) throw new Error(`The document lacks ${id}.`);
  return found;
}

interface Example {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
}

/** A call of each operation that succeeds. In this order: some need what an earlier one did. */
const EXAMPLES: Readonly<Record<string, () => Promise<Example> | Example>> = {
  getOverview: () => ({}),
  listPeople: () => ({ query: '?search=ada&limit=10&filter=active' }),
  getPerson: () => ({ params: { id: story.people.get('Ada Lovelace') ?? '' } }),
  listProviders: () => ({}),
  getPersonTimeline: () => ({ params: { id: story.people.get('Ada Lovelace') ?? '' } }),
  recheckPerson: () => ({ params: { id: story.people.get('Ada Lovelace') ?? '' } }),
  listGroups: () => ({ query: '?limit=2' }),
  getRules: () => ({}),
  listRuleVersions: () => ({}),
  getRuleVersion: () => ({ params: { version: '1' } }),
  checkRules: async () => ({ body: { text: await currentRules() } }),
  diffRules: async () => ({
    body: {
      before: { version: 1 },
      after: { text: `${await currentRules()}\nowners: [ada@acme.example]\n` },
    },
  }),
  previewRules: () => ({ body: { version: 1 } }),
  saveRules: async () => ({
    query: '?losses=skip',
    body: { text: `${await currentRules()}\nowners: [ada.lovelace@acme.example]\n`, note: 'Ada owns' },
  }),
  rollBackRules: () => ({ params: { version: '2' }, query: '?losses=skip' }),
  listPlans: () => ({ query: '?state=held&account=aircall' }),
  getPlan: async () => ({ params: { id: (await heldPlan()).id } }),
  listChanges: async () => ({ params: { id: (await heldPlan()).id }, query: '?action=park&limit=2' }),
  approvePlan: async () => {
    const { id, digest } = await heldPlan();
    return { params: { id }, body: { digest } };
  },
  rejectPlan: async () => ({ params: { id: (await holdAnother()).id } }),
  listLeavers: () => ({ query: '?account=aircall' }),
  approveDeletions: async () => {
    const { id: planId, digest } = await holdAnother();
    return { body: { deletions: [{ planId, digest }] } };
  },
  listRemovals: () => ({ query: '?limit=5' }),
  getRemoval: async () => ({ params: { id: await announceRemoval(world, story) } }),
  listAnnouncedObjects: async () => ({ params: { id: await announceRemoval(world, story) } }),
  listLegalHolds: () => ({}),
  setLegalHold: () => ({
    params: { id: story.people.get('Ada Lovelace') ?? '' },
    body: { reason: 'Case 17', until: '2090-01-01T00:00:00Z' },
  }),
  releaseLegalHold: () => ({ params: { id: story.people.get('Ada Lovelace') ?? '' } }),
  getManifest: async () => ({ params: { id: await endedDeletion() } }),
  getCertificate: async () => ({ params: { id: await endedDeletion() } }),
  waiveRecordings: async () => ({
    params: { id: await missingRecording() },
    body: { reason: 'Deleted by the vendor.' },
  }),
  rescheduleDeletion: async () => ({
    params: { id: await openDeletion() },
    body: { dueAt: '2090-01-01T00:00:00Z' },
  }),
  getHandover: async () => ({ params: { id: await lonelyDeletion() } }),
  chooseSuccessor: async () => ({
    params: { id: await lonelyDeletion() },
    body: { to: { type: 'person', email: 'ada.lovelace@acme.example' } },
  }),
  cancelDeletion: async () => ({ params: { id: await openDeletion() } }),
  listTasks: () => ({ query: '?state=open' }),
  getTask: async () => ({ params: { id: await openTask() } }),
  claimTask: async () => ({ params: { id: await openTask() }, body: { assignee: 'ada@acme.example' } }),
  releaseTask: async () => ({ params: { id: await openTask() } }),
  commentTask: async () => ({ params: { id: await openTask() }, body: { comment: 'Asked the vendor.' } }),
  setTaskDue: async () => ({ params: { id: await openTask() }, body: { dueAt: '2090-01-01T00:00:00Z' } }),
  changeTasks: async () => ({
    body: { action: 'assign', taskIds: [await openTask(), randomUUID()], assignee: 'ada@acme.example' },
  }),
  dismissTask: async () => ({ params: { id: await openTask() }, body: { reason: 'Nobody calls there.' } }),
  completeTask: async () => ({ params: { id: await openTask() } }),
  reopenTask: async () => ({ params: { id: await firstTask('done') } }),
  listSteps: async () => ({ params: { id: (await byHand()).checklist } }),
  confirmStep: async () => {
    const { checklist: id, step } = await byHand();
    return { params: { id, step }, body: {} };
  },
  undoStep: async () => {
    const { checklist: id, step } = await byHand();
    return { params: { id, step } };
  },
  listImports: async () => {
    await byHand();
    return { params: { name: 'vxt' } };
  },
  previewImport: async () => {
    await byHand();
    return { params: { name: 'vxt' }, body: { csv: MEMBER_LIST, complete: true } };
  },
  applyImport: async () => {
    const { id, digest } = await previewedImport();
    return { params: { name: 'vxt', id }, body: { digest } };
  },
  discardImport: async () => {
    const { id } = await previewedImport();
    return { params: { name: 'vxt', id } };
  },
  listFindings: () => ({ query: '?state=open&account=aircall&search=olivia&limit=1' }),
  countFindings: () => ({ query: '?severity=warning' }),
  getFinding: async () => ({ params: { id: await openFinding() } }),
  ignoreFinding: async () => ({
    params: { id: await openFinding() },
    body: { reason: 'Known.', until: '2090-01-01T00:00:00Z' },
  }),
  stopIgnoringFinding: async () => ({ params: { id: await openFinding('ignored') } }),
  assignFinding: async () => ({
    params: { id: await openFinding() },
    body: { assignee: 'ada@acme.example', dueAt: null },
  }),
  decideFinding: async () => ({ params: { id: await openFinding() }, body: { decision: 'accept' } }),
  listComparisons: () => ({}),
  listComparisonRuns: () => ({ query: '?account=aircall&limit=1' }),
  getComparisonRun: async () => ({ params: { id: await lastRun() } }),
  listFindingPolicies: () => ({ params: { name: 'aircall' } }),
  setFindingPolicy: () => ({ params: { name: 'aircall', class: 'name' }, body: { policy: 'ask' } }),
  askComparison: () => ({ params: { type: 'seats', id: story.account.id } }),
  listPoliciesOfComparison: () => ({ params: { type: 'seats', id: story.account.id } }),
  setPolicyOfComparison: () => ({
    params: { type: 'seats', id: story.account.id, class: 'unused-seat' },
    body: { policy: 'ask' },
  }),
  createIdpConnection: () => ({ body: idpBody('directory') }),
  listIdpConnections: () => ({}),
  getIdpConnection: () => ({ params: { name: 'directory' } }),
  testIdpConnection: () => ({ params: { name: 'directory' } }),
  compareIdpConnection: () => ({ params: { name: 'directory' } }),
  setIdpConfig: () => ({ params: { name: 'directory' }, body: { config: idpBody('directory').config } }),
  setIdpSettings: () => ({ params: { name: 'directory' }, body: { settings: { lookUpMax: 5 } } }),
  replaceIdpCredential: () => ({
    params: { name: 'directory' },
    body: { secrets: idpBody('directory').secrets },
  }),
  removeIdpConnection: () => ({ params: { name: 'directory' } }),
  createReport: () => ({ body: { days: 7, timeZone: 'Europe/Paris' } }),
  listReports: () => ({ query: '?account=aircall&limit=1' }),
  getReport: async () => ({ params: { id: await lastOf('/reports') } }),
  getReportFile: async () => ({ params: { id: await lastOf('/reports') }, query: '?format=csv:findings' }),
  listEntitlements: () => ({ query: `?at=${new Date(Date.now() - 1_000).toISOString()}` }),
  listJourneys: () => ({ query: '?from=2020-01-01T00:00:00Z&leaverMinutes=10' }),
  createReportDestination: () => ({
    body: { name: 'siem', kind: 'webhook', targets: ['https://siem.acme.example/patchbay'] },
  }),
  listReportDestinations: () => ({}),
  listReportDeliveries: () => ({}),
  pauseReportDestination: async () => ({ params: { id: await lastOf('/report-destinations') } }),
  resumeReportDestination: async () => ({ params: { id: await lastOf('/report-destinations') } }),
  sendReportDestination: async () => ({ params: { id: await lastOf('/report-destinations') } }),
  removeReportDestination: async () => ({ params: { id: await lastOf('/report-destinations') } }),
  listAccounts: () => ({}),
  getAccount: () => ({ params: { name: 'aircall' } }),
  createAccount: async () => ({ body: { ...(await freshCompany()), name: 'second' } }),
  getAdoption: () => ({ params: { name: 'aircall' } }),
  setAccountPolicy: () => ({ params: { name: 'second' }, body: { policy: 'upsert-only' } }),
  setAccountSettings: () => ({ params: { name: 'second' }, body: { settings: { graceDays: 7 } } }),
  setAccountConfig: async () => ({
    params: { name: 'second' },
    body: { config: (await freshCompany()).config },
  }),
  replaceCredential: async () => ({
    params: { name: 'second' },
    body: { secrets: (await freshCompany()).secrets },
  }),
  replaceArchiveCredential: () => ({
    params: { name: 'second' },
    body: { secrets: { accessKeyId: 'id', secretAccessKey: 'key' } },
  }),
  pauseAccount: () => ({ params: { name: 'second' }, body: { reason: 'Contract ends.' } }),
  resumeAccount: () => ({ params: { name: 'second' } }),
  reconcileAccount: () => ({ params: { name: 'second' } }),
  listScimTokens: () => ({}),
  createScimToken: () => ({ body: { name: 'Entra', expiresAt: '2090-01-01T00:00:00Z' } }),
  revokeScimToken: async () => ({ params: { id: await lastToken('/scim-tokens') } }),
  listSsoConnections: () => ({}),
  listScimRequests: () => ({ query: '?outcome=failed&method=POST&search=ada' }),
  getScimRequest: async () => ({ params: { requestId: await lastScimRequest() } }),
  listAdminTokens: () => ({}),
  createAdminToken: () => ({ body: { name: 'reader', scopes: ['read'] } }),
  revokeAdminToken: async () => ({ params: { id: await lastToken('/admin-tokens') } }),
  listConsoleUsers: () => ({}),
  listNotificationContacts: () => ({}),
  saveNotificationContact: () => ({ body: { email: 'it@acme.example', kinds: ['report'] } }),
  removeNotificationContact: async () => ({ params: { id: await lastContact() } }),
  listEmails: () => ({ query: '?state=due&limit=5' }),
  getConsoleUser: () => ({ params: { id: colleagues.sso } }),
  setConsoleRole: () => ({ params: { id: colleagues.sso }, body: { role: 'operator' } }),
  endSessionsOfUser: () => ({ params: { id: colleagues.local } }),
  listConsoleSessions: () => ({}),
  endConsoleSession: async () => ({ params: { id: await lastSession() } }),
  removeLocalOwner: () => ({ params: { id: colleagues.local } }),
  getOrganisation: () => ({}),
  saveOrganisation: () => ({ body: { name: 'Acme Ltd', settings: { sessions: { idleMinutes: 30 } } } }),
  createOAuthClient: () => ({ body: { name: 'Entra' } }),
  listOAuthClients: () => ({}),
  addOAuthSecret: async () => ({ params: { id: (await lastClient()).id }, body: { validDays: 30 } }),
  revokeOAuthSecret: async () => {
    const { id, secrets } = await lastClient();
    return { params: { id, secretId: secrets.at(-1)?.id ?? '' } };
  },
  setOAuthFederation: async () => ({
    params: { id: (await lastClient()).id },
    body: { federation: FEDERATION },
  }),
  revokeOAuthClient: async () => ({ params: { id: (await lastClient()).id } }),
  checkAuditChain: () => ({}),
  getAuditCheck: () => ({}),
  listAuditEvents: () => ({ query: '?actor=scim:okta&from=2020-01-01T00:00:00Z&limit=5' }),
  createSsoConnection: () => ({ body: { name: 'okta', source: { fields: idpFields(idp) } } }),
  readSsoConnection: () => ({ params: { name: 'okta' } }),
  removeSsoConnection: async () => {
    const tenant = { id: story.tenantId, slug: 'acme' };
    await world.sso.connections.create({ tenant, name: 'spare', actor: 'test' });
    return { params: { name: 'spare' } };
  },
  setSsoIdp: () => ({ params: { name: 'okta' }, body: { source: { metadataUrl: served.url } } }),
  refreshSsoMetadata: () => ({ params: { name: 'okta' } }),
  changeSsoSettings: () => ({ params: { name: 'okta' }, body: { settings: { idpInitiated: true } } }),
  setSsoRoles: () => ({
    params: { name: 'okta' },
    body: { rules: [{ attribute: 'groups', value: 'IT', role: 'admin' }] },
  }),
  setSsoState: () => ({ params: { name: 'okta' }, body: { state: 'active' } }),
  startSsoTest: () => ({ params: { name: 'okta' } }),
  readSsoTest: () => ({ params: { name: 'okta', requestId: '_waiting' } }),
  listSsoTraces: () => ({}),
  readSsoTrace: async () => ({ params: { code: await refusedCode() } }),
  listDomains: () => ({}),
  claimDomain: () => ({ body: { domain: 'acme.example' } }),
  verifyDomain: () => ({ params: { domain: 'acme.example' } }),
  removeDomain: () => ({ params: { domain: 'acme.example' } }),
  createSetupLink: () => ({ body: { label: 'IT of Acme', days: 2 } }),
  listSetupLinks: () => ({}),
  revokeSetupLink: async () => {
    const [link] = await world.sso.setupLinks.list(story.tenantId);
    return { params: { id: link?.id ?? '' } };
  },
};

const idp = makeTestIdp();

/** The code of a sign-in that was refused just now. */
async function refusedCode(): Promise<string> {
  const connection = await world.sso.connections.byName({ id: story.tenantId, slug: 'acme' }, 'okta');
  const findings = [{ check: 'role', arrived: 'nothing', expected: 'something' }] as const;
  const rest = { requestId: null, purpose: 'login', arrived: null, granted: null } as const;
  return (await world.sso.traces.record({ connection, findings, ...rest })).friendlyId;
}

async function send(client: ApiClient, one: Described, { params = {}, query = '', body }: Example) {
  const path = one.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? 'missing'),
  );
  return client.call(one.method, `${path}${query}`, body);
}

describe('every operation of the document', () => {
  it('has an example here', () => {
    expect(Object.keys(EXAMPLES).toSorted()).toEqual(ids.toSorted());
    expect(
      operationsOf(document)
        .map(({ operationId }) => operationId)
        .toSorted(),
    ).toEqual(ids.toSorted());
  });

  it.each(ids)('%s answers 401 without a token, as described', async (id) => {
    const nobody = await openApi(world, story.tenantId, null);
    const answer = await send(nobody, described(id), {});
    expect(answer.status).toBe(401);
    expect(deviation(document, described(id), answer)).toBeNull();
  });

  it('answers 403 to a token with every scope but its own, as described', async () => {
    for (const permission of PERMISSION_NAMES) {
      const client = await openApi(
        world,
        story.tenantId,
        PERMISSION_NAMES.filter((scope) => scope !== permission),
      );
      for (const one of operationsOf(document).filter(({ scope }) => scope === permission)) {
        const answer = await send(client, one, {});
        expect(answer.status, one.operationId).toBe(403);
        expect(deviation(document, one, answer), one.operationId).toBeNull();
      }
      await forgetTokens();
    }
  });

  it.each(CONSOLE_ROLES)(
    'a token with what a %s may do opens what that role may, and nothing else',
    async (role) => {
      const scopes = PERMISSION_NAMES.filter((scope) => roleCovers(role, PERMISSIONS[scope]));
      const client = await openApi(world, story.tenantId, scopes);
      for (const one of operationsOf(document)) {
        const isAllowed = scopes.some((scope) => scope === one.scope);
        // What is allowed is only tried where nothing can happen.
        if (isAllowed && one.method !== 'get') continue;
        const { status } = await send(client, one, {});
        expect({ id: one.operationId, refused: status === 403 }).toEqual({
          id: one.operationId,
          refused: !isAllowed,
        });
      }
      await forgetTokens();
    },
  );

  it.each(Object.keys(EXAMPLES))('%s does what it says, as described', async (id) => {
    const one = described(id);
    const answer = await send(owner, one, (await EXAMPLES[id]?.()) ?? {});
    const [success] = Object.keys(one.responses).filter((status) => status.startsWith('2'));
    expect({ status: String(answer.status), body: answer.body }).toEqual({
      status: success,
      body: answer.body,
    });
    expect(deviation(document, one, answer)).toBeNull();
  });

  it.each(ids)('%s refuses wrong input with 400 where it takes any, as described', async (id) => {
    const one = described(id);
    if (one.responses['400'] === undefined) {
      expect(one.parameters.length === 0 && one.requestBody === undefined).toBe(true);
      return;
    }
    for (const wrong of wrongInputs(one)) {
      const answer = await send(owner, one, wrong);
      expect(answer.status, JSON.stringify(wrong)).toBe(400);
      expect(deviation(document, one, answer)).toBeNull();
    }
  });

  it.each(ids)('%s answers 404 for what is not there, where it names 404', async (id) => {
    const one = described(id);
    const places = one.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    if (one.responses['404'] === undefined || (places.length === 0 && NEVER_WITHOUT.has(id))) return;
    const nowhere = {
      id: randomUUID(),
      name: 'nowhere',
      version: '999999',
      step: randomUUID(),
      requestId: '999999',
      secretId: randomUUID(),
      class: 'name',
      domain: 'nowhere.example',
      code: 'no-code-00',
      type: 'seats',
    };
    const query = places.length === 0 ? '?account=nowhere' : '';
    const answer = await send(owner, one, { params: nowhere, query, body: await exampleBody(id) });
    expect(answer.status).toBe(404);
    expect(deviation(document, one, answer)).toBeNull();
  });
});

/** What the story has, so that nothing is missing here. */
const NEVER_WITHOUT = new Set(['getRules', 'diffRules', 'getAuditCheck']);

/** One wrong value for each part of a call. */
function wrongInputs(one: Described): readonly Example[] {
  const params = { id: randomUUID(), name: 'aircall', version: '1', class: 'name', type: 'seats' };
  const names = one.parameters.map(({ name }) => name);
  return [
    ...(names.includes('id')
      ? [{ params: { id: 'no-uuid' }, body: one.requestBody === undefined ? undefined : {} }]
      : []),
    ...(names.includes('version') ? [{ params: { version: 'one' } }] : []),
    ...(names.includes('losses') ? [{ params, query: '?losses=maybe', body: { text: 'x' } }] : []),
    ...(names.includes('limit') ? [{ params, query: '?limit=0' }] : []),
    ...(names.includes('after') && !names.includes('id') ? [{ query: '?after=%00' }] : []),
    ...(one.requestBody === undefined ? [] : [{ params, body: { unknown: true } }]),
  ];
}

/** A SCIM directory of its own, on this machine. */
function idpBody(name: string) {
  const config = { baseUrl: `${directory.origin}/scim/v2`, readGroups: false };
  return { name, kind: 'scim', config, secrets: { token: 'scim-token' } };
}

async function openFinding(state = 'open'): Promise<string> {
  const { body } = await owner.call('get', `/findings?state=${state}&limit=1`);
  return (body as { items: readonly { id: string }[] }).items[0]?.id ?? '';
}

async function lastOf(path: string): Promise<string> {
  const { body } = await owner.call('get', path);
  return (body as { items: readonly { id: string }[] }).items[0]?.id ?? '';
}

async function lastRun(): Promise<string> {
  const { body } = await owner.call('get', '/comparisons/runs?limit=1');
  return (body as { items: readonly { runId: string }[] }).items[0]?.runId ?? '';
}

const FEDERATION = {
  issuer: 'https://login.example/tenant',
  subject: 'service',
  audience: 'api://patchbay',
  jwksUrl: 'https://login.example/keys',
};

async function lastClient(): Promise<{ id: string; secrets: readonly { id: string }[] }> {
  const { body } = await owner.call('get', '/oauth-clients');
  const { items } = body as { items: readonly { id: string; secrets: readonly { id: string }[] }[] };
  return items.at(-1) ?? { id: '', secrets: [] };
}

async function lastSession(): Promise<string> {
  await world.signIn(story.tenantId, 'viewer');
  const { body } = await owner.call('get', '/console-sessions');
  return (body as { items: readonly { id: string }[] }).items[0]?.id ?? '';
}

async function lastScimRequest(): Promise<string> {
  const { body } = await owner.call('get', '/scim-requests?limit=1');
  return (body as { items: readonly { id: string }[] }).items[0]?.id ?? '';
}

async function exampleBody(id: string): Promise<unknown> {
  const needsBody = described(id).requestBody !== undefined;
  if (!needsBody) return undefined;
  return BODIES[id]?.() ?? {};
}

/** Bodies that are right by themselves, for calls about something that is not there. */
const BODIES: Readonly<Record<string, () => unknown>> = {
  previewRules: () => ({ version: 999_999 }),
  approvePlan: () => ({ digest: 'x' }),
  claimTask: () => ({ assignee: 'ada' }),
  commentTask: () => ({ comment: 'x' }),
  dismissTask: () => ({ reason: 'x' }),
  setTaskDue: () => ({ dueAt: '2090-01-01T00:00:00Z' }),
  confirmStep: () => ({}),
  previewImport: () => ({ csv: 'Email' }),
  applyImport: () => ({ digest: 'x' }),
  ignoreFinding: () => ({ reason: 'x' }),
  assignFinding: () => ({ assignee: null }),
  decideFinding: () => ({ decision: null }),
  setFindingPolicy: () => ({ policy: 'report' }),
  setPolicyOfComparison: () => ({ policy: 'report' }),
  setIdpConfig: () => ({ config: {} }),
  setIdpSettings: () => ({ settings: {} }),
  replaceIdpCredential: () => ({ secrets: {} }),
  setAccountPolicy: () => ({ policy: 'sync' }),
  setAccountSettings: () => ({ settings: {} }),
  setAccountConfig: () => ({ config: {} }),
  replaceCredential: () => ({ secrets: {} }),
  replaceArchiveCredential: () => ({ secrets: {} }),
  setLegalHold: () => ({ reason: 'x', until: null }),
  rescheduleDeletion: () => ({ dueAt: '2090-01-01T00:00:00Z' }),
  chooseSuccessor: () => ({ to: null }),
  waiveRecordings: () => ({ reason: 'x' }),
  pauseAccount: () => ({ reason: 'x' }),
  setConsoleRole: () => ({ role: null }),
  addOAuthSecret: () => ({}),
  setOAuthFederation: () => ({ federation: null }),
  setSsoIdp: () => ({ source: { fields: idpFields(idp) } }),
  changeSsoSettings: () => ({ settings: {} }),
  setSsoRoles: () => ({ rules: [] }),
  setSsoState: () => ({ state: 'disabled' }),
};

describe('refusals that need a story', () => {
  it('an approval of another version is 412, of a decided plan 409', async () => {
    const { id } = await holdAnother();
    const stale = await send(owner, described('approvePlan'), { params: { id }, body: { digest: 'other' } });
    expect(stale.status).toBe(412);
    await send(owner, described('rejectPlan'), { params: { id } });
    for (const name of ['approvePlan', 'rejectPlan']) {
      const answer = await send(owner, described(name), { params: { id }, body: { digest: 'other' } });
      expect(answer.status).toBe(409);
      expect(deviation(document, described(name), answer)).toBeNull();
    }
  });

  it('a task that moved on is 412', async () => {
    const id = await openTask();
    await send(owner, described('completeTask'), { params: { id } });
    for (const name of ['completeTask', 'claimTask', 'releaseTask']) {
      const answer = await send(owner, described(name), { params: { id }, body: BODIES[name]?.() });
      expect(answer.status, name).toBe(412);
    }
    await send(owner, described('reopenTask'), { params: { id } });
  });

  it('rules are compared with those in force, rule by rule', async () => {
    const fewer = (await currentRules()).replace(/ {2}- id: success[\s\S]*?\n\n/, '');
    const { body } = await send(owner, described('diffRules'), { body: { after: { text: fewer } } });
    expect(body).toMatchObject({
      owners: { added: [], removed: [] },
      rules: [{ id: 'success', change: 'removed', parts: [], after: null }],
    });
    const same = await send(owner, described('diffRules'), { body: {} });
    expect(same.body).toEqual({ defaultRole: null, owners: { added: [], removed: [] }, rules: [] });
  });

  it('rules by which somebody would lose something are 409, from a file or from before', async () => {
    const sync = { params: { name: 'aircall' }, body: { policy: 'sync' } };
    await send(owner, described('setAccountPolicy'), sync);
    const whole = await currentRules();
    const text = whole.replace(/ {2}- id: success[\s\S]*?\n\n/, '');
    const fewer = await send(owner, described('saveRules'), { body: { text } });
    expect(fewer.status).toBe(409);
    expect(fewer.body).toMatchObject({ detail: expect.stringContaining('would lose something') as string });
    expect(deviation(document, described('saveRules'), fewer)).toBeNull();
    const saved = await send(owner, described('saveRules'), { query: '?losses=skip', body: { text } });
    const { version } = saved.body as { version: number };
    await send(owner, described('saveRules'), { query: '?losses=skip', body: { text: whole } });
    const back = { params: { version: String(version) } };
    const older = await send(owner, described('rollBackRules'), back);
    expect(older.status).toBe(409);
    expect(deviation(document, described('rollBackRules'), older)).toBeNull();
  });

  it('rules saved by several at once: one is saved, the others are 412 or follow it', async () => {
    const text = await currentRules();
    const calls = Array.from({ length: 8 }, (_, index) =>
      send(owner, described('saveRules'), {
        query: '?losses=skip',
        body: { text: `${text}\nowners: ['owner${String(index)}@acme.example']\n` },
      }),
    );
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 412]));
  });

  it('a name that is taken and too many tokens are 409; a wrong credential is 502, a vendor that is away 503', async () => {
    const company = await freshCompany();
    const create = (body: object) =>
      send(owner, described('createAccount'), { body: { ...company, ...body } });
    expect((await create({ name: 'aircall' })).status).toBe(409);
    expect((await create({ name: 'wrong', secrets: { apiId: 'x', apiToken: 'y' } })).status).toBe(502);
    expect((await create({ name: 'away', config: { baseUrl: 'http://127.0.0.1:9' } })).status).toBe(503);
    for (const path of ['/scim-tokens', '/admin-tokens']) {
      const body = { name: 'more', ...(path === '/admin-tokens' ? { scopes: ['read'] } : {}) };
      const statuses: number[] = [];
      for (let index = 0; index < 21; index += 1)
        statuses.push((await owner.call('post', path, body)).status);
      expect(statuses.at(-1)).toBe(409);
    }
  });

  it('a token cannot make one that may do more than itself', async () => {
    await forgetTokens();
    const limited = await openApi(world, story.tenantId, ['access:write']);
    const answer = await limited.call('post', '/admin-tokens', {
      name: 'more',
      scopes: ['read', 'access:write'],
    });
    expect(answer.status).toBe(403);
  });

  it('a token of one tenant sees nothing of another', async () => {
    const other = await world.services.tenants.create({ slug: 'other', actor: 'test' });
    const client = await openApi(world, other.id);
    for (const path of [
      '/people',
      '/plans',
      '/worklist',
      '/accounts',
      '/leavers',
      '/groups',
      '/rules/versions',
    ]) {
      expect((await client.call('get', path)).body, path).toMatchObject({ items: [] });
    }
    const ada = story.people.get('Ada Lovelace') ?? '';
    expect((await client.call('get', `/people/${ada}`)).status).toBe(404);
    expect((await client.call('get', `/accounts/aircall`)).status).toBe(404);
  });

  it('a revoked, an expired and a SCIM token open nothing', async () => {
    await forgetTokens();
    const { tokens } = world.services;
    const base = { tenantId: story.tenantId, name: 'x', expiresAt: null, actor: 'test' };
    await forgetTokens('scim');
    const scim = await tokens.create({ ...base, kind: 'scim', scopes: ['read'] });
    const revoked = await tokens.create({ ...base, kind: 'admin', scopes: ['read'] });
    await tokens.revoke({ tenantId: story.tenantId, tokenId: revoked.record.id, actor: 'test' });
    const expired = await tokens.create({ ...base, kind: 'admin', scopes: ['read'] });
    await world.services.database
      .forTenant(story.tenantId)
      .updateTable('api_tokens')
      .set({ expires_at: new Date(Date.now() - 1_000) })
      .where('id', '=', expired.record.id)
      .execute();
    for (const { token } of [scim, revoked, expired]) {
      const response = await fetch(`${world.origin}/api/v1/people`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('no answer ever holds a credential, a hash or an encrypted secret', async () => {
    owner = await openApi(world, story.tenantId);
    const accounts = JSON.stringify((await owner.call('get', '/accounts/aircall')).body);
    const tokens = JSON.stringify((await owner.call('get', '/admin-tokens')).body);
    expect(accounts).not.toMatch(/secrets|apiToken|v1\.test\./);
    expect(tokens).not.toMatch(/"hash"|pbk_admin_[A-Za-z0-9]{30}/);
  });

  it('a report is the same by API as in its files, a page and a phone system at a time', async () => {
    const made = (await owner.call('post', '/reports', { days: 1 })).body as { id: string; headline: string };
    const file = async (format: string) =>
      (await owner.call('get', `/reports/${made.id}/file?format=${format}`)).body as {
        contentType: string;
        text: string;
      };
    expect(JSON.parse((await file('json')).text)).toEqual(
      (await owner.call('get', `/reports/${made.id}`)).body,
    );
    expect((await file('markdown')).text).toContain(made.headline);
    expect((await file('html')).contentType).toContain('text/html');
    expect((await file('csv:nothing')).text).toBeUndefined();
    const first = (await owner.call('get', '/reports?limit=1')).body as { next: string };
    const second = (await owner.call('get', `/reports?limit=1&after=${first.next}`)).body;
    expect(second).toMatchObject({ items: [{ id: expect.not.stringMatching(made.id) as string }] });
    expect((await owner.call('get', '/reports?account=nowhere')).body).toMatchObject({ items: [] });
  });

  it('who held what is not told of a moment to come, and the address of a chat not at all', async () => {
    expect((await owner.call('get', '/audit/entitlements?at=2090-01-01T00:00:00Z')).status).toBe(400);
    const held = (await owner.call('get', '/audit/entitlements')).body as { items: readonly object[] };
    expect(held.items.length).toBeGreaterThan(20);
    const wish = { name: 'chat', kind: 'slack', targets: ['https://hooks.example.com/T0/very-secret'] };
    const made = await owner.call('post', '/report-destinations', wish);
    expect(made.status).toBe(201);
    expect((await owner.call('post', '/report-destinations', wish)).status).toBe(409);
    const listed = (await owner.call('get', '/report-destinations')).body;
    expect(JSON.stringify([made.body, listed])).not.toMatch(/very-secret|"secrets"/);
  });

  it('unreadable JSON is 400, an unknown address 404, both as problem documents', async () => {
    const { token } = await world.services.tokens.create({
      tenantId: story.tenantId,
      kind: 'admin',
      name: 'x',
      scopes: ['read'],
      expiresAt: null,
      actor: 'test',
    });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const broken = await fetch(`${world.origin}/api/v1/rules/check`, { method: 'POST', headers, body: '{' });
    expect(broken.status).toBe(400);
    expect(broken.headers.get('content-type')).toContain('application/problem+json');
    const unknown = await fetch(`${world.origin}/api/v1/nowhere`, { headers });
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get('content-type')).toContain('application/problem+json');
  });

  it('reads no body of a caller without a token', async () => {
    const body = 'x'.repeat(3_000_000);
    const response = await fetch(`${world.origin}/api/v1/rules/check`, { method: 'POST', body });
    expect(response.status).toBe(401);
  });

  it('calls beyond the limit are 429, as described', async () => {
    const narrow = await openConsole(await createTestDatabase(), { apiRequestsPerMinute: 3 });
    try {
      const { id } = await narrow.services.tenants.create({ slug: 'wild', actor: 'test' });
      const client = await openApi(narrow, id);
      for (let count = 0; count < 3; count += 1)
        expect((await client.call('get', '/people')).status).toBe(200);
      const answer = await client.call('get', '/people');
      expect(answer.status).toBe(429);
      expect(deviation(document, described('listPeople'), answer)).toBeNull();
    } finally {
      await narrow.close();
    }
  });
});

async function currentRules(): Promise<string> {
  return (await world.services.rules.get(story.tenantId, 2)).source;
}

let told: Promise<ByHandStory> | null = null;

function byHand(): Promise<ByHandStory> {
  told ??= connectByHand(world, story.tenantId);
  return told;
}

async function previewedImport(): Promise<{ id: string; digest: string }> {
  await byHand();
  const preview = (await owner.call('post', '/accounts/vxt/imports', { csv: MEMBER_LIST })).body as {
    row: { id: string };
    digest: string;
  };
  return { id: preview.row.id, digest: preview.digest };
}

async function heldPlan(): Promise<{ id: string; digest: string }> {
  return world.services.database
    .forTenant(story.tenantId)
    .selectFrom('plans')
    .select(['id', 'digest'])
    .where('tenant_id', '=', story.tenantId)
    .where('state', '=', 'held')
    .orderBy('created_at', 'desc')
    .executeTakeFirstOrThrow();
}

/** Rules that take something away again: the plan that follows waits for approval. */
async function holdAnother(): Promise<{ id: string; digest: string }> {
  for (const version of [1, 2]) {
    const text = `${(await world.services.rules.get(story.tenantId, version)).source}\n# ${randomUUID()}\n`;
    await world.services.rules.save({ tenantId: story.tenantId, text, note: null, actor: 'test' });
    await world.services.lookAgain(story.account);
    await story.drain();
  }
  return heldPlan();
}

async function openDeletion(): Promise<string> {
  const { items } = (await owner.call('get', '/leavers')).body as { items: { deletionId: string | null }[] };
  return items.find(({ deletionId }) => deletionId !== null)?.deletionId ?? '';
}

/** A leaver with a line that rings nobody, in an account that was read since. */
async function lonelyDeletion(): Promise<string> {
  const id = await openDeletion();
  const lines = [{ number: '+33176111111', why: 'only-person' }];
  const handover = { lines, emptyTeams: [], successors: [], isPartial: false };
  await sql`update deletions set handover = ${JSON.stringify(handover)}, handover_at = now()
    where id = ${id}`.execute(world.services.database.system());
  await world.services.lookAgain(story.account);
  await story.drain();
  await sql`update deletions set handover = ${JSON.stringify(handover)}
    where id = ${id}`.execute(world.services.database.system());
  return id;
}

/** The story's leavers are far from their date: one of them gets what a finished deletion has. */
async function endedDeletion(): Promise<string> {
  const id = await openDeletion();
  await sql`update deletions set manifest = '{}', manifest_hash = 'x', certificate = '{}', certificate_hash = 'y'
    where id = ${id}`.execute(world.services.database.system());
  return id;
}

async function missingRecording(): Promise<string> {
  const id = await openDeletion();
  await sql`insert into archive_objects (tenant_id, deletion_id, account_id, call_id, kind, state, call_at, retention_class)
    values (${story.tenantId}, ${id}, ${story.account.id}, '1', 'recording', 'missing', now(), 'standard')`.execute(
    world.services.database.system(),
  );
  return id;
}

async function firstTask(state: 'open' | 'done'): Promise<string> {
  const list = (await owner.call('get', `/worklist?state=${state}&limit=1`)).body as {
    items: { id: string }[];
  };
  return list.items[0]?.id ?? '';
}

function openTask(): Promise<string> {
  return firstTask('open');
}

async function lastToken(path: string): Promise<string> {
  const { items } = (await owner.call('get', path)).body as {
    items: { id: string; revokedAt: string | null }[];
  };
  return items.filter(({ revokedAt }) => revokedAt === null).at(-1)?.id ?? '';
}

async function lastContact(): Promise<string> {
  const { items } = (await owner.call('get', '/notification-contacts')).body as { items: { id: string }[] };
  return items.at(-1)?.id ?? '';
}

/** Twenty are valid at a time; tests make more. */
async function forgetTokens(kind: 'admin' | 'scim' = 'admin'): Promise<void> {
  await world.services.database
    .forTenant(story.tenantId)
    .updateTable('api_tokens')
    .set({ revoked_at: new Date() })
    .where('tenant_id', '=', story.tenantId)
    .where('kind', '=', kind)
    .where('name', '<>', 'keep')
    .execute();
  owner = await openApi(world, story.tenantId);
}

/** The sandbox's own address and a key that works. */
async function freshCompany() {
  const { apiId, apiToken } = await story.sandbox.dashboard.createApiKey({});
  const { baseUrl } = story.account.config;
  return { provider: 'aircall', config: { baseUrl, dashboardUrl: baseUrl }, secrets: { apiId, apiToken } };
}
