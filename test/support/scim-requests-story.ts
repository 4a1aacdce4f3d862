import { pino } from 'pino';
import { makeScimRecorder } from '../../src/administration/scim-recorder.js';
import type { ScimExchange } from '../../src/administration/scim-requests.js';
import { makeScimRequestStore } from '../../src/store/console/scim-requests.js';
import type { TenantDatabase } from '../../src/store/database.js';

const ADA = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: 'ada.lovelace@acme.example',
  password: 'never shown',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada.lovelace@acme.example', primary: true, type: 'work' }],
  active: true,
};
const TAKEN = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
  status: '409',
  scimType: 'uniqueness',
  detail: 'The userName "ada.lovelace@acme.example" is taken.',
};

/** What an identity provider sent a moment ago: a search, a creation, and one that was refused. */
export async function rememberRequests(database: TenantDatabase, tenantId: string): Promise<void> {
  const recorder = makeScimRecorder({
    store: makeScimRequestStore(database),
    now: () => new Date(),
    log: pino({ level: 'silent' }),
    gatherMs: 60_000,
  });
  const filter = encodeURIComponent('userName eq "ada.lovelace@acme.example"');
  const exchanges: readonly Partial<ScimExchange>[] = [
    { method: 'GET', url: `/Users?filter=${filter}&startIndex=1&count=100`, durationMs: 3 },
    { method: 'POST', url: '/Users', status: 201, requestBody: ADA, requestBytes: 312, durationMs: 9 },
    {
      method: 'POST',
      url: '/Users',
      status: 409,
      requestBody: ADA,
      requestBytes: 312,
      responseBody: JSON.stringify(TAKEN),
      durationMs: 4,
    },
  ];
  for (const part of exchanges) recorder.observe({ ...plain(tenantId), ...part });
  await recorder.close();
}

function plain(tenantId: string): ScimExchange {
  return {
    tenantId,
    actor: 'scim:Okta',
    at: new Date(),
    durationMs: 3,
    method: 'GET',
    url: '/',
    status: 200,
    requestBody: undefined,
    requestBytes: 0,
    responseBody: '{"totalResults":0}',
    responseBytes: 18,
    userAgent: 'Okta SCIM Client 1.0.0',
    correlationId: '0f6c2a9e-5f0a-4c2e-9d41-3b8f6f1f2a77',
  };
}
