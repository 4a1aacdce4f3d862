import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';
import { holdingsOf } from '../../support/memory-provider.js';

describe('the first slice of a new account', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine();
  });

  afterEach(() => engine.close());

  it('a mover pushed while the first whole-account plan is applied is not held as if the rules had just changed', async () => {
    await engine.saveRules([
      groupRule('Sales', { teams: ['Sales'] }),
      groupRule('Leads', { teams: ['Leads'] }),
    ]);
    const ada = await engine.addUser('Ada', ['Sales']);
    let hasMoved = false;
    engine.vendor.onRequest = async (request) => {
      if (hasMoved || request.call !== 'write' || request.operation.type !== 'grant') return;
      hasMoved = true;
      await engine.join('Leads', ada);
      await engine.leave('Sales', ada);
    };
    await engine.requestReconcile();

    await engine.settle();

    expect(hasMoved).toBe(true);
    const agent = engine.vendor.byEmail(emailOf('Ada'));
    expect(agent && holdingsOf(agent)).toEqual({ role: 'agent', teams: ['Leads'] });
    expect(await engine.query("select id from plans where state = 'held'")).toEqual([]);
  });
});
