import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Capabilities, VendorLimits } from '../../../src/domain/capabilities.js';
import { ACCESS_KINDS } from '../../../src/domain/entitlement.js';
import { isAppError } from '../../../src/domain/errors.js';
import {
  type DashboardJob,
  type DashboardPlace,
  DASHBOARD_JOBS,
  fillSteps,
} from '../../../src/providers/dashboard.js';
import { listsCalls, PROVIDERS, providerDefinition } from '../../../src/providers/registry.js';

const folder = path.join(import.meta.dirname, '../../../src/providers');

test('every vendor folder is registered under its own name', () => {
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

  expect(Object.keys(PROVIDERS).sort()).toEqual(folders.sort());
  expect(Object.entries(PROVIDERS).map(([id, definition]) => definition.id === id)).not.toContain(false);
});

test.each(Object.values(PROVIDERS).map((definition) => [definition.id, definition] as const))(
  '%s has settings that need no value and survive being stored',
  (_id, definition) => {
    const config = definition.configSchema.parse({});

    expect(definition.configSchema.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
    expect(definition.configSchema.safeParse({ unknownKey: 1 }).success).toBe(false);
    // Where people do the work there is nothing to sign in with, nothing to pace, and the list is as deep as a link goes.
    const hasApi = definition.capabilities.writes === 'api';
    expect(definition.secretSchema.safeParse({}).success).toBe(!hasApi);
    const { limitPerMinute } = definition.pacingFor(config);
    expect(limitPerMinute < definition.limits.requestsPerMinute).toBe(hasApi);
    expect(definition.readExport === undefined).toBe(hasApi);
    const link = (place: DashboardPlace) => definition.dashboardLink(config, place);
    expect(link({ page: 'agent', providerUserId: '12' })).toMatch(hasApi ? /^https:\/\/.*12/ : /^https:\/\//);
    expect(link({ page: 'number', providerNumberId: '34' })).toMatch(/^https:\/\//);
    for (const page of ['agents', 'numbers', 'teams', 'sign-in'] as const)
      expect(link({ page })).toMatch(/^https:\/\//);
    expect(definition.capabilitiesFor(config)).toEqual(definition.capabilities);
  },
);

/** Enough to open a provider that is never asked anything. */
const SECRETS: Readonly<Record<string, object>> = {
  aircall: { apiId: 'id', apiToken: 'token' },
  smartflo: { token: 'token' },
  vxt: {},
};

test.each(Object.values(PROVIDERS).map((definition) => [definition.id, definition] as const))(
  '%s says truly whether it lists calls',
  (id, definition) => {
    const unasked = () => Promise.reject(new Error('Nobody is asked.'));
    const config = definition.configSchema.parse({});
    const provider = definition.open(config, definition.secretSchema.parse(SECRETS[id]), {
      accountId: 'account',
      send: unasked,
      pacer: { take: unasked, observe: () => undefined },
      now: () => 0,
    });
    expect(provider.calls !== undefined || provider.lastCall !== undefined).toBe(listsCalls(id));
  },
);

/** What the vendor's API cannot: whatever a plan may then put on the worklist. */
function jobsByHand({ numberAccess, ...can }: Capabilities, limits: VendorLimits): readonly DashboardJob[] {
  const byKind = ACCESS_KINDS.flatMap((kind): readonly DashboardJob[] => {
    if (numberAccess[kind] === 'api' || numberAccess[kind] === 'none') return [];
    const both = [`grant-number:${kind}`, `revoke-number:${kind}`] as const;
    return numberAccess[kind] === 'via-team' ? ['grant-number:via-team', ...both] : both;
  });
  return [
    ...byKind,
    ...(can.writeEmail ? [] : (['change-email'] as const)),
    ...(can.writeRole ? [] : (['change-role'] as const)),
    ...(can.writeOwner || !can.owners ? [] : (['make-owner', 'remove-owner'] as const)),
    ...(can.createTeam || !can.teams ? [] : (['create-team'] as const)),
    ...(can.delete === 'permanent' ? [] : (['delete-agent'] as const)),
    ...(can.initialPassword === true ? (['choose-password'] as const) : []),
    ...(can.writes === 'manual' ? [] : (['give-any-number'] as const)),
    ...(limits.invitationValidDays === undefined
      ? []
      : (['remind-invitation', 'resend-invitation'] as const)),
  ];
}

/** What each job's steps may speak of. */
function valuesFor(job: DashboardJob): Readonly<Record<string, string>> {
  const [kind] = job.split(':');
  return {
    email: 'ada@example.com',
    ...(kind === 'grant-number' || kind === 'revoke-number' ? { number: '+33176111111' } : {}),
    ...(job === 'grant-number:via-team' || job === 'create-team' ? { team: 'Sales' } : {}),
    ...(job === 'change-email' ? { from: 'ada@old.example', to: 'ada@example.com' } : {}),
    ...(job === 'change-role' ? { role: 'admin' } : {}),
    ...(job.endsWith('-invitation') ? { date: '2026-12-13' } : {}),
  };
}

test.each(Object.values(PROVIDERS).map((definition) => [definition.id, definition] as const))(
  '%s says step by step how people do what its API cannot',
  (_id, { dashboard, capabilities, limits }) => {
    const missing = jobsByHand(capabilities, limits).filter((job) => dashboard[job] === undefined);

    expect(missing).toEqual([]);
    for (const job of DASHBOARD_JOBS) {
      const steps = fillSteps(dashboard[job]?.steps ?? [], valuesFor(job));
      expect(steps.filter((step) => /[{}]/.test(step) || !/[.:]$/.test(step))).toEqual([]);
    }
  },
);

test.each(['genesys', 'constructor', ''])('an unknown vendor ("%s") is refused with the known ones', (id) => {
  const refused = (): unknown => {
    try {
      return providerDefinition(id);
    } catch (error) {
      return error;
    }
  };

  const error = refused();

  expect(isAppError(error, 'invalid')).toBe(true);
  expect(String(error)).toContain('aircall');
});

test('a known vendor is found', () => {
  expect(providerDefinition('aircall').displayName).toBe('Aircall');
});
