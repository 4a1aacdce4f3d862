import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeEscalations } from '../../../src/store/manual/escalations.js';
import { DIRECT, numberRule, openVxtEngine, type VxtFixture } from '../../support/vxt-engine.js';

let vxt: VxtFixture;

beforeEach(async () => {
  vxt = await openVxtEngine({ config: { removalHours: 4 } });
  await vxt.engine.saveRules([numberRule('Lawyers', [{ number: DIRECT, kind: 'assigned' }])]);
  await vxt.engine.requestReconcile();
  const ada = await vxt.engine.addUser('Ada', ['Lawyers']);
  await vxt.engine.addUser('Bob', ['Lawyers']);
  await vxt.engine.settle();
  await vxt.tickAll();
  await vxt.engine.setActive(ada, false);
  await vxt.engine.addUser('Newcomer', ['Lawyers']);
  await vxt.engine.settle();
});

afterEach(() => vxt.close());

const mails = () =>
  vxt.engine.query<{ kind: string; subject: string; body_text: string }>(
    'select kind, subject, body_text from mail_outbox order by created_at',
  );

it('tells people once when the time for shutting a leaver out has run out, and nobody before', async () => {
  const { database, clock } = vxt.engine.directory;
  let hours = 3.9;
  const now = () => new Date(clock.now().getTime() + hours * 3_600_000);
  const escalate = makeEscalations({
    database,
    now,
    taskUrl: (id) => `http://127.0.0.1/console/worklist/${id}`,
  });

  await escalate();
  expect(await mails()).toEqual([]);

  hours = 4.1;
  await escalate();
  await escalate();
  // The newcomer's checklist is late by then as well, but nobody is inside who should not be.
  hours = 24 * 8;
  await escalate();
  const [mail, ...others] = await mails();
  expect(others).toEqual([]);
  expect(mail).toMatchObject({ kind: 'escalation', subject: 'Overdue: Shut ada@example.com out of VXT' });
  expect(mail?.body_text).toContain(`Take ${DIRECT} from ada@example.com`);
  expect(mail?.body_text).toContain('http://127.0.0.1/console/worklist/');
});

it('tells nobody of what was done in time', async () => {
  await vxt.tickAll();
  const { database, clock } = vxt.engine.directory;
  const now = () => new Date(clock.now().getTime() + 100 * 3_600_000);

  await makeEscalations({ database, now, taskUrl: (id) => id })();

  expect(await mails()).toEqual([]);
});
