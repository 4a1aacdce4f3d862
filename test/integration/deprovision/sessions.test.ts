import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SESSION_LIMITS, makeSessions, type Sessions } from '../../../src/sso/sessions.js';
import { makeSessionStore } from '../../../src/store/sso/sessions.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

describe('sessions of the console of somebody who leaves', () => {
  let engine: EngineFixture;
  let sessions: Sessions;

  beforeAll(async () => {
    engine = await openEngine({ settings: { graceDays: 10, safety: { removalFloor: 100 } } });
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    const { database, newId } = engine.directory;
    sessions = makeSessions({
      store: makeSessionStore(database),
      limits: DEFAULT_SESSION_LIMITS,
      newId,
      now: () => new Date(),
    });
    await engine.addUser('Anchor', ['Sales']);
    await engine.requestReconcile();
    await engine.settle();
  });

  afterAll(() => engine.close());

  /** A cookie of somebody who signed in; `nameId` is what the IdP calls them, null: a local owner. */
  async function signIn(nameId: string | null, email: string): Promise<string> {
    const { tenantId } = engine.account;
    const db = engine.directory.database.forTenant(tenantId);
    const userId = randomUUID();
    const connectionId = randomUUID();
    if (nameId !== null) {
      await sql`insert into sso_connections (tenant_id, id, name, label, idp_kind, state, settings,
          sp_signing_certificate, sp_encryption_certificate, sp_keys, created_at, updated_at)
        values (${tenantId}, ${connectionId}, ${connectionId}, '', 'okta', 'active', '{}', '', '', '', now(), now())`.execute(
        db,
      );
    }
    await sql`insert into console_users (tenant_id, id, kind, connection_id, name_id, login_name, email, display_name,
        role, password_hash, totp_secret, created_at)
      values (${tenantId}, ${userId}, ${nameId === null ? 'local' : 'sso'}, ${nameId === null ? null : connectionId},
        ${nameId}, ${nameId === null ? userId : null}, ${email}, 'Somebody', 'admin',
        ${nameId === null ? '' : null}, ${nameId === null ? '' : null}, now())`.execute(db);
    const { token } = await sessions.start({ tenantId, actor: { userId }, previous: null });
    await sql`update console_sessions set connection_id = ${nameId === null ? null : connectionId}
      where user_id = ${userId}`.execute(db);
    expect(await sessions.find(token)).not.toBeNull();
    return token;
  }

  const isIn = async (token: string): Promise<boolean> => (await sessions.find(token)) !== null;

  it('end with the very write that deactivates or deletes them, by address or by what the IdP calls them', async () => {
    const ada = await engine.addUser('Ada', ['Sales']);
    const bea = await engine.addUser('Bea', ['Sales']);
    const byAddress = await signIn('00u1', emailOf('ADA'));
    const byName = await signIn(emailOf('Ada').toUpperCase(), 'ada@elsewhere.example');
    const other = await signIn('00u2', emailOf('Bea'));
    const local = await signIn(null, emailOf('Ada'));

    await engine.setActive(ada, false);
    expect([await isIn(byAddress), await isIn(byName), await isIn(other), await isIn(local)]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    const [event] = await engine.query<{ data: object }>(
      "select data from audit_events where action = 'user.deactivated'",
    );
    expect(event?.data).toMatchObject({ sessionsEnded: 2 });

    await engine.removeUser(bea);
    expect(await isIn(other)).toBe(false);
  });

  it('open nothing where they were stored by a sign-in that went on meanwhile', async () => {
    const finn = await engine.addUser('Finn', ['Sales']);
    const token = await signIn('00u-finn', emailOf('Finn'));
    const session = await sessions.find(token);
    if (session?.actor.kind !== 'person') throw new Error('Nobody signed in.');
    const { userId } = session.actor;
    await engine.setActive(finn, false);
    const { token: late } = await sessions.start({
      tenantId: session.tenantId,
      actor: { userId },
      previous: null,
    });
    await engine.query(
      `update console_sessions set connection_id = '${session.connectionId ?? ''}' where user_id = '${userId}'`,
    );
    expect(await isIn(late)).toBe(false);
    const context = { tenantId: session.tenantId, actor: 'test', correlationId: null };
    await engine.directory.users.setActive(context, finn, true, null);
    expect(await isIn(late)).toBe(true);
  });

  it('end with the short way of deactivating as well, be it of many at once, each with their own', async () => {
    const names = ['Eve', 'Fay', 'Gil', 'Hal', 'Ida', 'Jon'];
    const ids: string[] = [];
    for (const name of names) ids.push(await engine.addUser(name, ['Sales']));
    const tokens = [
      await signIn('00u5', emailOf('Eve')),
      await signIn(emailOf('Eve').toUpperCase(), 'eve@elsewhere.example'),
      await signIn('00u6', emailOf('Hal')),
    ];
    const stays = await signIn('00u7', emailOf('Jon'));
    const leavers = ids.slice(0, -1);
    await Promise.all(
      leavers.map((id, index) => {
        const context = { tenantId: engine.account.tenantId, actor: 'test', correlationId: `r${index}` };
        return engine.directory.users.setActive(context, id, false, null);
      }),
    );
    expect(await Promise.all([...tokens, stays].map(isIn))).toEqual([false, false, false, true]);
    const events = await engine.query<{ target: string; correlation: string; ended: number | null }>(
      `select target_id as target, correlation_id as correlation, (data -> 'sessionsEnded')::int as ended
       from audit_events where action = 'user.deactivated' and correlation_id like 'r%' order by correlation_id`,
    );
    expect(events).toEqual(
      leavers.map((target, index) => ({
        target,
        correlation: `r${index}`,
        ended: [2, null, null, 1, null][index],
      })),
    );
  });

  it('stay with any other write', async () => {
    const cid = await engine.addUser('Cid', ['Sales']);
    const token = await signIn('00u3', emailOf('Cid'));
    await engine.setTitle(cid, 'Captain');
    expect(await isIn(token)).toBe(true);
  });

  it('end with the park of somebody who is active and whom no rule grants anything any more', async () => {
    const dan = await engine.addUser('Dan', ['Sales']);
    await engine.settle();
    const token = await signIn('00u4', emailOf('Dan'));
    await engine.leave('Sales', dan);
    expect(await isIn(token)).toBe(true);
    await engine.settle();

    expect(await isIn(token)).toBe(false);
    const events = await engine.query(
      "select actor from audit_events where action = 'console.sessions-ended'",
    );
    expect(events).toEqual([{ actor: 'patchbay' }]);
  });
});
