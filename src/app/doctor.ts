import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import type { Config } from '../config/config.js';
import { isAppError } from '../domain/errors.js';
import { accountWarnings, type Account } from '../tenancy/account.js';
import { ssoTroubles } from './doctor-sso.js';
import { mailServerOf } from './mail.js';
import type { Services } from './services.js';

/** One thing that was looked at. `remedy` says what to do; null when there is nothing to do. */
export interface Finding {
  readonly check: string;
  readonly result: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  readonly remedy: string | null;
}

type Probe = () => Promise<Finding>;

/** Beyond this, expiry dates and grace periods of two machines disagree noticeably. */
const CLOCK_SKEW_MAX_MS = 5_000;

/** Looks at everything that must be right for a working service; never changes anything. */
export async function examine(config: Config, open: () => Promise<Services>): Promise<readonly Finding[]> {
  const findings: Finding[] = [await probe('port', () => checkPort(config))];
  if (config.redisUrl !== undefined)
    findings.push(await probe('queue', () => checkRedis(config.redisUrl ?? '')));
  findings.push(await probe('mail', () => checkMail(config)));
  let services: Services;
  try {
    services = await open();
  } catch (error) {
    return [...findings, failed('database', error, 'Nothing else could be checked without it.')];
  }
  try {
    for (const [check, run] of databaseProbes(services)) findings.push(await probe(check, run));
    for (const [check, run] of await accountProbes(services)) findings.push(await probe(check, run));
    for (const { check, detail, remedy } of await ssoTroubles(services))
      findings.push(warn(check, detail, remedy));
    return findings;
  } finally {
    await services.close();
  }
}

function databaseProbes(services: Services): readonly (readonly [string, Probe])[] {
  return [
    ['database', () => checkDatabase(services)],
    ...(services.config.redisUrl === undefined ? [['queue', () => checkQueue(services)] as const] : []),
    ['clock', () => checkClock(services)],
  ];
}

async function accountProbes(services: Services): Promise<readonly (readonly [string, Probe])[]> {
  const probes: (readonly [string, Probe])[] = [];
  for (const tenant of await services.tenants.list()) {
    const hasRules = (await services.rules.list(tenant.id)).length > 0;
    probes.push([`rules of ${tenant.slug}`, () => Promise.resolve(describeRules(tenant.slug, hasRules))]);
    for (const account of await services.accounts.list(tenant.id)) {
      probes.push([
        `account ${tenant.slug}/${account.name}`,
        () => checkAccount(services, tenant.slug, account),
      ]);
      const check = `recordings of ${tenant.slug}/${account.name}`;
      for (const detail of accountWarnings(account))
        probes.push([check, () => Promise.resolve(warn(check, detail, settingsOf(tenant.slug, account)))]);
    }
  }
  return probes;
}

async function checkPort({ host, port }: Config): Promise<Finding> {
  const code = await new Promise<string | null>((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
  if (code === null) return ok('port', `${host}:${port} is free`);
  if (code !== 'EADDRINUSE') {
    return {
      check: 'port',
      result: 'failed',
      detail: `cannot listen on ${host}:${port} (${code})`,
      remedy: 'Choose another HOST or PORT.',
    };
  }
  if (await answersAsPatchbay(host, port)) return ok('port', `Patchbay is running on ${host}:${port}`);
  const remedy = 'Stop the program that uses it, or choose another PORT.';
  return { check: 'port', result: 'failed', detail: `${host}:${port} is used by another program`, remedy };
}

async function answersAsPatchbay(host: string, port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://${host}:${port}/healthz`, { signal: AbortSignal.timeout(10_000) });
    const body = (await response.json()) as { status?: unknown; version?: unknown };
    return body.status === 'ok' && typeof body.version === 'string';
  } catch {
    return false;
  }
}

async function checkRedis(url: string): Promise<Finding> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: 10_000,
    retryStrategy: null,
  });
  let reason = 'no answer';
  redis.on('error', (error: NodeJS.ErrnoException) => (reason = error.code ?? error.message));
  try {
    await redis.connect();
    return describeRedis(await redis.config('GET', 'maxmemory-policy').catch(() => []));
  } catch {
    const remedy =
      'Check REDIS_URL and that Redis is running, or unset it: the queue is kept in Postgres then.';
    return { check: 'queue', result: 'failed', detail: `Redis cannot be reached (${reason})`, remedy };
  } finally {
    redis.disconnect();
  }
}

function describeRedis(policy: unknown): Finding {
  const evicts = Array.isArray(policy) && policy[1] !== undefined && policy[1] !== 'noeviction';
  if (!evicts) return ok('queue', 'Redis answers');
  const detail = `Redis may evict jobs (maxmemory-policy ${String(policy[1])})`;
  return { check: 'queue', result: 'warning', detail, remedy: 'Set maxmemory-policy to noeviction.' };
}

async function checkMail(config: Config): Promise<Finding> {
  const server = mailServerOf(config);
  if (server === null) {
    const remedy = 'Set SMTP_URL and MAIL_FROM.';
    const detail = 'no mail server configured: e-mails are kept for three days and not sent';
    return { check: 'mail', result: 'warning', detail, remedy };
  }
  try {
    await server.check();
    return ok('mail', `${server.name} accepts the connection`);
  } finally {
    server.close();
  }
}

async function checkDatabase({ database, config }: Services): Promise<Finding> {
  const { rows } = await database.pool.query<{ number: string; version: string }>(
    "select current_setting('server_version_num') as number, current_setting('server_version') as version",
  );
  const where = config.databaseUrl === undefined ? 'built-in' : 'DATABASE_URL';
  const detail = `Postgres ${rows[0]?.version ?? '?'} (${where}), schema up to date`;
  if (Number(rows[0]?.number ?? 0) >= 140_000) return ok('database', detail);
  return { check: 'database', result: 'failed', detail, remedy: 'Use Postgres 14 or later.' };
}

/** Without Redis the queue has tables of its own beside ours; the first process that works makes them. */
async function checkQueue({ databaseUrl }: Services): Promise<Finding> {
  // Its own connection, as the queue has: our pool may have stepped down to a role with fewer rights.
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ usable: boolean | null }>(
      "select has_table_privilege(to_regclass('bullmq.job'), 'insert') as usable",
    );
    if (rows[0]?.usable === null) return ok('queue', 'kept in the database, from the first start on');
    if (rows[0]?.usable === true) return ok('queue', 'kept in the database');
  } finally {
    await client.end();
  }
  const remedy =
    'Give the database role of DATABASE_URL all rights on the schema "bullmq", or make it the owner.';
  return {
    check: 'queue',
    result: 'failed',
    detail: 'the tables of the queue may not be written to',
    remedy,
  };
}

async function checkClock({ database, clock }: Services): Promise<Finding> {
  const before = clock.now().getTime();
  const { rows } = await database.pool.query<{ now: Date }>('select clock_timestamp() as now');
  const after = clock.now().getTime();
  const skewMs = Math.abs((rows[0]?.now.getTime() ?? 0) - (before + after) / 2);
  const detail = `${Math.round(skewMs)} ms from the database's clock`;
  if (skewMs <= CLOCK_SKEW_MAX_MS) return ok('clock', detail);
  return {
    check: 'clock',
    result: 'failed',
    detail,
    remedy: 'Run NTP on this machine and on the database server.',
  };
}

function describeRules(tenant: string, hasRules: boolean): Finding {
  const check = `rules of ${tenant}`;
  if (hasRules) return ok(check, 'there are mapping rules');
  const remedy = `patchbay rules import config/rules.example.yaml --tenant ${tenant} (after adapting it)`;
  return { check, result: 'warning', detail: 'no mapping rules: nobody gets an agent', remedy };
}

async function checkAccount(services: Services, tenant: string, account: Account): Promise<Finding> {
  const check = `account ${tenant}/${account.name}`;
  if (account.state === 'paused') {
    const remedy = `After mending the cause: patchbay account resume ${account.name} --tenant ${tenant}`;
    return { check, result: 'failed', detail: `paused: ${account.pausedReason ?? ''}`, remedy };
  }
  const pacer = { take: () => Promise.resolve(), observe: () => undefined };
  const facts = await services.providers.open(account, pacer).validate();
  return ok(check, `${facts.companyName}, ${account.policy}`);
}

async function probe(check: string, run: Probe): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    return failed(check, error, 'Mend the cause and run doctor again.');
  }
}

function failed(check: string, error: unknown, remedy: string): Finding {
  const message = error instanceof Error ? error.message : String(error);
  // Messages of ours end with what to do.
  return { check, result: 'failed', detail: message, remedy: isAppError(error) ? null : remedy };
}

function settingsOf(tenant: string, { name }: Account): string {
  return `patchbay account settings ${name} --tenant ${tenant} --file settings.yaml`;
}

function warn(check: string, detail: string, remedy: string): Finding {
  return { check, result: 'warning', detail, remedy };
}

function ok(check: string, detail: string): Finding {
  return { check, result: 'ok', detail, remedy: null };
}
