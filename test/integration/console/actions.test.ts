import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuditSealer } from '../../../src/audit/seal.js';
import { tellStory, type Story } from '../../support/console-story.js';
import { visit, type Visitor } from '../../support/console-visitor.js';
import { openConsole, type ConsoleWorld } from '../../support/console-world.js';
import { createTestDatabase } from '../../support/database.js';

let world: ConsoleWorld;
let story: Story;
let owner: Visitor;

beforeAll(async () => {
  world = await openConsole(await createTestDatabase());
  story = await tellStory(world);
  owner = await visit(world, story.tenantId, 'owner');
});
afterAll(async () => {
  await story?.stop();
  await world?.close();
});

const db = () => world.services.database.forTenant(story.tenantId);

async function heldPlan() {
  return db().selectFrom('plans').selectAll().where('state', '=', 'held').executeTakeFirstOrThrow();
}

async function lastAudit(action: string) {
  return db()
    .selectFrom('audit_events')
    .selectAll()
    .where('action', '=', action)
    .orderBy('id', 'desc')
    .executeTakeFirst();
}

describe('plans', () => {
  it('an approval without the typed words changes nothing and says what to type', async () => {
    const plan = await heldPlan();
    const seen = await owner.post(`/plans/${plan.id}/approve`, { digest: plan.digest, typed: 'yes' });
    expect(seen.status).toBe(400);
    expect(seen.html).toContain(`Type “${String(plan.removal_count)} removals” to confirm.`);
    expect((await heldPlan()).id).toBe(plan.id);
  });

  it('an approval of another version changes nothing', async () => {
    const plan = await heldPlan();
    const typed = `${String(plan.removal_count)} removals`;
    const seen = await owner.post(`/plans/${plan.id}/approve`, { digest: 'other', typed });
    expect(seen.status).toBe(412);
    expect((await heldPlan()).id).toBe(plan.id);
  });

  it('an approval as it is meant approves, with the person in the audit trail, and the applier does it', async () => {
    const plan = await heldPlan();
    const typed = `${String(plan.removal_count)} REMOVALS `;
    const seen = await owner.post(`/plans/${plan.id}/approve`, { digest: plan.digest, typed });
    expect([seen.status, seen.location]).toEqual([303, `/console/plans/${plan.id}?done=plan-approved`]);
    expect(await lastAudit('plan.approved')).toMatchObject({
      actor: 'console:owner.person@acme.example',
      target_id: plan.id,
    });
    expect(world.nudges).toContain(story.tenantId);
    await story.drain();
    const { state } = await db()
      .selectFrom('plans')
      .select('state')
      .where('id', '=', plan.id)
      .executeTakeFirstOrThrow();
    expect(state).toBe('applied');
    const again = await owner.post(`/plans/${plan.id}/approve`, { digest: plan.digest, typed });
    expect(again.status).toBe(409);
  });
});

describe('leavers', () => {
  const linkOf = async (name: string) => {
    const link = await db()
      .selectFrom('links')
      .select('id')
      .where('subject_id', '=', story.people.get(name) ?? '')
      .where('ended_at', 'is', null)
      .executeTakeFirstOrThrow();
    return link.id;
  };
  const deletionOf = async (linkId: string) =>
    db().selectFrom('deletions').selectAll().where('link_id', '=', linkId).executeTakeFirstOrThrow();

  it('are held for reasons of law, moved and let stay, each in the audit trail', async () => {
    const nils = await linkOf('Nils Berg');
    const act = async (verb: string, fields: Readonly<Record<string, string>> = {}) =>
      (await owner.post(`/leavers/${nils}/${verb}`, fields)).location?.split('?done=').at(-1);
    expect(await act('hold', { reason: 'Case 17', until: '2090-01-31' })).toBe('hold-set');
    expect((await owner.get(`/leavers/${nils}`)).html).toContain('Case 17');
    const { until } = await db()
      .selectFrom('legal_holds')
      .select('until')
      .where('reason', '=', 'Case 17')
      .executeTakeFirstOrThrow();
    expect(until).toEqual(new Date('2090-02-01T00:00:00Z'));
    expect(await act('hold/release')).toBe('hold-released');
    expect(await act('schedule', { day: '2090-02-03' })).toBe('deletion-moved');
    expect(await deletionOf(nils)).toMatchObject({
      state: 'scheduled',
      due_at: new Date('2090-02-03T00:00:00Z'),
    });
    const wrong = await owner.post(`/leavers/${nils}/schedule`, { day: 'soon' });
    expect([wrong.status, wrong.html]).toEqual([400, expect.stringContaining('“soon” is no day')]);
    expect(await act('cancel')).toBe('deletion-cancelled');
    expect(await deletionOf(nils)).toMatchObject({ state: 'cancelled' });
    const events = await db()
      .selectFrom('audit_events')
      .select(['action', 'actor'])
      .orderBy('id', 'desc')
      .limit(4)
      .execute();
    expect(new Set(events.map(({ actor }) => actor))).toEqual(new Set(['console:owner.person@acme.example']));
    expect(events.map(({ action }) => action).toReversed()).toEqual([
      'legal-hold.set',
      'legal-hold.released',
      'deletion.rescheduled',
      'deletion.cancelled',
    ]);
  });

  it('are deleted for good once somebody ticked exactly them, by what the page showed', async () => {
    const waiting = ['Wanda Krol', 'Zoe Clark'];
    const settings = { ...story.account.settings, deletion: { approval: true } };
    await world.services.accounts.setSettings(story.account, settings, 'test');
    for (const name of waiting) {
      const id = await linkOf(name);
      await sql`update links set delete_due_at = now() - interval '1 minute' where id = ${id}`.execute(db());
      await sql`update deletions set due_at = now() - interval '1 minute' where link_id = ${id}`.execute(
        db(),
      );
    }
    await story.drain();
    const { html } = await owner.get('/leavers');
    const boxes = [
      ...html.matchAll(/name="(approve\.[0-9a-f-]{36})" value="([^"]+)"[\s\S]*?Delete ([^<]*?) from/g),
    ];
    const shown = new Map(boxes.map(([, box = '', digest = '', name = '']) => [name, { box, digest }]));
    expect([...shown.keys()].toSorted()).toEqual(waiting);
    const [wanda, zoe] = waiting.map((name) => shown.get(name) ?? { box: '', digest: '' });

    expect((await owner.post('/leavers/approve')).status).toBe(400);
    const fields = { [wanda?.box ?? '']: wanda?.digest ?? '', [zoe?.box ?? '']: 'another' };
    const half = await owner.post('/leavers/approve', fields);
    expect([half.status, half.html]).toEqual([409, expect.stringContaining('1 of 2 were approved')]);
    await story.drain();
    const states = await Promise.all(waiting.map(async (name) => deletionStateOf(name)));
    expect(states).toEqual([expect.stringMatching(/^(?:deleted|verified)$/), 'held']);
    const rest = await owner.post('/leavers/approve', { [zoe?.box ?? '']: zoe?.digest ?? '' });
    expect(rest.location).toBe('/console/leavers?done=deletions-approved');
  });

  const deletionStateOf = async (name: string) => {
    const found = await db()
      .selectFrom('deletions')
      .innerJoin('links', 'links.id', 'deletions.link_id')
      .select('deletions.state')
      .where('links.subject_id', '=', story.people.get(name) ?? '')
      .executeTakeFirstOrThrow();
    return found.state;
  };
});

describe('rules', () => {
  const current = async () => (await world.services.rules.get(story.tenantId)).source;

  it('a check shows problems with their lines, keeps the text and saves nothing', async () => {
    const before = (await world.services.rules.list(story.tenantId)).length;
    const text = `${await current()}\n  - id: broken\n    wen: { group: <b>X</b> }\n`;
    const seen = await owner.post('/rules/check', { text, note: 'why not' });
    expect(seen.html).toContain('role="alert"');
    expect(seen.html).toContain('wen');
    expect(seen.html).toContain('&lt;b>X&lt;/b>');
    expect(seen.html).toContain('value="why not"');
    expect((await world.services.rules.list(story.tenantId)).length).toBe(before);
  });

  it('a check shows who would lose something; a piece of the page is enough for htmx', async () => {
    const text = (await current()).replace(/ {2}- id: success[\s\S]*?\n\n/, '');
    const seen = await owner.post('/rules/check', { text }, { 'hx-request': 'true' });
    expect(seen.status).toBe(200);
    expect(seen.html).not.toContain('<html');
    expect(seen.html).toContain('Impact on aircall');
    expect(seen.html).toContain('chloe.martin@acme.example');
    expect(seen.html).toContain('Lose something');
  });

  it('a phone system that cannot be asked does not keep anybody from checking', async () => {
    await story.sandbox.faults.set([{ kind: 'error', status: 500, body: {} }] as never);
    const seen = await owner.post(
      '/rules/check',
      { text: `${await current()}\nowners: [ada@acme.example]\n` },
      { 'hx-request': 'true' },
    );
    await story.sandbox.faults.clear();
    expect(seen.status).toBe(200);
    expect(seen.html).toContain('no errors');
    expect(seen.html).toContain('Cannot be told now');
    expect(seen.html).toContain('Look again in a few minutes.');
  });

  it('saves with unix line ends, keeps the note, and goes back to an older version', async () => {
    const text = `${await current()}\nowners: [ada.lovelace@acme.example]\n`;
    const seen = await owner.post('/rules/save', { text: text.replaceAll('\n', '\r\n'), note: 'browser' });
    expect(seen.location).toBe('/console/rules?done=rules-saved');
    const saved = await world.services.rules.get(story.tenantId);
    expect([saved.source, saved.note, saved.createdBy]).toEqual([
      text,
      'browser',
      'console:owner.person@acme.example',
    ]);
    const older = `/rules/versions/${String(saved.version - 1)}`;
    expect((await owner.post(`${older}/check`)).html).toContain('Impact on aircall');
    const back = await owner.post(`${older}/rollback`);
    expect(back.location).toBe('/console/rules?done=rules-rolled-back');
    expect((await world.services.rules.get(story.tenantId)).version).toBe(saved.version + 1);
  });

  it('rules that take something are saved at the second word only, old versions as well', async () => {
    const text = (await current()).replace(/ {2}- id: success[\s\S]*?\n\n/, '');
    const { version } = await world.services.rules.get(story.tenantId);
    const newest = async () => (await world.services.rules.get(story.tenantId)).version;
    const held = await owner.post('/rules/save', { text, note: 'less' });
    expect(held.html).toContain('would lose something (');
    expect(held.html).toContain('chloe.martin@acme.example');
    expect(held.html).toContain('value="less"');
    expect(await newest()).toBe(version);
    const saved = await owner.post('/rules/save', { text, note: 'less', losses: 'skip' });
    expect(saved.location).toBe('/console/rules?done=rules-saved');
    const back = await owner.post(`/rules/versions/${String(version)}/rollback`);
    expect(back.location).toBe('/console/rules?done=rules-rolled-back');
    const trap = `/rules/versions/${String(version + 1)}/rollback`;
    const heldBack = await owner.post(trap);
    expect(heldBack.html).toContain('Make it the newest all the same');
    expect(await newest()).toBe(version + 2);
    expect((await owner.post(trap, { losses: 'skip' })).location).toContain('rules-rolled-back');
    await owner.post(`/rules/versions/${String(version)}/rollback`);
  });

  it('a refused save shows the text again', async () => {
    const seen = await owner.post('/rules/save', { text: 'version: 9\nmine: kept', note: 'kept note' });
    expect(seen.status).toBe(400);
    expect(seen.html).toContain('mine: kept');
    expect(seen.html).toContain('value="kept note"');
  });
});

describe('phone systems', () => {
  const account = () => world.services.accounts.byName(story.tenantId, 'aircall');

  it('allowing less happens at once, allowing more is typed', async () => {
    expect((await owner.post('/accounts/aircall/policy', { policy: 'report-only' })).status).toBe(303);
    expect((await account()).policy).toBe('report-only');
    const refused = await owner.post('/accounts/aircall/policy', { policy: 'sync', typed: 'air' });
    expect(refused.status).toBe(400);
    expect((await account()).policy).toBe('report-only');
    expect((await owner.post('/accounts/aircall/policy', { policy: 'sync', typed: 'aircall' })).status).toBe(
      303,
    );
    expect((await account()).policy).toBe('sync');
  });

  it('settings survive their own form, and a wrong one is refused with everything kept', async () => {
    const before = (await account()).settings;
    const fields = fieldsOf((await owner.get('/accounts/aircall')).html, 'settings');
    expect((await owner.post('/accounts/aircall/settings', fields)).status).toBe(303);
    expect((await account()).settings).toEqual(before);
    const wrong = {
      ...fields,
      'settings.graceDays': 'soon',
      'settings.protectedEmails': 'a@x.example\nb@x.example',
    };
    const seen = await owner.post('/accounts/aircall/settings', wrong);
    expect(seen.status).toBe(400);
    expect(seen.html).toContain('value="soon"');
    expect(seen.html).toContain('a@x.example\nb@x.example');
    expect((await account()).settings).toEqual(before);
  });

  it('vendor settings survive their own form', async () => {
    const before = (await account()).config;
    const fields = fieldsOf((await owner.get('/accounts/aircall')).html, 'config');
    expect((await owner.post('/accounts/aircall/config', fields)).status).toBe(303);
    expect((await account()).config).toEqual(before);
  });

  it('a wrong credential is not stored, and none is ever shown', async () => {
    const before = (await account()).secrets;
    const wrong = { 'secret.apiId': 'x', 'secret.apiToken': 'hunter2-secret' };
    const seen = await owner.post('/accounts/aircall/credential', wrong);
    expect(seen.status).toBe(502);
    expect(seen.html).not.toContain('hunter2-secret');
    expect((await account()).secrets).toBe(before);
  });

  it('connects a new one in report-only after trying the credential, and explains a name that is taken', async () => {
    const { apiId, apiToken } = await story.sandbox.dashboard.createApiKey({});
    const secret = {
      'secret.apiId': apiId,
      'secret.apiToken': apiToken,
      'config.baseUrl': String(story.account.config['baseUrl']),
    };
    const taken = await owner.post('/accounts/new', { provider: 'aircall', name: 'aircall', ...secret });
    expect(taken.status).toBe(409);
    expect(taken.html).not.toContain(apiToken);
    const wrong = await owner.post('/accounts/new', {
      provider: 'aircall',
      name: 'second',
      ...secret,
      'secret.apiToken': 'x',
    });
    expect(wrong.status).toBe(502);
    const made = await owner.post('/accounts/new', { provider: 'aircall', name: 'second', ...secret });
    expect(made.location).toBe('/console/accounts/second?done=account-created');
    expect((await world.services.accounts.byName(story.tenantId, 'second')).policy).toBe('report-only');
  });

  it('pauses with a reason and resumes', async () => {
    expect((await owner.post('/accounts/second/pause', { reason: ' ' })).status).toBe(400);
    expect((await owner.post('/accounts/second/pause', { reason: 'Contract <ends>' })).status).toBe(303);
    expect((await owner.get('/')).html).toContain('second is paused');
    expect((await owner.get('/accounts/second')).html).toContain('Contract &lt;ends>');
    expect((await owner.post('/accounts/second/resume')).status).toBe(303);
    expect((await owner.get('/')).html).not.toContain('second is paused');
  });
});

describe('tasks', () => {
  it('are found by words of their title, whatever the case', async () => {
    const titles = (await db().selectFrom('worklist_items').select(['title', 'state']).execute())
      .filter(({ state }) => state === 'open')
      .map(({ title }) => title);
    const [wanted = ''] = titles;
    const words = wanted.split(' ').slice(0, 2).join('  ').toUpperCase();
    const found = (await owner.get(`/worklist?search=${encodeURIComponent(words)}`)).html;
    const shown = titles.filter((title) => found.includes(title.replaceAll("'", '&#39;')));
    expect(shown).toContain(wanted);
    const fits = (title: string) => words.split('  ').every((word) => title.toUpperCase().includes(word));
    expect(shown.toSorted()).toEqual(titles.filter(fits).toSorted());
    for (const nothing of ['100%_sure', 'nobody-at-all']) {
      const { html } = await owner.get(`/worklist?search=${encodeURIComponent(nothing)}`);
      expect(html).toContain('No such task');
    }
  });

  it('are claimed, commented, done, reopened and given back, each in the audit trail', async () => {
    const { id } = await db()
      .selectFrom('worklist_items')
      .select('id')
      .where('state', '=', 'open')
      .limit(1)
      .executeTakeFirstOrThrow();
    const task = () =>
      db().selectFrom('worklist_items').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    await owner.post(`/worklist/${id}/claim`);
    expect((await task()).assignee).toBe('owner.person@acme.example');
    expect((await owner.get('/worklist?mine=yes')).html).toContain((await task()).title);
    await owner.post(`/worklist/${id}/comment`, { comment: 'Asked <vendor>' });
    expect((await owner.get(`/worklist/${id}`)).html).toContain('Asked &lt;vendor>');
    await owner.post(`/worklist/${id}/done`);
    expect(await task()).toMatchObject({ state: 'done', closed_by: 'console:owner.person@acme.example' });
    expect((await owner.post(`/worklist/${id}/done`)).status).toBe(412);
    await owner.post(`/worklist/${id}/reopen`);
    await owner.post(`/worklist/${id}/release`);
    expect(await task()).toMatchObject({ state: 'open', assignee: null, closed_by: null });
    for (const verb of ['claimed', 'commented', 'done', 'reopened', 'released']) {
      expect(await lastAudit(`task.${verb}`), verb).toMatchObject({
        target_id: id,
        actor: 'console:owner.person@acme.example',
      });
    }
  });
});

describe('many tasks at once', () => {
  const openTasks = () =>
    db()
      .selectFrom('worklist_items')
      .select(['id', 'title', 'assignee', 'state', 'urgent', 'closed_because'])
      .where('state', '=', 'open')
      .orderBy('id')
      .execute();
  const marked = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [`task.${id}`, 'yes']));
  const auditOf = async (action: string) =>
    (
      await db()
        .selectFrom('audit_events')
        .select(['target_id', 'actor'])
        .where('action', '=', action)
        .orderBy('id')
        .execute()
    ).slice(-2);

  it('are offered to whoever may work on them, and keep the list that they were marked in', async () => {
    const ids = (await openTasks()).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(1);
    const viewer = await visit(world, story.tenantId, 'viewer');
    const list = '/worklist?account=aircall&search=a';
    expect((await viewer.get(list)).html).not.toContain('task.');
    const { html } = await owner.get(list);
    for (const id of ids) expect(html).toContain(`name="task.${id}"`);

    const body = { ...marked(ids.slice(0, 2)), what: 'assign', words: 'Ida <it>' };
    const sent = await owner.post('/worklist/many?account=aircall&search=a', body);

    expect([sent.status, sent.location]).toEqual([
      303,
      '/console/worklist?account=aircall&search=a&done=tasks-changed',
    ]);
    expect((await openTasks()).filter(({ assignee }) => assignee === 'Ida <it>').map(({ id }) => id)).toEqual(
      ids.slice(0, 2),
    );
    const actor = 'console:owner.person@acme.example';
    expect(await auditOf('task.claimed')).toEqual(ids.slice(0, 2).map((id) => ({ target_id: id, actor })));
  });

  it('change nothing without a mark, a choice or a reason', async () => {
    const before = await openTasks();
    const [one] = before;
    const wrong = [
      { what: 'done' },
      marked([one?.id ?? '']),
      { ...marked([one?.id ?? '']), what: 'dismiss', words: ' ' },
      { ...marked([one?.id ?? '']), what: 'assign', words: '' },
    ];
    for (const body of wrong) {
      const sent = await owner.post('/worklist/many', body);
      expect([sent.status, sent.html.includes('othing was changed')]).toEqual([400, true]);
    }
    expect(await openTasks()).toEqual(before);
  });

  it('what one of them refuses is said with its title, and the others are changed all the same', async () => {
    const [first, second] = await openTasks();
    await db()
      .updateTable('worklist_items')
      .set({ urgent: true })
      .where('id', '=', first?.id ?? '')
      .execute();
    const body = { ...marked([first?.id ?? '', second?.id ?? '']), what: 'dismiss', words: 'Nobody <calls>' };
    const sent = await owner.post('/worklist/many', body);

    expect(sent.status).toBe(200);
    expect(sent.html).toContain('1 task was changed, 1 not.');
    expect(sent.html).toContain('cannot be dismissed');
    expect((await openTasks()).map(({ id }) => id)).not.toContain(second?.id);
    expect((await owner.get(`/worklist/${second?.id ?? ''}`)).html).toContain('Nobody &lt;calls>');
    await owner.post(`/worklist/${second?.id ?? ''}/reopen`);
    expect((await openTasks()).find(({ id }) => id === second?.id)?.closed_because).toBeNull();
    await db()
      .updateTable('worklist_items')
      .set({ urgent: first?.urgent ?? false })
      .where('id', '=', first?.id ?? '')
      .execute();
  });
});

describe('tokens', () => {
  it('a SCIM token is shown once, works, and is revoked by its typed name', async () => {
    const made = await owner.post('/connections/tokens', { name: 'Entra', days: '30' });
    const token = /pbk_scim_[0-9A-Za-z]{36}/.exec(made.html)?.[0] ?? '';
    expect(token).not.toBe('');
    const list = await owner.get('/connections');
    expect(list.html).not.toContain(token);
    const id =
      /tokens\/([0-9a-f-]{36})\/revoke"[^>]*>Revoke<span class="hidden"> Entra/.exec(list.html)?.[1] ?? '';
    expect((await owner.post(`/connections/tokens/${id}/revoke`, { typed: 'Okta' })).status).toBe(400);
    expect((await owner.post(`/connections/tokens/${id}/revoke`, { typed: 'entra' })).status).toBe(303);
    expect((await owner.post(`/connections/tokens/${id}/revoke`, { typed: 'entra' })).status).toBe(404);
  });

  it('an API token has the scopes that were chosen and no others', async () => {
    expect((await owner.post('/access/tokens', { name: 'nothing', days: '' })).status).toBe(400);
    const made = await owner.post('/access/tokens', {
      name: 'reader',
      days: '1',
      'scope.read': 'yes',
      'scope.bogus': 'yes',
    });
    const token = /pbk_admin_[0-9A-Za-z]{36}/.exec(made.html)?.[0] ?? '';
    const call = (path: string, method = 'GET') =>
      fetch(`${world.origin}/api/v1${path}`, { method, headers: { authorization: `Bearer ${token}` } });
    expect((await call('/people')).status).toBe(200);
    expect((await call('/audit')).status).toBe(403);
  });

  it('a SCIM token cannot be revoked as an API token', async () => {
    const { record } = await world.services.tokens.create({
      tenantId: story.tenantId,
      kind: 'scim',
      name: 'third',
      expiresAt: null,
      actor: 'test',
    });
    expect((await owner.post(`/access/tokens/${record.id}/revoke`, { typed: 'third' })).status).toBe(404);
  });
});

describe('people', () => {
  it('somebody is looked at again in every account, and a stranger is not found', async () => {
    const id = story.people.get('Ada Lovelace') ?? '';
    expect((await owner.post(`/people/${id}/recheck`)).status).toBe(303);
    const marks = await db()
      .selectFrom('dirty_subjects')
      .select('reason')
      .where('subject_id', '=', id)
      .execute();
    expect(marks.length).toBeGreaterThan(0);
    expect(await lastAudit('person.recheck-asked')).toMatchObject({ target_id: id });
    for (const path of ['/people/not-a-uuid', '/people/00000000-0000-4000-8000-000000000000']) {
      expect((await owner.get(path)).status).toBe(404);
      expect((await owner.post(`${path}/recheck`)).status).toBe(404);
    }
  });

  it('nothing is claimed to be held by a reading from before the last write', async () => {
    const pageOf = async (name: string) => (await owner.get(`/people/${story.people.get(name) ?? ''}`)).html;
    const [active, leaver] = ['Ada Lovelace', 'Wanda Krol'] as const;
    const since = 'Patchbay has changed something for this person since then';
    await world.services.lookAgain(story.account);
    await story.drain();
    expect(await pageOf(active)).toContain('>Yes<');
    expect(await pageOf(active)).not.toContain(since);
    const reading = await db().selectFrom('account_readings').select('read_at').executeTakeFirstOrThrow();
    await db()
      .updateTable('account_readings')
      .set({ read_at: new Date(0) })
      .execute();

    expect(await pageOf(active)).toContain(since);
    expect(await pageOf(active)).toContain('Yes, since the last reading');
    expect(await pageOf(leaver)).not.toContain('Still held');
    await db().updateTable('account_readings').set(reading).execute();
  });

  it('a search finds by parts of words, whatever the case, and takes wildcards for what they are', async () => {
    const found = async (search: string) =>
      (await owner.get(`/people?search=${encodeURIComponent(search)}`)).html;
    expect(await found('LOVE ada')).toContain('Ada Lovelace');
    expect(await found('ÉLODIE')).toContain('Élodie Petit');
    for (const nothing of ['%', '_', '\\', 'ada grace'])
      expect(await found(nothing)).toContain('Nobody matches');
    expect(await found('\0ada\0')).toContain('Lovelace');
  });

  it('only a piece of the page answers htmx', async () => {
    const seen = await owner.get('/people?search=ada', { 'hx-request': 'true' });
    expect(seen.html.startsWith('<div id="people">')).toBe(true);
  });

  it('pages of a list follow one another without a gap or a repetition', async () => {
    const names: string[] = [];
    let path: string | null = '/people';
    const limit = 60;
    for (let index = 0; index < limit; index += 1) {
      await world.users.create(
        { tenantId: story.tenantId, actor: 'scim:okta', correlationId: null },
        { userName: `page${String(index)}@x.example`, displayName: `Same Name`, active: true },
      );
    }
    while (path !== null) {
      const { html }: { html: string } = await owner.get(path);
      names.push(
        ...[...html.matchAll(/href="\/console\/people\/([0-9a-f-]{36})"/g)].map(([, id]) => id ?? ''),
      );
      const next: string | undefined = /href="\/console(\/people\?[^"]+)" rel="next"/.exec(html)?.[1];
      path = next === undefined ? null : next.replaceAll('&amp;', '&');
    }
    const people = await db().selectFrom('scim_users').select('id').where('deleted_at', 'is', null).execute();
    expect(names.toSorted()).toEqual(people.map(({ id }) => id).toSorted());
  });

  it('a damaged page address is explained', async () => {
    for (const after of [
      'x',
      Buffer.from('["a"]').toString('base64url'),
      Buffer.from('["a","b"]').toString('base64url'),
    ]) {
      const seen = await owner.get(`/people?after=${after}`);
      expect(seen.status).toBe(400);
      expect(seen.html).toContain('Go back to the first page');
    }
  });
});

describe('audit', () => {
  it('is filtered, and exported whole as CSV that no spreadsheet runs', async () => {
    await world.services.rules.save({
      tenantId: story.tenantId,
      text: `${(await world.services.rules.get(story.tenantId)).source}\nowners: [grace.hopper@acme.example]\n`,
      note: '=1+1',
      actor: '=HYPERLINK("x")',
    });
    const filtered = await owner.get('/audit?actor=scim%3Aokta&action=user.deactivated');
    expect(filtered.html).toContain('Nils Berg');
    expect(filtered.html).not.toContain('Rules saved</td>');
    const csv = await owner.get('/audit.csv');
    expect(csv.headers.get('content-disposition')).toContain('audit.csv');
    const { count } = await db()
      .selectFrom('audit_events')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow();
    expect(csv.html.trim().split('\r\n').length).toBe(Number(count) + 1);
    expect(csv.html).toContain(`"'=HYPERLINK(""x"")"`);
  });

  it('is exported whole as JSON, with the same filter', async () => {
    const { html, headers } = await owner.get('/audit.json?actor=scim:okta');
    expect(headers.get('content-disposition')).toContain('audit.json');
    const rows = JSON.parse(html) as readonly { actor: string; at: string }[];
    expect(new Set(rows.map(({ actor }) => actor))).toEqual(new Set(['scim:okta']));
    const { count } = await db()
      .selectFrom('audit_events')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('actor', '=', 'scim:okta')
      .executeTakeFirstOrThrow();
    expect(rows).toHaveLength(Number(count));
    expect(JSON.parse((await owner.get('/audit.json?actor=nobody')).html)).toEqual([]);
  });

  it('shows whether its chain is as it was written, and says so on the first page when it is not', async () => {
    await makeAuditSealer(world.services.database)();
    await owner.post('/audit/check');
    expect((await owner.get('/audit')).html).toContain('Intact');
    expect((await owner.get('/')).html).not.toContain('The audit trail was altered');
    await sql`update audit_events set actor = 'nobody' where chain_no = 3`.execute(db());
    expect((await owner.post('/audit/check')).location).toBe('/console/audit?done=audit-checked');
    const { html } = await owner.get('/audit');
    expect(html).toContain('Broken');
    expect(html).toContain('event 3 of the chain');
    expect((await owner.get('/')).html).toContain('The audit trail was altered');
    expect(await lastAudit('audit.checked')).toMatchObject({ data: { type: 'broken', chainNo: 3 } });
  });

  it('days are whole: what happened today is within today', async () => {
    const today = new Date().toISOString().slice(0, 10);
    expect((await owner.get(`/audit?from=${today}&until=${today}`)).html).toContain('Audit events');
    expect((await owner.get('/audit?until=2020-01-01')).html).toContain('No such event');
    expect((await owner.get('/audit?from=2020-99-99&until=never')).status).toBe(200);
  });
});

/** The fields of one form as a browser would send them back. */
function fieldsOf(html: string, prefix: string): Record<string, string> {
  const fields: Record<string, string> = {};
  const text = (value: string) =>
    value.replaceAll('&#34;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  for (const [tag = ''] of html.matchAll(/<(?:input|select|textarea)[^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(tag)?.[1] ?? '';
    if (!name.startsWith(`${prefix}.`)) continue;
    if (tag.includes('type="checkbox"') && !/ checked[ >]/.test(tag)) continue;
    const after = html.slice(html.indexOf(tag) + tag.length);
    if (tag.startsWith('<select')) {
      const options = after.slice(0, after.indexOf('</select>'));
      fields[name] = /value="([^"]*)" selected/.exec(options)?.[1] ?? '';
    } else if (tag.startsWith('<textarea')) fields[name] = text(after.slice(0, after.indexOf('</textarea>')));
    else fields[name] = text(/value="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
  return fields;
}

describe('notification contacts', () => {
  it('are added with what they are told, shown, and removed', async () => {
    const seen = await owner.post('/notifications/contacts', {
      email: 'it@acme.example',
      'kind.certificate': 'yes',
      'kind.report': 'yes',
    });
    expect([seen.status, seen.location]).toEqual([303, '/console/notifications?done=contact-saved']);
    const { id, kinds } = await db().selectFrom('mail_contacts').selectAll().executeTakeFirstOrThrow();
    expect(kinds).toEqual(['certificate', 'report']);
    expect((await owner.get('/notifications')).html).toContain('it@acme.example');

    await owner.post(`/notifications/contacts/${id}/remove`, {});
    expect(await lastAudit('mail-contact.removed')).toMatchObject({ target_id: id });
    expect((await owner.get('/notifications')).html).not.toContain('it@acme.example');
  });

  it('with a bad address change nothing, and the form says why', async () => {
    const seen = await owner.post('/notifications/contacts', { email: 'it@acme.example, eve@evil.example' });
    expect(seen.status).toBe(400);
    expect(seen.html).toContain('is no e-mail address');
    expect(await db().selectFrom('mail_contacts').selectAll().execute()).toEqual([]);
  });
});

describe('OAuth clients', () => {
  it('are made, get a secret that is shown once, trust an issuer, and are revoked by their typed name', async () => {
    const made = await owner.post('/connections/clients', { name: 'Entra prod' });
    const path = made.location?.replace('/console', '').split('?')[0] ?? '';
    const shown = await owner.post(`${path}/secrets`, { days: '30' });
    const secret = /id="token">\s*([^<\s]+)/.exec(shown.html)?.[1] ?? '';
    expect(secret.length).toBeGreaterThan(20);
    expect((await owner.get(path)).html).not.toContain(secret);
    expect((await owner.post(`${path}/secrets`, { days: '5000' })).status).toBe(400);
    const federation = { issuer: 'https://login.example', subject: 's', audience: 'a' };
    const wrong = await owner.post(`${path}/federation`, { ...federation, jwksUrl: 'keys' });
    expect(wrong.status).toBe(400);
    await owner.post(`${path}/federation`, { ...federation, jwksUrl: 'https://login.example/keys' });
    expect((await owner.get(path)).html).toContain('value="https://login.example/keys"');
    await owner.post(`${path}/federation`);
    expect((await owner.get(path)).html).not.toContain('login.example');
    expect((await owner.post(`${path}/revoke`, { typed: 'Entra' })).status).toBe(400);
    expect((await owner.post(`${path}/revoke`, { typed: 'Entra prod' })).status).toBe(303);
    expect((await owner.get(path)).html).toContain('Revoked');
    expect(await lastAudit('oauth_client.revoked')).not.toBeUndefined();
  });
});
