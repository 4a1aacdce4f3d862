import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, it, beforeAll } from 'vitest';
import { addConsolePerson } from '../../support/console-people.js';
import { visit } from '../../support/console-visitor.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';

let world: ConsoleWorld;
let tenantId: string;
let tenants = 0;

beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
});
afterAll(() => world?.close());
beforeEach(async () => {
  tenants += 1;
  const tenant = await world.services.tenants.create({ slug: `team-${String(tenants)}`, actor: 'test' });
  tenantId = tenant.id;
});

const db = () => world.services.database.forTenant(tenantId);
const addPerson = (displayName: string, role: 'viewer' | 'admin' | 'owner' | null = 'viewer') =>
  addConsolePerson(world.services.database, tenantId, { role, displayName });
const personOf = (id: string) =>
  db().selectFrom('console_users').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const userIdOf = async (displayName: string) =>
  (
    await db()
      .selectFrom('console_users')
      .select('id')
      .where('display_name', '=', displayName)
      .executeTakeFirstOrThrow()
  ).id;
/** As after a sign-in through the person's connection. */
async function startSession(userId: string) {
  const started = await world.sso.sessions.start({ tenantId, actor: { userId }, previous: null });
  await sql`update console_sessions s set connection_id = u.connection_id from console_users u
    where u.id = s.user_id and s.user_id = ${userId}`.execute(db());
  await db().updateTable('sso_connections').set({ state: 'active' }).execute();
  expect(await world.sso.sessions.find(started.token)).not.toBeNull();
  return started;
}
const audits = (action: string) =>
  db().selectFrom('audit_events').selectAll().where('action', '=', action).execute();

describe('roles', () => {
  it('an owner changes a role, and it counts at once, with an audit event that says from what to what', async () => {
    const owner = await visit(world, tenantId, 'owner');
    const id = await addPerson('Vera');
    const seen = await owner.post(`/access/people/${id}/role`, { role: 'admin' });
    expect([seen.status, seen.location]).toEqual([303, `/console/access/people/${id}?done=role-changed`]);
    expect(await personOf(id)).toMatchObject({ role: 'admin', pinned_role: 'admin' });
    expect((await audits('console.role-changed'))[0]).toMatchObject({
      target_id: id,
      data: { pinned: 'admin', role: 'admin', previousRole: 'viewer' },
    });
    expect((await owner.get('/access')).html).toContain('Chosen here');
  });

  it('somebody who is kept out loses every session, and gets the role back only from a sign-in', async () => {
    const owner = await visit(world, tenantId, 'owner');
    const id = await addPerson('Vera');
    const { token } = await startSession(id);
    await owner.post(`/access/people/${id}/role`, { role: 'none' });
    expect(await world.sso.sessions.find(token)).toBeNull();
    expect(await personOf(id)).toMatchObject({ role: null, pinned_role: 'none' });
    await owner.post(`/access/people/${id}/role`, { role: '' });
    expect(await personOf(id)).toMatchObject({ role: null, pinned_role: null });
  });

  it('the last owner cannot be taken the role, whoever asks', async () => {
    const id = await addPerson('Only Owner', 'owner');
    const admin = { tenantId, userId: id, actor: 'test' };
    const team = world.team;
    for (const role of ['admin', 'none'] as const)
      await expect(team.setRole({ ...admin, role })).rejects.toMatchObject({ kind: 'conflict' });
    expect(await personOf(id)).toMatchObject({ role: 'owner', pinned_role: null });
    await addPerson('Second Owner', 'owner');
    await team.setRole({ ...admin, role: 'admin' });
    expect(await personOf(id)).toMatchObject({ role: 'admin' });
  });

  it('two owners who are taken the role at the same moment: one stays', async () => {
    for (let round = 0; round < 8; round += 1) {
      const ids = [await addPerson('One', 'owner'), await addPerson('Two', 'owner')];
      const outcomes = await Promise.allSettled(
        ids.map((userId) => world.team.setRole({ tenantId, userId, actor: 'test', role: 'viewer' })),
      );
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      await db().deleteFrom('console_users').execute();
    }
  });

  it('a break-glass owner keeps the role, and is removed by its typed name, but never as the last owner', async () => {
    const owner = await visit(world, tenantId, 'owner');
    const id = await userIdOf('owner-person');
    const { login_name: loginName } = await personOf(id);
    expect((await owner.post(`/access/people/${id}/role`, { role: 'viewer' })).status).toBe(409);
    expect((await owner.post(`/access/people/${id}/remove`, { typed: 'something' })).status).toBe(400);
    const last = await owner.post(`/access/people/${id}/remove`, { typed: loginName ?? '' });
    expect([last.status, last.html.includes('Nobody else is owner')]).toEqual([409, true]);
    await addPerson('Second Owner', 'owner');
    const seen = await owner.post(`/access/people/${id}/remove`, { typed: loginName ?? '' });
    expect(seen.status).toBe(303);
    expect((await owner.get('/people')).status).toBe(303);
    const mails = world.services.database.forTenant(tenantId).selectFrom('mail_outbox').selectAll();
    expect(await mails.where('kind', '=', 'security').execute()).toMatchObject([
      { subject: 'A way past your identity provider was removed', recipients: null },
    ]);
  });

  it('people of the identity provider are kept out, not removed; strangers are not found', async () => {
    const owner = await visit(world, tenantId, 'owner');
    const id = await addPerson('Vera');
    expect((await owner.post(`/access/people/${id}/remove`, { typed: 'Vera' })).status).toBe(409);
    expect((await owner.get('/access/people/nobody')).status).toBe(404);
    const other = await world.services.tenants.create({ slug: `other-${String(tenants)}`, actor: 'test' });
    const stranger = await visit(world, other.id, 'owner');
    expect((await stranger.get(`/access/people/${id}`)).status).toBe(404);
    expect((await stranger.post(`/access/people/${id}/role`, { role: 'owner' })).status).toBe(404);
    expect(await personOf(id)).toMatchObject({ role: 'viewer' });
  });

  it('a chosen role survives a sign-in, and never outlives the identity provider’s refusal', async () => {
    const id = await addPerson('Vera');
    await world.team.setRole({ tenantId, userId: id, actor: 'test', role: 'operator' });
    const { name_id: nameId, connection_id: connectionId } = await personOf(id);
    const signIn = (mappedRole: 'viewer' | null) =>
      world.signInPerson({ tenantId, connectionId: connectionId ?? '', nameId: nameId ?? '', mappedRole });
    await signIn('viewer');
    expect(await personOf(id)).toMatchObject({ role: 'operator', pinned_role: 'operator' });
    await signIn(null);
    expect(await personOf(id)).toMatchObject({ role: null, pinned_role: 'operator' });
  });
});

describe('sessions', () => {
  it('everybody sees and ends their own, and nobody else’s', async () => {
    const viewer = await visit(world, tenantId, 'viewer');
    const own = await userIdOf('viewer-person');
    const elsewhere = await startSession(own);
    const foreign = await startSession(await addPerson('Vera'));
    const [first] = await world.team.sessions(tenantId, own);
    const [hers] = await world.team.sessions(tenantId, await userIdOf('Vera'));
    expect((await viewer.get('/me')).html).toContain('This one');
    expect((await viewer.post(`/me/sessions/${hers?.id ?? ''}/end`)).status).toBe(404);
    expect(await world.sso.sessions.find(foreign.token)).not.toBeNull();
    expect((await viewer.post(`/me/sessions/${first?.id ?? ''}/end`)).status).toBe(303);
    expect(await world.sso.sessions.find(elsewhere.token)).toBeNull();
    expect((await viewer.get('/me')).status).toBe(200);
  });

  it('ending every other one leaves the one at hand', async () => {
    const viewer = await visit(world, tenantId, 'viewer');
    const own = await userIdOf('viewer-person');
    const others = await Promise.all([startSession(own), startSession(own)]);
    expect((await viewer.post('/me/sessions/end')).status).toBe(303);
    for (const { token } of others) expect(await world.sso.sessions.find(token)).toBeNull();
    expect((await viewer.get('/me')).status).toBe(200);
  });

  it('an owner ends those of somebody else, each with its audit event', async () => {
    const owner = await visit(world, tenantId, 'owner');
    const id = await addPerson('Vera');
    const started = [await startSession(id), await startSession(id)];
    const [newest] = await world.team.sessions(tenantId, id);
    await owner.post(`/access/people/${id}/sessions/${newest?.id ?? ''}/end`);
    expect(await world.team.sessions(tenantId, id)).toHaveLength(1);
    await owner.post(`/access/people/${id}/sessions/end`);
    for (const { token } of started) expect(await world.sso.sessions.find(token)).toBeNull();
    expect(await audits('console.session-ended')).toHaveLength(1);
    expect(await audits('console.sessions-ended')).toHaveLength(1);
  });
});

describe('settings of the organisation', () => {
  it('survive their own form, and wrong ones are refused with everything kept', async () => {
    const owner = await visit(world, tenantId, 'owner');
    const fields = { name: 'Acme Ltd', 'settings.sessions.idleMinutes': '15' };
    const wrong = await owner.post('/settings', { ...fields, 'settings.sessions.absoluteHours': '13' });
    expect([wrong.status, wrong.html.includes('value="Acme Ltd"')]).toEqual([400, true]);
    const seen = await owner.post('/settings', { ...fields, 'settings.sessions.absoluteHours': '8' });
    expect(seen.status).toBe(303);
    const { html } = await owner.get('/settings');
    for (const value of ['Acme Ltd', '15', '8']) expect(html).toContain(`value="${value}"`);
    expect((await audits('tenant.settings-changed'))[0]).toMatchObject({ target_id: tenantId });
  });

  it.each([
    ['idle', 'last_seen_at', 6],
    ['absolute', 'created_at', 61],
  ])('the %s limit holds at once, for sessions that began before', async (_kind, column, minutes) => {
    const id = await addPerson('Vera');
    const { token } = await startSession(id);
    await sql`update console_sessions set ${sql.ref(column)} = now() - make_interval(mins => ${minutes})
      where user_id = ${id}`.execute(db());
    expect(await world.team.sessions(tenantId, id)).toHaveLength(1);
    const sessions = { idleMinutes: 5, absoluteHours: 1 };
    await world.organisations.save({ tenantId, name: 'x', settings: { sessions }, actor: 'test' });
    expect(await world.sso.sessions.find(token)).toBeNull();
    expect(await world.team.sessions(tenantId, id)).toEqual([]);
  });
});
