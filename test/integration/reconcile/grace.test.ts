import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

const SETTINGS = { graceDays: 10, safety: { removalFloor: 100, directoryShrinkShareMax: 1 } };

describe('the time until a permanent deletion', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine({ settings: SETTINGS });
    await engine.saveRules([
      { ...groupRule('Sales', { teams: ['Sales'] }), graceDays: 30 },
      { ...groupRule('Contractors', { teams: ['Contractors'] }), graceDays: 5 },
      groupRule('Support', { teams: ['Support'] }),
    ]);
    await engine.addUser('Eve', ['Support']);
    await engine.requestReconcile();
    await engine.settle();
  });

  afterEach(() => engine.close());

  function sayContractors(graceDays: number): Promise<void> {
    return engine.saveRules([
      { ...groupRule('Contractors', { teams: ['Contractors'] }), graceDays },
      groupRule('Support', { teams: ['Support'] }),
    ]);
  }

  /** Days from park to deletion, as the deletions are scheduled. */
  async function graceOf(name: string): Promise<number | undefined> {
    const [row] = await engine.query<{ days: number }>(
      `select extract(epoch from d.due_at - l.parked_at)::float / 86400 as days
         from deletions d join links l on l.id = d.link_id where l.email = '${emailOf(name)}'`,
    );
    return row?.days;
  }

  it('is that of the rules that apply, the longest of several, else that of the account', async () => {
    const people = [
      await engine.addUser('Ada', ['Sales']),
      await engine.addUser('Bea', ['Contractors']),
      await engine.addUser('Cid', ['Sales', 'Contractors']),
      await engine.addUser('Dan', ['Support']),
    ];
    await engine.settle();

    for (const person of people) await engine.setActive(person, false);
    await engine.settle();

    expect(await graceOf('Ada')).toBe(30);
    expect(await graceOf('Bea')).toBe(5);
    expect(await graceOf('Cid')).toBe(30);
    expect(await graceOf('Dan')).toBe(10);
  });

  it('is remembered for people whose groups are gone when they leave', async () => {
    const deleted = await engine.addUser('Ada', ['Contractors']);
    const unmapped = await engine.addUser('Bea', ['Contractors']);
    await engine.settle();

    await engine.removeUser(deleted);
    await engine.leave('Contractors', unmapped);
    await engine.settle();

    expect(await graceOf('Ada')).toBe(5);
    expect(await graceOf('Bea')).toBe(5);
  });

  it('follows a changed rule until the park, and never moves afterwards', async () => {
    const ada = await engine.addUser('Ada', ['Contractors']);
    await engine.settle();
    await sayContractors(60);
    await engine.requestReconcile();
    await engine.settle();
    await engine.setActive(ada, false);
    await engine.settle();
    expect(await graceOf('Ada')).toBe(60);

    await sayContractors(1);
    await engine.requestReconcile();
    await engine.settle();

    expect(await graceOf('Ada')).toBe(60);
  });
});
