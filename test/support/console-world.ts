import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { pino } from 'pino';
import { buildConsole } from '../../src/app/console.js';
import { buildEngine } from '../../src/app/engine.js';
import { openServices } from '../../src/app/services.js';
import { securityNotices } from '../../src/app/security-notices.js';
import { buildDrain } from '../../src/app/work.js';
import { loadConfig } from '../../src/config/config.js';
import { renderNotice } from '../../src/console/layout/notice.js';
import { makeGroupDirectory } from '../../src/directory/groups.js';
import { makeUserDirectory } from '../../src/directory/users.js';
import { makeHttpApp } from '../../src/http/app.js';
import { listen } from '../../src/http/server.js';
import { makeSessionEdge } from '../../src/http/session.js';
import { makeSsoRouter } from '../../src/http/sso-routes.js';
import { generateKeyringEntry } from '../../src/lib/crypto.js';
import type { ConsoleRole } from '../../src/sso/console-role.js';
import { decideRole, effectiveRole } from '../../src/sso/console-role.js';
import type { ResolveTxt } from '../../src/sso/domain-record.js';
import { makeTeam } from '../../src/sso/team.js';
import { makeConsoleUserStore } from '../../src/store/sso/console-users.js';
import { makeTeamStore } from '../../src/store/sso/team.js';
import { makeOrganisationStore } from '../../src/store/organisations.js';
import { makeOrganisations } from '../../src/tenancy/organisation.js';
import { makeDirectoryStore } from '../../src/store/directory/store.js';
import type { TestDatabase } from './database.js';
import { startSso } from './sso-world.js';

/** The console over HTTP on a real database, with everything behind it real. */
export type ConsoleWorld = Awaited<ReturnType<typeof openConsole>>;

export async function openConsole(
  testDatabase: TestDatabase,
  {
    apiRequestsPerMinute = 100_000,
    resolveTxt,
  }: { readonly apiRequestsPerMinute?: number; readonly resolveTxt?: ResolveTxt } = {},
) {
  const log = pino({ level: process.env['CONSOLE_TEST_LOG'] ?? 'silent' });
  const services = await openServices({ config: testConfig(testDatabase.url), log });
  const engine = buildEngine(services);
  const sso = await startSso({
    url: testDatabase.url,
    keyring: services.keyring,
    ...(resolveTxt === undefined ? {} : { resolveTxt }),
  });
  const session = makeSessionEdge({ sessions: sso.sessions, publicUrl: 'http://127.0.0.1' });
  const nudges: string[] = [];
  const { router, api, oneTimeLogin } = buildConsole({
    ...sso,
    services,
    engine,
    session,
    apiRequestsPerMinute,
    nudge: (tenantId) => void nudges.push(tenantId),
  });
  const app = makeHttpApp({
    log,
    now: () => services.clock.now(),
    health: { ready: {}, version: 'test' },
    trustProxy: false,
    mounts: [
      { path: '/console', router },
      { path: '/api/v1', router: api },
      { path: '/sso', router: makeSsoRouter({ ...sso, session, renderNotice }) },
    ],
  });
  const server = await listen(app, '127.0.0.1', 0);
  const directory = openDirectoryOf(services);
  return {
    ...directory,
    sso,
    services,
    engine,
    oneTimeLogin,
    /** For the list of all routes. */
    consoleRouter: router,
    nudges,
    team: makeTeam({
      store: makeTeamStore(services.database),
      notices: securityNotices(services),
      now: () => services.clock.now(),
    }),
    organisations: makeOrganisations({
      store: makeOrganisationStore(services.database),
      now: () => services.clock.now(),
    }),
    /** What a verified assertion does to the person's role. */
    signInPerson: (person: SignedInAs) => applySignIn(services, person),
    drain: buildDrain(services, engine),
    origin: `http://127.0.0.1:${String(server.port)}`,
    /** The cookie of somebody with this role. */
    signIn: (tenantId: string, role: ConsoleRole, name = `${role}-person`) =>
      signIn({ services, sso }, tenantId, role, name),
    async close() {
      await server.stop(200);
      await sso.stop();
      await services.close();
      await testDatabase.drop();
    },
  };
}

function testConfig(url: string) {
  const loaded = loadConfig({
    argv: ['--database-url', url, '--allow-loopback-providers'],
    env: { PATCHBAY_ENCRYPTION_KEYS: generateKeyringEntry('test') },
    readFile: () => '',
  });
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  return loaded.config;
}

type Services = Awaited<ReturnType<typeof openServices>>;

function openDirectoryOf({ database, clock, newId }: Services) {
  const store = makeDirectoryStore(database);
  const deps = { store, clock, newId, onDirectoryChange: () => undefined };
  return { users: makeUserDirectory(deps), groups: makeGroupDirectory(deps) };
}

async function signIn(
  { services, sso }: { services: Services; sso: Awaited<ReturnType<typeof startSso>> },
  tenantId: string,
  role: ConsoleRole,
  displayName: string,
): Promise<string> {
  const db = services.database.forTenant(tenantId);
  const userId = randomUUID();
  const email = `${displayName.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@acme.example`;
  await sql`insert into console_users (tenant_id, id, kind, login_name, email, display_name, role, password_hash,
      totp_secret, created_at)
    values (${tenantId}, ${userId}, 'local', ${userId}, ${email}, ${displayName}, ${role}, '', '', now())`.execute(
    db,
  );
  const { token } = await sso.sessions.start({ tenantId, actor: { userId }, previous: null });
  return `patchbay_session=${token}`;
}

interface SignedInAs {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly nameId: string;
  readonly mappedRole: ConsoleRole | null;
}

async function applySignIn({ database }: Services, person: SignedInAs): Promise<void> {
  const facts = { email: null, displayName: 'Somebody', at: new Date() };
  await makeConsoleUserStore(database).applyLogin(
    { ...person, ...facts },
    {
      newId: randomUUID,
      decide: (current, otherOwners, pinned) =>
        decideRole({ current, mapped: effectiveRole(person.mappedRole, pinned), otherOwners }),
      describe: () => ({
        at: facts.at,
        actor: 'sso:people',
        action: 'console.signed-in',
        targetType: 'console-user',
        targetId: person.nameId,
      }),
    },
  );
}
