import { afterAll, beforeAll, expect, it } from 'vitest';
import { DIRECT, LINE, numberRule } from '../../support/vxt-engine.js';
import { ADMIN, openVxtOffice, type VxtOffice } from '../../support/vxt-office.js';

const ADA = 'ada@example.com';

/**
 * One person's time in a phone system without an API: somebody does what the checklists say and ticks nothing; only
 * the vendor's own member list is believed. Each test goes on where the one before ended.
 */
let office: VxtOffice;
let ada: string;

beforeAll(async () => {
  office = await openVxtOffice({ settings: { graceDays: 30 } });
  await office.engine.saveRules([
    numberRule('Lawyers', [
      { number: LINE, kind: 'call_flow' },
      { number: LINE, kind: 'outbound' },
      { number: DIRECT, kind: 'assigned' },
    ]),
    numberRule('Phone Admins', [], 'admin'),
  ]);
  await office.engine.addUser('Olga', ['Phone Admins']);
  await office.engine.settle();
});

afterAll(() => office?.close());

const linkOf = async (email: string) =>
  (
    await office.engine.query<{ state: string; numbers: number; role: string | null }>(
      `select state, jsonb_array_length(last_written -> 'entitlements' -> 'numbers') as numbers,
         last_written -> 'entitlements' ->> 'role' as role from links where ended_at is null and email = '${email}'`,
    )
  )[0];

const atNumbers = (email: string): readonly string[] =>
  office.sandbox
    .snapshot()
    .numbers.flatMap(({ number, assigned, callerId, callFlow }) =>
      Object.entries({ assigned, callerId, callFlow }).flatMap(([list, who]) =>
        who.includes(email) ? [`${number} ${list}`] : [],
      ),
    )
    .toSorted();

async function expectAtRest(): Promise<void> {
  await office.engine.requestReconcile();
  await office.engine.settle();
  expect(await office.open()).toEqual([]);
  const [last] = await office.engine.query(
    'select change_count from plans order by created_at desc, id desc limit 1',
  );
  expect(last).toEqual({ change_count: 0 });
}

it('asks for nothing before the first complete list, which finds who is there already', async () => {
  expect(await office.open()).toEqual([]);

  expect(await office.importList()).toMatchObject({ added: 1, removed: 0 });
  await office.engine.query("update accounts set state = 'active', paused_reason = null");
  await office.engine.requestReconcile();
  await office.engine.settle();

  await expectAtRest();
  expect(await linkOf(ADMIN)).toMatchObject({ state: 'active' });
});

it('a joiner comes in by what the steps say, and counts as in when the list shows it', async () => {
  ada = await office.engine.addUser('Ada', ['Lawyers', 'Phone Admins']);
  await office.engine.settle();
  expect(await office.work()).toHaveLength(5);
  expect(await linkOf(ADA)).toBeUndefined();

  const figures = await office.importList();

  expect(figures).toMatchObject({ added: 1, confirmed: 5 });
  expect(atNumbers(ADA)).toEqual([`${LINE} callFlow`, `${LINE} callerId`, `${DIRECT} assigned`].toSorted());
  expect(await linkOf(ADA)).toEqual({ state: 'active', numbers: 3, role: 'admin' });
  await expectAtRest();
});

it('what somebody changed there by hand is seen in the next list, and asked back', async () => {
  await office.sandbox.dashboard.setAccess({ number: LINE, email: ADA, list: 'callerId', isGiven: false });
  await office.importList();
  expect((await office.open()).map(({ title }) => title)).toEqual([`Let ${ADA} call from ${LINE}`]);

  await office.work();
  await office.importList();

  await expectAtRest();
});

it('a leaver is shut out first, and is parked when a list shows that nothing is left', async () => {
  await office.engine.setActive(ada, false);
  await office.engine.settle();
  const before = await office.importList();
  expect(before).toMatchObject({ confirmed: 0 });
  expect(await linkOf(ADA)).toMatchObject({ state: 'active' });

  expect((await office.work()).at(-1)).toBe(`Check that ${ADA} is shut out`);
  await office.importList();

  expect(atNumbers(ADA)).toEqual([]);
  expect(await linkOf(ADA)).toMatchObject({ state: 'parked', numbers: 0 });
  expect(office.sandbox.snapshot().members.map(({ email }) => email)).toContain(ADA);
  await expectAtRest();
});

it('is removed for good when it is due, the records exported before, and only the list says so', async () => {
  await office.engine.query(`update deletions set due_at = now() - interval '1 minute'`);
  await office.engine.query(
    `update links set delete_due_at = now() - interval '1 minute' where state = 'parked'`,
  );
  await office.engine.settle();

  expect(await office.work()).toEqual([`Remove ${ADA} from VXT for good`]);
  const { journal, members } = office.sandbox.snapshot();
  expect(journal.slice(-2).map(({ action, email }) => `${action} ${email}`)).toEqual([
    `records-exported ${ADA}`,
    `removed ${ADA}`,
  ]);
  expect(members.map(({ email }) => email)).toEqual([ADMIN]);
  expect(await office.engine.query('select state from deletions')).toEqual([{ state: 'scheduled' }]);

  await expect(office.importList()).rejects.toMatchObject({ kind: 'invalid' });
  expect(await office.importList(1)).toMatchObject({ removed: 1 });

  expect(await office.engine.query('select state from deletions')).toEqual([{ state: 'verified' }]);
  await expectAtRest();
});
