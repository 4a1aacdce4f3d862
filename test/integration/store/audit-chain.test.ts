import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAuditSealer } from '../../../src/audit/seal.js';
import { verifyAuditChain } from '../../../src/audit/verify.js';
import { appendAudit } from '../../../src/store/audit.js';
import { openDirectory, type DirectoryFixture } from '../../support/directory.js';

describe('the audit chain', () => {
  let fixture: DirectoryFixture;
  let tenantId: string;

  beforeEach(async () => {
    fixture = await openDirectory();
    tenantId = await fixture.addTenant('acme', 0);
    for (let event = 1; event <= 5; event += 1) await append(event);
    await makeAuditSealer(fixture.database)();
  });

  afterEach(() => fixture.close());

  function append(event: number): Promise<void> {
    return appendAudit(fixture.database.forTenant(tenantId), tenantId, {
      at: fixture.clock.now(),
      actor: 'test',
      action: 'thing.done',
      targetType: 'thing',
      targetId: String(event),
      data: { z: event, a: ['é', null, 1.5] },
    });
  }

  function tamper(statement: string): Promise<unknown> {
    return sql.raw(statement).execute(fixture.database.system());
  }

  it('is intact as written, and goes on where it ended', async () => {
    const before = await verifyAuditChain(fixture.database, tenantId);
    await append(6);
    await makeAuditSealer(fixture.database)();
    const after = await verifyAuditChain(fixture.database, tenantId);

    expect(before).toMatchObject({ type: 'intact', events: 5 });
    expect(after).toMatchObject({ type: 'intact', events: 6 });
    expect(before).not.toEqual(after);
  });

  it('shows an altered event', async () => {
    await tamper(`update audit_events set data = '{"z":99}' where chain_no = 3`);

    expect(await verifyAuditChain(fixture.database, tenantId)).toEqual({
      type: 'broken',
      chainNo: 3,
      problem: 'altered',
    });
  });

  it('shows a removed event, even when the rest is renumbered', async () => {
    await tamper('delete from audit_events where chain_no = 2');
    expect(await verifyAuditChain(fixture.database, tenantId)).toMatchObject({
      chainNo: 2,
      problem: 'missing',
    });

    await tamper('update audit_events set chain_no = chain_no - 1 where chain_no > 2');
    expect(await verifyAuditChain(fixture.database, tenantId)).toMatchObject({
      chainNo: 2,
      problem: 'altered',
    });
  });

  it('shows two events that changed places', async () => {
    await tamper('update audit_events set chain_no = 100 where chain_no = 1');
    await tamper('update audit_events set chain_no = 1 where chain_no = 2');
    await tamper('update audit_events set chain_no = 2 where chain_no = 100');

    expect(await verifyAuditChain(fixture.database, tenantId)).toMatchObject({ type: 'broken', chainNo: 1 });
  });

  it('is written once when several sealers run at the same time', async () => {
    for (let event = 6; event <= 30; event += 1) await append(event);
    await Promise.all([1, 2, 3, 4].map(() => makeAuditSealer(fixture.database)()));
    await makeAuditSealer(fixture.database)();

    expect(await verifyAuditChain(fixture.database, tenantId)).toMatchObject({ type: 'intact', events: 30 });
  });
});
