import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWorkFinder } from '../../../src/store/work-finder.js';
import { groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

describe('marks', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine();
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
  });

  afterEach(() => engine.close());

  function ready() {
    const { marks, clock } = engine.deps;
    return marks.listReady(engine.account, { now: clock.now(), limit: 100 });
  }

  it('that were renewed while somebody worked on them are not completed, held or put off', async () => {
    const ada = await engine.addUser('Ada');
    const [seen] = await ready();
    await engine.join('Sales', ada);
    const { marks } = engine.deps;

    await marks.complete(engine.account, [seen!]);
    await marks.defer(engine.account, [seen!], { until: 'change', error: 'x', countsAttempt: true });

    const [renewed] = await ready();
    expect(renewed).toMatchObject({ subjectId: ada, attempts: 0 });
    expect(renewed!.generation).toBeGreaterThan(seen!.generation);
  });

  it('that are put off or held ask anew when the person changes', async () => {
    const ada = await engine.addUser('Ada');
    const [seen] = await ready();
    await engine.deps.marks.defer(engine.account, [seen!], {
      until: 'change',
      error: 'x',
      countsAttempt: true,
    });
    expect(await ready()).toEqual([]);

    await engine.join('Sales', ada);

    expect(await ready()).toMatchObject([{ subjectId: ada, attempts: 0 }]);
    expect(await engine.query('select last_error, not_before from dirty_subjects')).toEqual([
      { last_error: null, not_before: null },
    ]);
  });

  it('are listed urgent ones first, then people with a link, then the oldest', async () => {
    const linked = await engine.addUser('Linked', ['Sales']);
    const leaver = await engine.addUser('Leaver', ['Sales']);
    await engine.requestReconcile();
    await engine.settle();
    const first = await engine.addUser('First');
    engine.directory.clock.advance(1_000);
    const second = await engine.addUser('Second');
    engine.directory.clock.advance(1_000);
    await engine.setName(linked, 'Renamed');
    engine.directory.clock.advance(1_000);
    await engine.setActive(leaver, false);

    expect((await ready()).map(({ subjectId }) => subjectId)).toEqual([leaver, linked, first, second]);
  });

  describe('and other rows with work', () => {
    function find() {
      return makeWorkFinder(engine.directory.database, () => engine.deps.clock.now())();
    }

    it.each([
      ['a ready mark', 'update dirty_subjects set not_before = null'],
      ['a requested reconciliation', "update accounts set reconcile_due_at = now() - interval '1 minute'"],
      ['an approved plan', "update plans set state = 'approved'"],
      ['a plan that a dead worker left', "update plans set state = 'applying'"],
      ['a due deletion', "update deletions set due_at = now() - interval '1 minute'"],
      [
        'a deletion that a dead worker left',
        "update deletions set state = 'deleting', due_at = now() - interval '1 minute'",
      ],
    ])('are found: %s', async (_, statement) => {
      const ada = await engine.addUser('Ada', ['Sales']);
      await engine.addUser('Bea', ['Sales']);
      await engine.requestReconcile();
      await engine.settle();
      await engine.setActive(ada, false);
      await engine.settle();
      await engine.addUser('New');
      await engine.query("update dirty_subjects set not_before = 'infinity'");
      expect(await find()).toEqual([]);

      await engine.query(statement);
      expect(await find()).toEqual([engine.account]);
      await engine.query("update accounts set state = 'paused'");
      expect(await find()).toEqual([]);
    });
  });
});
