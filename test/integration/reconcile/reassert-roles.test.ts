import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAgentHintStore } from '../../../src/store/vendor-hints.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

const DAY_MS = 86_400_000;

describe('roles that the vendor does not show', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await openEngine({
      settings: { reassertRolesDays: 7, protectedEmails: [emailOf('Glass')] },
      overrides: (deps) => ({ vendors: withoutRoles(deps.vendors) }),
    });
    await engine.saveRules([groupRule('Sales', { role: 'supervisor' })]);
    await engine.addUser('Ada', ['Sales']);
    await engine.addUser('Glass', ['Sales']);
    await engine.settle();
  });

  afterEach(() => engine.close());

  const reconcile = async (trigger: 'schedule' | 'manual') => {
    const before = engine.vendor.writes().length;
    await engine.deps.accounts.requestReconcile(engine.account, trigger, engine.directory.clock.now());
    await engine.settle();
    return engine.vendor.writes().slice(before);
  };

  it('are written again on the schedule once they are old, and only once', async () => {
    engine.directory.clock.advance(8 * DAY_MS);

    const providerUserId = engine.vendor.byEmail(emailOf('Ada'))?.providerUserId;
    expect(await reconcile('schedule')).toMatchObject([
      { type: 'update-agent', providerUserId, fields: { role: 'supervisor' } },
    ]);
    expect(await reconcile('schedule')).toEqual([]);
    const [change] = await engine.query<{ reason: string }>(
      "select body->>'reason' as reason from changes where key like '%reassert-role'",
    );
    expect(change?.reason).toContain('written 8 days ago');
  });

  it('are written again at once where an event suggests that somebody changed them, and only once', async () => {
    const { directory, account, deps } = engine;
    const hints = makeAgentHintStore(directory.database);
    const idOf = (name: string): string => engine.vendor.byEmail(emailOf(name))?.providerUserId ?? '';
    directory.clock.advance(60_000);
    const before = engine.vendor.writes().length;

    const people = (await deps.links.listLive(account, 'all')).map(({ subjectId }) => subjectId);
    const at = directory.clock.now();
    await hints.suspectRoles(account, people, at);
    await deps.marks.mark(account, people, { reason: 'webhook', at });
    await engine.settle();
    await engine.settle();

    expect(engine.vendor.writes().slice(before)).toEqual([
      { type: 'update-agent', providerUserId: idOf('Ada'), fields: { role: 'supervisor' } },
    ]);
    const [change] = await engine.query<{ reason: string }>(
      "select body->>'reason' as reason from changes where key like '%reassert-role'",
    );
    expect(change?.reason).toContain('somebody changed this one');
    const notices = await engine.query<{ text: string }>('select body::text as text from plans');
    expect(notices.some(({ text }) => text.includes('They are protected'))).toBe(true);
  });

  it('are left alone while they are young, and by whatever is not on the schedule', async () => {
    engine.directory.clock.advance(6 * DAY_MS);
    expect(await reconcile('schedule')).toEqual([]);

    engine.directory.clock.advance(2 * DAY_MS);
    expect(await reconcile('manual')).toEqual([]);
  });
});

/** The vendor in memory shows roles; a vendor such as Aircall does not. */
function withoutRoles(vendors: EngineFixture['deps']['vendors']): EngineFixture['deps']['vendors'] {
  return {
    async open(account, options) {
      const vendor = await vendors.open(account, options);
      const { provider } = vendor;
      const hide = async (reading: ReturnType<typeof provider.readAll>) => {
        const actual = await reading;
        return { ...actual, agents: actual.agents.map((agent) => ({ ...agent, role: null })) };
      };
      return {
        ...vendor,
        capabilities: { ...vendor.capabilities, readRole: false },
        provider: {
          ...provider,
          readAll: () => hide(provider.readAll()),
          readSubjects: (refs) => hide(provider.readSubjects(refs)),
        },
      };
    },
  };
}
