import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '../../tenancy/account.js';
import type { Services } from '../services.js';
import { findRoot } from '../version.js';
import type { DemoCompany } from './company.js';
import type { DemoMemory } from './memory.js';

export const DEMO_TENANT = 'demo';
export const DEMO_ACCOUNT = 'aircall';
/** Below the product's own folder. */
export const DEMO_RULES_FILE = ['config', 'demo-rules.yaml'] as const;
const ACTOR = 'demo';
/** The highest rate that an Aircall account may be set to. */
const RATE_MAX = 6_000;
/** The same people leave and return whenever the morning is played again: for a real account, a reason to ask. */
export const DEMO_SETTINGS = { safety: { flapsPerDayMax: 1_000, removalsPerHourMax: 1_000 } };

/**
 * Makes sure that the demo tenant, its account at the simulated company, its rules and a SCIM token are there.
 * Returns the token: a new one on first start, the remembered one afterwards.
 */
export async function ensureDemoTenant(
  services: Services,
  company: DemoCompany,
  memory: DemoMemory,
): Promise<{ readonly token: string; readonly tenantId: string }> {
  const known = (await services.tenants.list()).find((tenant) => tenant.slug === DEMO_TENANT);
  const tenant = known ?? (await services.tenants.create({ slug: DEMO_TENANT, name: 'Demo', actor: ACTOR }));
  await ensureAccount(services, tenant.id, company);
  if ((await services.rules.list(tenant.id)).length === 0) {
    const text = await readFile(join(findRoot(), ...DEMO_RULES_FILE), 'utf8');
    await services.rules.save({ tenantId: tenant.id, text, note: 'rules of the demo', actor: ACTOR });
  }
  return { token: memory.scimToken ?? (await createToken(services, tenant.id)), tenantId: tenant.id };
}

/** The sandbox may have had to move to another port since the last start. */
async function ensureAccount(services: Services, tenantId: string, company: DemoCompany): Promise<Account> {
  const { url, apiId, apiToken } = company;
  const config = {
    baseUrl: url,
    dashboardUrl: url,
    requestsPerMinute: Math.min(company.requestsPerMinute, RATE_MAX),
  };
  const account = await services.accountStore.findByName(tenantId, DEMO_ACCOUNT);
  if (account !== null) {
    await services.accounts.setConfig(account, config, ACTOR);
    return account;
  }
  const created = await services.accounts.create({
    tenantId,
    name: DEMO_ACCOUNT,
    provider: 'aircall',
    config,
    secrets: { apiId, apiToken },
    settings: DEMO_SETTINGS,
    policy: 'sync',
    validate: true,
    actor: ACTOR,
  });
  return created.account;
}

async function createToken(services: Services, tenantId: string): Promise<string> {
  const created = await services.tokens.create({
    tenantId,
    kind: 'scim',
    name: 'demo',
    expiresAt: null,
    actor: ACTOR,
  });
  return created.token;
}
