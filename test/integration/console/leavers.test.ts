import { sql } from 'kysely';
import { examine, type Finding } from '../../../src/app/doctor.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi } from '../../support/api-client.js';
import { announceRemoval } from '../../support/console-additions.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { visit, type Visitor } from '../../support/console-visitor.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';

let world: ConsoleWorld;
let story: Story;
let owner: Visitor;
let viewer: Visitor;

/** Three people are parked; their deletions are due, and every one of them needs a person. */
beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
  owner = await visit(world, story.tenantId, 'owner');
  viewer = await visit(world, story.tenantId, 'viewer');
  await setApproval(true);
  await makeDue();
  await story.drain();
});
afterAll(async () => {
  await story?.stop();
  await world?.close();
});

const db = () => world.services.database.forTenant(story.tenantId);

async function setApproval(approval: boolean): Promise<void> {
  const { settings } = story.account;
  const deletion = { ...settings.deletion, approval };
  await world.services.accounts.setSettings(story.account, { ...settings, deletion }, 'test');
}

async function makeDue(): Promise<void> {
  await sql`update links set delete_due_at = now() - interval '1 hour' where state = 'parked'`.execute(db());
  await sql`update deletions set due_at = now() - interval '1 hour', not_before = null
    where state in ('scheduled', 'held')`.execute(db());
}

interface Leaver {
  readonly link_id: string;
  readonly deletion_id: string;
  readonly subject_id: string;
  readonly state: string;
  readonly due_at: Date;
  readonly plan_id: string | null;
  readonly digest: string | null;
  readonly plan_state: string | null;
}

async function leaver(name: string): Promise<Leaver> {
  const { rows } = await sql<Leaver>`
    select l.id as link_id, d.id as deletion_id, l.subject_id, d.state, d.due_at, p.id as plan_id, p.digest,
      p.state as plan_state
    from links l join deletions d on d.link_id = l.id left join plans p on p.id = d.plan_id
    where l.subject_id = ${story.people.get(name) ?? ''} order by d.created_at desc limit 1`.execute(db());
  const [row] = rows;
  if (row === undefined) throw new Error(`${name} is no leaver.`);
  return row;
}

const box = ({ plan_id, digest }: Leaver) => ({ [`approve.${plan_id ?? ''}`]: digest ?? '' });

async function lastAudit(action: string) {
  return db()
    .selectFrom('audit_events')
    .selectAll()
    .where('action', '=', action)
    .orderBy('id', 'desc')
    .executeTakeFirst();
}

function agentsAtVendor(): readonly string[] {
  return story.sandbox.snapshot().users.map(({ email }) => email);
}

describe('the approval of several deletions', () => {
  it('shows each of them by name with its own box, to those who may decide', async () => {
    const seen = await owner.get('/leavers');
    for (const name of ['Nils Berg', 'Wanda Krol', 'Zoe Clark']) {
      const { plan_id, digest } = await leaver(name);
      expect(seen.html).toContain(`name="approve.${plan_id ?? ''}" value="${digest ?? ''}"`);
      expect(seen.html).toContain(`Delete ${name} from aircall for good`);
    }
    expect((await viewer.get('/leavers')).html).not.toContain('name="approve.');
  });

  it('without a box approves nothing, nor with the digest of something else, nor for a plan that is no deletion', async () => {
    const nils = await leaver('Nils Berg');
    const wanda = await leaver('Wanda Krol');
    const other = await db()
      .selectFrom('plans')
      .select(['id', 'digest'])
      .where('state', '=', 'held')
      .where('trigger', '<>', 'deletion-due')
      .executeTakeFirstOrThrow();
    expect((await owner.post('/leavers/approve')).status).toBe(400);
    const crossed = await owner.post('/leavers/approve', {
      [`approve.${nils.plan_id ?? ''}`]: wanda.digest ?? '',
    });
    expect(crossed.status).toBe(409);
    expect(crossed.html).toContain('0 of 1 were approved');
    expect((await owner.post('/leavers/approve', { [`approve.${other.id}`]: other.digest })).status).toBe(
      409,
    );

    const { rows } = await sql`select 1 from plan_approvals`.execute(db());
    expect(rows).toEqual([]);
  });

  it('approves exactly those that were ticked, and the others stay', async () => {
    const nils = await leaver('Nils Berg');
    const wanda = await leaver('Wanda Krol');
    const zoe = await leaver('Zoe Clark');
    const seen = await owner.post('/leavers/approve', { ...box(nils), ...box(wanda) });
    expect([seen.status, seen.location]).toEqual([303, '/console/leavers?done=deletions-approved']);
    const approved = await sql<{ plan_id: string; approver: string }>`
      select plan_id, approver from plan_approvals order by plan_id`.execute(db());
    expect(approved.rows.map(({ plan_id }) => plan_id)).toEqual([nils.plan_id, wanda.plan_id].toSorted());
    expect(new Set(approved.rows.map(({ approver }) => approver))).toEqual(
      new Set(['console:owner.person@acme.example']),
    );

    await story.drain();
    expect(agentsAtVendor()).not.toContain('nils.berg@acme.example');
    expect(agentsAtVendor()).not.toContain('wanda.krol@acme.example');
    expect(agentsAtVendor()).toContain('zoe.clark@acme.example');
    expect(await leaver('Zoe Clark')).toMatchObject({
      state: 'held',
      plan_id: zoe.plan_id,
      plan_state: 'held',
    });
  });

  it('of some that were decided meanwhile says how many were not approved', async () => {
    const nils = await leaver('Nils Berg');
    const seen = await owner.post('/leavers/approve', box(nils));
    expect(seen.status).toBe(409);
    expect(seen.html).toContain('0 of 1 were approved');
  });
});

describe('a leaver who is gone', () => {
  it('is listed with the documents that were signed, to download', async () => {
    const { link_id } = await leaver('Nils Berg');
    expect((await owner.get('/leavers?view=deleted')).html).toContain('Nils Berg');
    const certificate = await owner.get(`/leavers/${link_id}/certificate.json`);
    expect(certificate.headers.get('content-disposition')).toContain('certificate.json');
    expect(JSON.parse(certificate.html)).toMatchObject({
      document: {
        type: 'retention-certificate',
        agent: { email: 'nils.berg@acme.example' },
        approvedBy: ['console:owner.person@acme.example'],
      },
      signature: { algorithm: 'Ed25519' },
    });
    const csv = await owner.get(`/leavers/${link_id}/manifest.csv`);
    expect(csv.html.startsWith('call_id,')).toBe(true);
  });

  it('cannot be decided about any more', async () => {
    const { link_id } = await leaver('Nils Berg');
    for (const [verb, fields] of [
      ['cancel', {}],
      ['schedule', { day: '2090-01-01' }],
      ['successor', { to: 'other', other: 'ada.lovelace@acme.example' }],
    ] as const) {
      expect([verb, (await owner.post(`/leavers/${link_id}/${verb}`, fields)).status]).toEqual([verb, 409]);
    }
  });
});

describe('a leaver who is still there', () => {
  const act = async (verb: string, fields: Readonly<Record<string, string>> = {}) => {
    const { link_id } = await leaver('Zoe Clark');
    return owner.post(`/leavers/${link_id}/${verb}`, fields);
  };

  it('is put under a legal hold until the end of a day, and let go', async () => {
    expect((await act('hold', { reason: '', until: '' })).status).toBe(400);
    expect((await act('hold', { reason: 'Case 17', until: '24.12.2090' })).html).toContain('is no day');
    expect((await act('hold', { reason: 'Case 17', until: '2090-12-24' })).location).toContain(
      'done=hold-set',
    );
    const [hold] = await world.engine.deps.legalHolds.current(story.tenantId, new Date());
    expect(hold).toMatchObject({ until: Date.parse('2090-12-25T00:00:00Z') });
    const { link_id } = await leaver('Zoe Clark');
    expect((await viewer.get(`/leavers/${link_id}`)).html).not.toContain('Case 17');
    expect((await owner.get(`/leavers/${link_id}`)).html).toContain('Case 17');

    expect((await act('hold/release')).location).toContain('done=hold-released');
    expect(await lastAudit('legal-hold.released')).toMatchObject({
      actor: 'console:owner.person@acme.example',
    });
    expect((await act('hold/release')).status).toBe(404);
  });

  it('is given another date, for which an earlier approval does not count, or none', async () => {
    const before = await leaver('Zoe Clark');
    expect((await act('schedule', { day: 'tomorrow' })).status).toBe(400);
    expect((await act('schedule', { day: '2090-01-01' })).location).toContain('done=deletion-moved');
    expect(await leaver('Zoe Clark')).toMatchObject({
      state: 'scheduled',
      due_at: new Date('2090-01-01T00:00:00Z'),
      plan_id: null,
    });
    const { state } = await db()
      .selectFrom('plans')
      .select('state')
      .where('id', '=', before.plan_id ?? '')
      .executeTakeFirstOrThrow();
    expect(state).toBe('superseded');

    expect((await act('cancel')).location).toContain('done=deletion-cancelled');
    expect(await leaver('Zoe Clark')).toMatchObject({ state: 'cancelled' });
    await makeDue();
    await story.drain();
    expect(agentsAtVendor()).toContain('zoe.clark@acme.example');
    expect((await act('schedule', { day: '2090-01-01' })).status).toBe(303);
    expect(await leaver('Zoe Clark')).toMatchObject({ state: 'scheduled' });
  });

  it('hands lines over to the manager who is offered, to anybody else, and to nobody again', async () => {
    const { link_id, deletion_id } = await leaver('Zoe Clark');
    const manager = {
      type: 'person',
      providerUserId: '1',
      email: 'ada.lovelace@acme.example',
      because: 'manager',
    };
    const handover = {
      lines: [{ number: '+442071111111', why: 'only-person' }],
      emptyTeams: [],
      successors: [manager],
      isPartial: false,
    };
    await world.services.lookAgain(story.account);
    await story.drain();
    await sql`update deletions set handover = ${JSON.stringify(handover)} where id = ${deletion_id}`.execute(
      db(),
    );
    const page = await owner.get(`/leavers/${link_id}`);
    expect(page.html).toContain('value="person:ada.lovelace@acme.example" checked');
    expect(page.html).toContain('their manager');
    expect((await viewer.get(`/leavers/${link_id}`)).html).not.toContain('Who takes over');

    expect((await act('successor', { to: 'person:ada.lovelace@acme.example' })).location).toContain(
      'done=successor-chosen',
    );
    expect((await owner.get(`/leavers/${link_id}`)).html).toContain(
      'ada.lovelace@acme.example</strong> takes over',
    );
    expect((await act('successor', { to: 'other', other: 'nobody@acme.example' })).status).toBe(400);
    expect((await act('successor', { to: 'other', other: '' })).status).toBe(400);
    expect((await act('successor', { to: 'other', other: 'customer success' })).status).toBe(303);
    expect(await lastAudit('handover.successor-chosen')).toMatchObject({
      data: { team: 'Customer Success' },
    });
    await sql`update deletions set takeovers = '[{"type":"team","team":"Customer Success"}]' where id = ${deletion_id}`.execute(
      db(),
    );
    expect((await owner.get(`/leavers/${link_id}`)).html).toContain('Given by plan: the team');
    expect((await act('successor', { to: 'other', withdraw: 'yes' })).status).toBe(303);
    expect((await owner.get(`/leavers/${link_id}`)).html).not.toContain('Given by plan');
    expect(await lastAudit('handover.successor-withdrawn')).toMatchObject({ target_id: deletion_id });
  });

  it('is freed of recordings that nobody can fetch, with a reason', async () => {
    const { deletion_id } = await leaver('Zoe Clark');
    expect((await act('waive', { reason: 'Lost.' })).status).toBe(409);
    await sql`insert into archive_objects (tenant_id, deletion_id, account_id, call_id, kind, state, call_at, retention_class)
      values (${story.tenantId}, ${deletion_id}, ${story.account.id}, '1', 'recording', 'missing', now(), 'standard')`.execute(
      db(),
    );
    expect((await act('waive', { reason: ' ' })).status).toBe(400);
    expect((await act('waive', { reason: 'Lost.' })).location).toContain('done=recordings-waived');
    expect(await lastAudit('recordings.waived')).toMatchObject({
      data: { reason: 'Lost.', objects: ['1 recording'] },
    });
  });
});

describe('expired recordings', () => {
  it('are listed before they are removed, each by name', async () => {
    const id = await announceRemoval(world, story);
    expect((await owner.get('/leavers/removals')).html).toContain(`/console/leavers/removals/${id}`);
    const page = await owner.get(`/leavers/removals/${id}`);
    expect(page.html).toContain('17 recording');
    expect(page.html).toContain('Removed not before');
    expect((await owner.get('/leavers/removals/00000000-0000-4000-8000-000000000000')).status).toBe(404);
    expect((await viewer.get('/leavers/removals')).status).toBe(403);
  });
});

describe('recordings that nobody would keep', () => {
  /** What `patchbay doctor` says about them. */
  async function diagnosis(): Promise<readonly Finding[]> {
    const found = await examine(world.services.config, () =>
      Promise.resolve({ ...world.services, close: () => Promise.resolve() }),
    );
    return found.filter(({ check }) => check.startsWith('recordings of '));
  }

  it('are warned of where the phone system is shown', async () => {
    expect((await owner.get('/accounts/aircall')).html).not.toContain('and more is wanted');
    expect(await diagnosis()).toEqual([]);
    const { settings } = story.account;
    const archive = { ...settings.archive, vendorKeepsDays: 365 };
    await world.services.accounts.setSettings(story.account, { ...settings, archive }, 'test');
    expect((await owner.get('/accounts/aircall')).html).toContain(
      'plan keeps recordings 365 days, and more is wanted',
    );
    const api = await openApi(world, story.tenantId);
    expect((await api.call('get', '/accounts/aircall')).body).toMatchObject({
      warnings: [expect.stringContaining('standard: no end of days')],
    });
    expect(await diagnosis()).toEqual([
      {
        check: 'recordings of acme/aircall',
        result: 'warning',
        detail: expect.stringContaining('keeps recordings 365 days, and more is wanted') as string,
        remedy: 'patchbay account settings aircall --tenant acme --file settings.yaml',
      },
    ]);

    const kept = { ...settings, archive: { ...archive, policy: 'audio' as const } };
    await world.services.accounts.setSettings(story.account, kept, 'test');
    expect(await diagnosis()).toEqual([]);
  });
});
