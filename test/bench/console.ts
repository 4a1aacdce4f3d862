import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.js';
import { migrateToLatest } from '../../src/store/migrate.js';
import { openConsole } from '../support/console-world.js';
import { fillConsole, type ConsoleData } from './console/fill.js';
import type { FigureRow } from './context.js';

const BAR_MS = 100;
const BAR_BYTES = 100_000;
const SCALE = { full: { people: 50_000, rounds: 60 }, smoke: { people: 500, rounds: 5 } } as const;

/** Server time of each page with a tenant of 50,000 people, 300 groups and 3 accounts; and the size of the first one. */
export async function measureConsole(isSmoke: boolean): Promise<readonly FigureRow[]> {
  const { people, rounds } = isSmoke ? SCALE.smoke : SCALE.full;
  const dataDir = await mkdtemp(join(tmpdir(), 'patchbay-bench-'));
  const log = { info: () => undefined, warn: console.warn, error: console.error };
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  try {
    await migrateToLatest(postgres.url);
    const data = await fill(postgres, people);
    return await measurePages(postgres.url, data, rounds);
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function fill(postgres: { readonly url: string; readonly superuserUrl: string }, people: number) {
  const url = new URL(postgres.superuserUrl);
  url.pathname = new URL(postgres.url).pathname;
  const superuser = new pg.Pool({ connectionString: url.href, max: 1 });
  try {
    return await fillConsole(superuser, people);
  } finally {
    await superuser.end();
  }
}

function pages({
  personId,
  groupId,
  planId,
  taskId,
  findingId,
  leaverId,
}: ConsoleData): Readonly<Record<string, string>> {
  return {
    overview: '/',
    people: '/people',
    'people, a rare name': '/people?search=user4321%40',
    'people, no such name': '/people?search=zzzz',
    'people of a group': `/people?group=${groupId}`,
    'people on the way': '/people?filter=waiting',
    'one person': `/people/${personId}`,
    groups: '/groups',
    rules: '/rules',
    'the rules’ editor': '/rules/edit',
    'versions of the rules': '/rules/history',
    plans: '/plans',
    'one plan': `/plans/${planId}`,
    leavers: '/leavers',
    'one leaver': `/leavers/${leaverId}`,
    removals: '/leavers/removals',
    worklist: '/worklist',
    'worklist, a search': '/worklist?search=user50+number',
    'one task': `/worklist/${taskId}`,
    accounts: '/accounts',
    'one account': '/accounts/account-1',
    'its existing agents': '/accounts/account-1/adoption',
    'a new account': '/accounts/new',
    capabilities: '/accounts/capabilities',
    connections: '/connections',
    requests: '/connections/requests',
    'requests, a search': '/connections/requests?search=user77%40',
    'OAuth clients': '/connections/clients',
    'single sign-on domains': '/sso/domains',
    findings: '/findings',
    'one finding': `/findings/${findingId}`,
    comparisons: '/comparisons',
    'identity providers': '/identity-providers',
    reports: '/reports',
    'report destinations': '/reports/destinations',
    notifications: '/notifications',
    audit: '/audit?actor=cli%3Aroot',
    'audit, unfiltered': '/audit',
    'who held what': '/audit/entitlements',
    'how long people took': '/audit/journeys',
    settings: '/settings',
    'your account': '/me',
    access: '/access',
  };
}

async function measurePages(url: string, data: ConsoleData, rounds: number): Promise<readonly FigureRow[]> {
  const nothing = () => Promise.resolve();
  const world = await openConsole({ url, disconnectAll: () => Promise.resolve(0), drop: nothing });
  try {
    const cookie = await world.signIn(data.tenantId, 'owner');
    const rows: FigureRow[] = [];
    for (const [name, path] of Object.entries(pages(data))) {
      rows.push(await measurePage(name, `${world.origin}/console${path}`, cookie, rounds));
    }
    return [...rows, await measureSize(world.origin, cookie)];
  } finally {
    await world.close();
  }
}

async function measurePage(name: string, url: string, cookie: string, rounds: number): Promise<FigureRow> {
  const times: number[] = [];
  let bytes = 0;
  // The first few warm connections and the server's compiler.
  for (let round = -5; round < rounds; round += 1) {
    const startedMs = performance.now();
    const response = await fetch(url, { headers: { cookie } });
    bytes = (await response.arrayBuffer()).byteLength;
    if (response.status !== 200) throw new Error(`${url} answered ${String(response.status)}.`);
    if (round >= 0) times.push(performance.now() - startedMs);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return {
    figure: `console: ${name}, p95`,
    measured: `${at(0.95).toFixed(0)} ms`,
    bar: `< ${String(BAR_MS)} ms`,
    isMet: at(0.95) < BAR_MS,
    detail: `median ${at(0.5).toFixed(1)} ms, ${(bytes / 1_000).toFixed(0)} kB`,
  };
}

/** The first page with its style, script and icon, before compression. */
async function measureSize(origin: string, cookie: string): Promise<FigureRow> {
  const html = await (await fetch(`${origin}/console/`, { headers: { cookie } })).text();
  let bytes = Buffer.byteLength(html);
  for (const [, path = ''] of html.matchAll(/(?:href|src)="(\/console\/assets\/[^"]+)"/g)) {
    bytes += (await (await fetch(`${origin}${path}`)).arrayBuffer()).byteLength;
  }
  return {
    figure: 'console: first page with everything it loads',
    measured: `${(bytes / 1_000).toFixed(1)} kB`,
    bar: `< ${String(BAR_BYTES / 1_000)} kB`,
    isMet: bytes < BAR_BYTES,
    detail: 'uncompressed',
  };
}
