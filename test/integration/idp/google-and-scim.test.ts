import { generateKeyPairSync } from 'node:crypto';
import { importSPKI, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { google } from '../../../src/idp/google.js';
import { scim } from '../../../src/idp/scim.js';
import { startIdpServer, type Answer, type Asked, type IdpServer } from '../../support/idp/server.js';

let server: IdpServer | null = null;
const everything = { previous: null, progress: () => Promise.resolve() };
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

afterEach(async () => {
  await server?.stop();
  server = null;
});

interface GoogleWorld {
  readonly limitedOnce: boolean;
  readonly repeatsToken: boolean;
}

async function openGoogle(
  { limitedOnce, repeatsToken }: GoogleWorld = { limitedOnce: false, repeatsToken: false },
) {
  const assertions: string[] = [];
  let isLimited = limitedOnce;
  const users = Array.from({ length: 1_100 }, (_, number) => ({
    id: `g${number}`,
    primaryEmail: `p${number}@acme.example`,
    name: { givenName: 'Given', familyName: `Family${number}` },
    suspended: number === 3,
    archived: number === 4,
    organizations: [{ title: 'Agent', primary: true }],
  }));
  const answer = ({ url, form, authorization }: Asked): Answer => {
    if (url.pathname === '/token') {
      assertions.push(form.get('assertion') ?? '');
      return { body: { access_token: 'google-access', expires_in: 3600 } };
    }
    if (authorization !== 'Bearer google-access') return { status: 401, body: {} };
    if (isLimited) {
      isLimited = false;
      return { status: 403, body: { error: { errors: [{ reason: 'userRateLimitExceeded' }] } } };
    }
    const start = Number(url.searchParams.get('pageToken') ?? 0);
    if (url.pathname.endsWith('/members')) {
      const body = { members: users.slice(0, 5).map(({ id }) => ({ id })) };
      return { body };
    }
    if (url.pathname.includes('/groups/')) return { body: { id: 'group1', name: 'Sales' } };
    if (!url.pathname.endsWith('/users')) {
      const found = users.find(({ id }) => url.pathname.endsWith(`/${id}`));
      return found === undefined ? { status: 404, body: {} } : { body: found };
    }
    const size = Number(url.searchParams.get('maxResults') ?? 100);
    const next =
      start + size < users.length ? { nextPageToken: String(repeatsToken ? size : start + size) } : {};
    return { body: { users: users.slice(start, start + size), ...next } };
  };
  server = await startIdpServer(answer);
  const config = google.configSchema.parse({
    adminEmail: 'admin@acme.example',
    clientEmail: 'reader@project.example',
    groups: ['sales@acme.example'],
    tokenUrl: `${server.origin}/token`,
    directoryUrl: `${server.origin}/admin/directory/v1`,
  });
  return { reader: google.open(config, google.secretSchema.parse({ privateKey }), server.deps), assertions };
}

describe('Google Workspace', () => {
  it('is read page by page with an assertion signed for the administrator', async () => {
    const { reader, assertions } = await openGoogle();
    const { reading, inScope } = await reader.read(everything);
    expect(reading.people.length).toBe(1_100);
    expect(inScope).toEqual(new Set(['g0', 'g1', 'g2', 'g3', 'g4']));
    expect(reading.people.filter(({ isActive }) => !isActive).map(({ status }) => status)).toEqual([
      'suspended',
      'archived',
    ]);
    const key = await importSPKI(publicKey, 'RS256');
    const currentDate = server?.clock.now() ?? new Date();
    const { payload } = await jwtVerify(assertions[0] ?? '', key, {
      currentDate,
      audience: `${server?.origin}/token`,
    });
    expect(payload).toMatchObject({ iss: 'reader@project.example', sub: 'admin@acme.example' });
    expect(payload['scope']).not.toMatch(/directory\.user(?!\.readonly)/u);
    expect(await reader.lookUp('g3')).toMatchObject({ isActive: false });
    expect(await reader.lookUp('g9999')).toBeNull();
  });

  it('a 403 that means too many is waited for, and a page that comes again ends the reading', async () => {
    const { reader } = await openGoogle({ limitedOnce: true, repeatsToken: true });
    await expect(reader.read(everything)).rejects.toMatchObject({ kind: 'contract' });
    expect(server?.waits.length).toBe(1);
  });
});

describe('a generic SCIM directory', () => {
  async function openScim(total: number, told = total) {
    const users = Array.from({ length: total }, (_, number) => ({
      id: `s${number}`,
      userName: `p${number}@acme.example`,
      active: number !== 2,
      emails: [{ value: `p${number}@acme.example`, primary: true }],
      name: { givenName: 'Given', familyName: `Family${number}` },
    }));
    server = await startIdpServer(({ url, authorization }) => {
      if (authorization !== 'Bearer scim-token') return { status: 401, body: {} };
      const start = Number(url.searchParams.get('startIndex')) - 1;
      const count = Number(url.searchParams.get('count'));
      if (url.pathname.endsWith('/Groups')) {
        const Resources = start === 0 ? [{ id: 'g1', displayName: 'Sales', members: [{ value: 's1' }] }] : [];
        return { body: { totalResults: 1, Resources } };
      }
      const one = users.find(({ id }) => url.pathname.endsWith(`/Users/${id}`));
      if (one !== undefined) return { body: one };
      if (!url.pathname.endsWith('/Users')) return { status: 404, body: {} };
      return { body: { totalResults: told, Resources: users.slice(start, start + count) } };
    });
    const config = scim.configSchema.parse({ baseUrl: `${server.origin}/scim/v2`, pageSize: 50 });
    return scim.open(config, scim.secretSchema.parse({ token: 'scim-token' }), server.deps);
  }

  it('is read page by page', async () => {
    const reader = await openScim(230);
    const { reading } = await reader.read(everything);
    expect(reading.people.length).toBe(230);
    expect(reading.people[2]).toMatchObject({ isActive: false, familyName: 'Family2' });
    expect(reading.groups).toEqual([{ id: 'g1', name: 'Sales', memberIds: ['s1'] }]);
    expect(await reader.lookUp('nobody')).toBeNull();
  });

  it('that shows fewer people than it announces is no reading', async () => {
    const reader = await openScim(230, 231);
    await expect(reader.read(everything)).rejects.toMatchObject({ kind: 'contract' });
  });
});
