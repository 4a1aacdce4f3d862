import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeIdSource } from '../../../src/lib/ids.js';
import { systemClock } from '../../../src/lib/clock.js';
import { hashToken, looksLikeToken, mintToken } from '../../../src/lib/tokens.js';
import { openDatabase, type TenantDatabase } from '../../../src/store/database.js';
import { makeTenantStore } from '../../../src/store/tenants.js';
import { makeTokenStore } from '../../../src/store/tokens.js';
import type { Tenant } from '../../../src/tenancy/ports.js';
import { makeTenants } from '../../../src/tenancy/tenants.js';
import { makeTokens } from '../../../src/tenancy/tokens.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

let testDatabase: TestDatabase;
let database: TenantDatabase;
let tenant: Tenant;
let serial = 0;

const newId = makeIdSource(systemClock);
const now = () => new Date('2026-03-01T10:00:00Z');
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase({ url: testDatabase.url, poolMax: 5, log: pino({ level: 'silent' }) });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  const tenants = makeTenants({ tenants: makeTenantStore(database), newId, now });
  tenant = await tenants.create({ slug: `tenant-${(serial += 1)}`, actor: 'test' });
});

function tokens() {
  return makeTokens({ tokens: makeTokenStore(database), mint: mintToken, newId, now });
}

function request(name: string) {
  return { tenantId: tenant.id, kind: 'scim' as const, name, expiresAt: null, actor: 'test' };
}

describe('tokens', () => {
  it('are recognisable, stored as hashes only, and audited without the secret', async () => {
    const { token, record } = await tokens().create(request('Okta'));
    expect(looksLikeToken(token)).toBe(true);
    const [row] = await database
      .system()
      .selectFrom('api_tokens')
      .selectAll()
      .where('id', '=', record.id)
      .execute();
    expect(row?.hash.equals(hashToken(token))).toBe(true);
    const audited = await database
      .forTenant(tenant.id)
      .selectFrom('audit_events')
      .selectAll()
      .orderBy('id')
      .execute();
    expect(JSON.stringify([row, audited])).not.toContain(token.slice(14));
    expect(audited.map((event) => [event.action, event.target_id])).toEqual([
      ['tenant.created', tenant.id],
      ['token.created', record.id],
    ]);
  });

  it('are two at a time for rotation; the third is refused until one is revoked', async () => {
    const first = await tokens().create(request('old'));
    await tokens().create(request('new'));
    await expect(tokens().create(request('third'))).rejects.toMatchObject({ kind: 'conflict' });
    await tokens().revoke({ tenantId: tenant.id, tokenId: first.record.id, actor: 'test' });
    await tokens().create(request('third'));
    const states = (await tokens().list(tenant.id, 'scim')).map((token) => [
      token.name,
      token.revokedAt !== null,
    ]);
    expect(states).toEqual([
      ['old', true],
      ['new', false],
      ['third', false],
    ]);
  });

  it('never exceed the limit when made at the same moment', async () => {
    const made = await Promise.allSettled(
      Array.from({ length: 5 }, (_, index) => tokens().create(request(`${index}`))),
    );
    expect(made.filter((result) => result.status === 'fulfilled')).toHaveLength(2);
  });

  it('cannot be revoked twice, nor by another tenant', async () => {
    const { record } = await tokens().create(request('x'));
    const other = '00000000-0000-4000-8000-000000000001';
    const revoke = (tenantId: string) => tokens().revoke({ tenantId, tokenId: record.id, actor: 'test' });
    await expect(revoke(other)).rejects.toMatchObject({ kind: 'notFound' });
    await revoke(tenant.id);
    await expect(revoke(tenant.id)).rejects.toMatchObject({ kind: 'notFound' });
  });

  it('an expiry in the past is refused', async () => {
    const expiresAt = new Date('2026-02-01');
    await expect(tokens().create({ ...request('late'), expiresAt })).rejects.toMatchObject({
      kind: 'invalid',
    });
  });
});

describe('tenants', () => {
  it('a slug is refused when it is bad or taken, with a remedy', async () => {
    const tenants = makeTenants({ tenants: makeTenantStore(database), newId, now });
    await expect(tenants.create({ slug: 'Acme Corp', actor: 't' })).rejects.toThrow(/lower-case letters/);
    await expect(tenants.create({ slug: tenant.slug, actor: 't' })).rejects.toMatchObject({
      kind: 'conflict',
    });
    await expect(tenants.bySlug('nobody')).rejects.toThrow(new RegExp(`Known tenants: .*${tenant.slug}`));
  });
});
