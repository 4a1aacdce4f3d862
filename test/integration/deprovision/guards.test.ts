import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeLegalHolds, type LegalHolds } from '../../../src/deprovision/legal-holds.js';
import type { Certificate } from '../../../src/deprovision/proof/certificate.js';
import { digestOf } from '../../../src/lib/canonical-json.js';
import { verifyDocument, type Signature } from '../../../src/lib/signing.js';
import { makeLegalHoldStore } from '../../../src/store/retention/legal-holds.js';
import { emailOf, groupRule, openEngine, type EngineFixture } from '../../support/engine.js';

const DAY_MS = 86_400_000;

describe('the guards of a permanent deletion, asked again in the moment before the call', () => {
  let engine: EngineFixture;
  let holds: LegalHolds;

  beforeEach(async () => {
    engine = await openEngine({ settings: { graceDays: 0 } });
    await engine.saveRules([groupRule('Sales', { teams: ['Sales'] })]);
    await engine.requestReconcile();
    await engine.settle();
    const { database, clock, newId } = engine.directory;
    holds = makeLegalHolds({ store: makeLegalHoldStore(database), newId, now: () => clock.now() });
  });

  afterEach(() => engine.close());

  async function hire(name: string): Promise<string> {
    const id = await engine.addUser(name, ['Sales']);
    await engine.addUser(`${name}sColleague`, ['Sales']);
    await engine.settle();
    return id;
  }

  interface Row {
    readonly state: string;
    readonly hold_reason: string | null;
    readonly last_error: string | null;
    readonly certificate: Certificate | null;
    readonly certificate_hash: string | null;
    readonly certificate_signature: Signature | null;
    readonly manifest: object | null;
    readonly manifest_signature: Signature | null;
  }

  const deletion = async (): Promise<Row | undefined> =>
    (await engine.query<Row>('select * from deletions'))[0];
  const deleteCalls = (): number =>
    engine.vendor.writes().filter(({ type }) => type === 'delete-agent').length;

  async function approveHeld(actor: string): Promise<void> {
    const held = await engine.query<{ id: string; digest: string }>(
      "select id, digest from plans where state = 'held'",
    );
    expect(held).toHaveLength(1);
    const { id: planId, digest } = held[0]!;
    await engine.decisions.approve({ account: engine.account, planId, digest, actor });
  }

  const holdFor = (personId: string, until: Date | null = null) =>
    holds.set({ tenantId: engine.account.tenantId, personId, reason: 'Case 17', until, actor: 'legal' });

  it('a legal hold keeps the agent, says why and by whom, and lets go when it is released', async () => {
    const id = await hire('Ada');
    await holdFor(id);
    await engine.setActive(id, false);
    await engine.settle();

    expect(engine.vendor.byEmail(emailOf('Ada'))?.teams.size).toBe(0);
    expect(await deletion()).toMatchObject({ state: 'held' });
    expect((await deletion())?.hold_reason).toContain('set by legal: Case 17');
    expect(deleteCalls()).toBe(0);

    await holds.release({ tenantId: engine.account.tenantId, personId: id, actor: 'legal' });
    await engine.settle();
    expect(await deletion()).toMatchObject({ state: 'verified' });
    expect(deleteCalls()).toBe(1);
    const audit = await engine.query<{ action: string }>(
      "select action from audit_events where action like 'legal-hold.%' order by id",
    );
    expect(audit.map(({ action }) => action)).toEqual(['legal-hold.set', 'legal-hold.released']);
  });

  it('a legal hold stays with the agent when its person comes back under a new entry of the directory', async () => {
    const old = await hire('Ada');
    await holdFor(old);
    await engine.removeUser(old);
    await engine.settle();
    const agentId = engine.vendor.byEmail(emailOf('Ada'))?.providerUserId;
    const id = await engine.addUser('Ada', ['Sales']);
    await engine.settle();
    expect(await engine.query(`select state from links where subject_id = '${id}'`)).toEqual([
      { state: 'active' },
    ]);
    await engine.setActive(id, false);
    await engine.settle();

    expect(deleteCalls()).toBe(0);
    expect(engine.vendor.byEmail(emailOf('Ada'))?.providerUserId).toBe(agentId);
    await holds.release({ tenantId: engine.account.tenantId, personId: old, actor: 'legal' });
    await engine.settle();
    expect(deleteCalls()).toBe(1);
  });

  it('a legal hold that is set in the moment before the call still stops it', async () => {
    const id = await hire('Ada');
    await engine.setActive(id, false);
    let isSet = false;
    engine.vendor.onRequest = async ({ call }) => {
      if (call !== 'is-in-call' || isSet) return;
      isSet = true;
      await holdFor(id);
    };
    await engine.settle();

    expect(isSet).toBe(true);
    expect(deleteCalls()).toBe(0);
    expect((await deletion())?.state).toMatch(/^(scheduled|held)$/);
  });

  it('a legal hold ends by itself on its date, not by one clock alone', async () => {
    const id = await hire('Ada');
    await holdFor(id, new Date(engine.directory.clock.now().getTime() + DAY_MS));
    await engine.setActive(id, false);
    await engine.settle();
    engine.directory.clock.advance(2 * DAY_MS);
    await engine.settle();

    expect(deleteCalls()).toBe(0);
    await engine.query("update legal_holds set until = now() - interval '1 hour'");
    engine.directory.clock.advance(2 * DAY_MS);
    await engine.settle();
    expect(deleteCalls()).toBe(1);
  });

  it('somebody in a call is not cut off: the deletion comes after it', async () => {
    const id = await hire('Ada');
    const agentId = engine.vendor.byEmail(emailOf('Ada'))!.providerUserId;
    engine.vendor.inCall.add(agentId);
    await engine.setActive(id, false);
    await engine.settle();

    expect(deleteCalls()).toBe(0);
    expect(await deletion()).toMatchObject({ state: 'scheduled', last_error: 'The agent is in a call.' });

    engine.vendor.inCall.delete(agentId);
    engine.directory.clock.advance(5 * 60_000);
    await engine.settle();
    expect(deleteCalls()).toBe(1);
  });

  it('where every deletion needs a person, it waits for the approval of exactly that one', async () => {
    await engine.setSettings({ graceDays: 0, deletion: { approval: true } });
    const id = await hire('Ada');
    await engine.setActive(id, false);
    await engine.settle();

    expect(deleteCalls()).toBe(0);
    expect((await deletion())?.hold_reason).toContain('approval of every permanent deletion');
    await approveHeld('console:boss@example.com');
    await engine.settle();
    expect(deleteCalls()).toBe(1);
    expect((await deletion())?.certificate?.approvedBy).toEqual(['console:boss@example.com']);
  });

  it('an approved deletion that has to wait does so without asking the phone system on and on', async () => {
    await engine.setSettings({ graceDays: 0, deletion: { approval: true } });
    const id = await hire('Ada');
    const agentId = engine.vendor.byEmail(emailOf('Ada'))!.providerUserId;
    await engine.setActive(id, false);
    await engine.settle();
    engine.vendor.inCall.add(agentId);
    await approveHeld('boss');
    let looks = 0;
    engine.vendor.onRequest = ({ call }) => {
      if (call === 'is-in-call' && ++looks > 3) engine.vendor.inCall.delete(agentId);
      return Promise.resolve();
    };
    await engine.settle();
    expect([looks, deleteCalls()]).toEqual([1, 0]);
    expect(await engine.drain(engine.account, { sliceMs: 60_000 })).toEqual({ type: 'idle' });

    engine.vendor.inCall.delete(agentId);
    engine.directory.clock.advance(5 * 60_000);
    await engine.settle();
    expect(deleteCalls()).toBe(1);
  });

  it('an approval of the deletion covers no budget that is used up since, and nobody has to approve again', async () => {
    await engine.setSettings({ graceDays: 0, deletion: { approval: true } });
    const id = await hire('Ada');
    await engine.setActive(id, false);
    await engine.settle();
    await engine.setSettings({
      graceDays: 0,
      deletion: { approval: true },
      safety: { removalsPerHourMax: 1 },
    });
    await approveHeld('boss');
    await engine.settle();
    expect(deleteCalls()).toBe(0);
    expect((await deletion())?.last_error).toContain('this account allows 1 an hour');

    engine.directory.clock.advance(2 * 60 * 60_000);
    await engine.settle();
    expect(deleteCalls()).toBe(1);
  });

  it('an approval of the deletion covers no reason that came up since: it is asked for again', async () => {
    await engine.setSettings({ graceDays: 0, deletion: { approval: true } });
    const id = await hire('Ada');
    await engine.setActive(id, false);
    await engine.settle();
    await engine.setSettings({ graceDays: 0, deletion: { approval: true }, safety: { removalCeiling: 0 } });
    await approveHeld('boss');
    await engine.settle();
    expect(deleteCalls()).toBe(0);
    const plans = "select state from plans where trigger = 'deletion-due' order by created_at";
    expect(await engine.query(plans)).toEqual([{ state: 'superseded' }, { state: 'held' }]);

    await approveHeld('boss');
    await engine.settle();
    expect(deleteCalls()).toBe(1);
  });

  it('the owner of the API credential is never deleted', async () => {
    const id = await hire('Ada');
    await engine.setSettings({ graceDays: 0, credentialUser: 'ADA@example.com' });
    await engine.setActive(id, false);
    await engine.settle();
    const [plan] = await engine.query<{ id: string; digest: string }>(
      "select id, digest from plans where state = 'held'",
    );
    const { id: planId, digest } = plan!;
    await engine.decisions.approve({ account: engine.account, planId, digest, actor: 'admin' });
    await engine.settle();

    expect(deleteCalls()).toBe(0);
    expect((await deletion())?.hold_reason).toContain('credential-user');
  });

  it('ends with a certificate that is signed, as is the manifest', async () => {
    const id = await hire('Ada');
    await engine.setActive(id, false);
    await engine.settle();

    const row = (await deletion())!;
    expect(row.certificate).toMatchObject({ isClean: true, remarks: [], proof: { agentsListed: 1 } });
    expect(digestOf(row.certificate)).toBe(row.certificate_hash);
    expect(verifyDocument(row.certificate, row.certificate_signature!)).toBe(true);
    expect(verifyDocument(row.manifest, row.manifest_signature!)).toBe(true);
    expect(verifyDocument({ ...row.certificate, isClean: false }, row.certificate_signature!)).toBe(false);
    const [event] = await engine.query<{ data: { certificate: string } }>(
      "select data from audit_events where action = 'deletion.verified'",
    );
    expect(event?.data.certificate).toBe(row.certificate_hash);
  });

  it('an agent whom the vendor still lists after the deletion is not deleted again, and not called gone', async () => {
    const id = await hire('Ada');
    const agentId = engine.vendor.byEmail(emailOf('Ada'))!.providerUserId;
    const listed = engine.vendor.provider.listAgentIds!;
    let isListed = true;
    engine.vendor.provider.listAgentIds = async () =>
      isListed ? new Set([...(await listed()), agentId]) : listed();
    await engine.setActive(id, false);
    await engine.settle();
    expect(await deletion()).toMatchObject({ state: 'deleted', certificate: null });

    isListed = false;
    engine.directory.clock.advance(DAY_MS);
    await engine.settle();
    expect(deleteCalls()).toBe(1);
    expect((await deletion())?.certificate?.isClean).toBe(true);
  });
});
