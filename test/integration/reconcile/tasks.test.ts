import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MappingRule } from '../../../src/domain/mapping.js';
import { groupRule, openEngine, type EngineFixture } from '../../support/engine.js';
import { MEMORY_CAPABILITIES } from '../../support/memory-provider.js';

function outboundRule(group: string): MappingRule {
  const rule = groupRule(group, { teams: ['Sales'] });
  const numbers = [{ number: '+33100000001', kind: 'outbound', viaTeam: null } as const];
  return { ...rule, grant: { ...rule.grant, numbers } };
}

describe('the worklist', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine({
      overrides: (deps) => ({
        vendors: {
          open: async (account, options) => {
            const vendor = await deps.vendors.open(account, options);
            const numbers = [{ providerNumberId: '1', number: '+33100000001', name: 'Front desk' }];
            const withNumbers = async <T extends { numbers: readonly unknown[] }>(reading: Promise<T>) => ({
              ...(await reading),
              numbers,
            });
            return {
              ...vendor,
              capabilities: MEMORY_CAPABILITIES,
              provider: {
                ...vendor.provider,
                readAll: () => withNumbers(vendor.provider.readAll()),
                readSubjects: (refs) => withNumbers(vendor.provider.readSubjects(refs)),
              },
            };
          },
        },
      }),
    });
    await engine.saveRules([outboundRule('Sales')]);
    await engine.requestReconcile();
    await engine.settle();
  });

  afterEach(() => engine.close());

  function tasks(): Promise<readonly { kind: string; state: string }[]> {
    return engine.query('select kind, state from worklist_items order by created_at, id');
  }

  it('gets one task for what the vendor has no API for, however often it is planned', async () => {
    const ada = await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await engine.join('Others', ada);
    await engine.settle();
    await engine.requestReconcile();
    await engine.settle();

    expect(await tasks()).toEqual([{ kind: 'grant-number', state: 'open' }]);
    expect(await engine.query('select * from dirty_subjects')).toEqual([]);
    const [due] = await engine.query<{ days: number }>(
      'select extract(epoch from due_at - created_at)::float / 86400 as days from worklist_items',
    );
    expect(due?.days).toBe(7);
    const [task] = await engine.query<{ title: string; link: string; steps: string[] }>(
      'select title, link, steps from worklist_items',
    );
    expect(task?.title).toContain('ada@example.com');
    expect(task?.link).toContain('https://dashboard.example.com/');
    expect(task?.steps.length).toBeGreaterThan(1);
  });

  it('closes a task that is not wanted any more, and opens it again when it is', async () => {
    await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.requestReconcile();
    await engine.settle();
    expect(await tasks()).toEqual([{ kind: 'grant-number', state: 'done' }]);

    await engine.saveRules([outboundRule('Sales')]);
    await engine.requestReconcile();
    await engine.settle();

    expect(await tasks()).toEqual([
      { kind: 'grant-number', state: 'done' },
      { kind: 'grant-number', state: 'open' },
    ]);
  });
});
