import { describe, expect, it } from 'vitest';
import { knownAdmins, readProtections } from '../../../src/domain/protection.js';
import { actual, agent, link, parked, written } from '../../support/domain.js';

describe('what a reading shows of protected people', () => {
  it('are the owners, and the administrator who is the only one left', () => {
    const reading = actual([
      agent('s1', { owner: true, role: 'agent' }),
      agent('s2', { role: 'supervisor' }),
    ]);

    expect(readProtections(reading, [])).toEqual([
      { providerUserId: 'a-s1', subjectId: null, reason: 'vendor-owner', until: null },
      { providerUserId: 'a-s1', subjectId: null, reason: 'last-admin', until: null },
    ]);
  });

  it('is no last administrator where two are known, or where only a part was read', () => {
    const two = actual([agent('s1', { role: 'admin' }), agent('s2', { role: 'admin' })]);
    const part = actual([agent('s1', { role: 'admin' })], { scope: 'subjects' });

    expect(readProtections(two, [])).toEqual([]);
    expect(readProtections(part, [])).toEqual([]);
  });

  it('counts a role that the vendor does not show as last written, of people who have not left', () => {
    const reading = actual([agent('s3'), agent('s2'), agent('s1'), agent('s4', { role: 'agent' })]);
    const asAdmin = (id: string) => ({ lastWritten: written(id, { role: 'admin' }) });
    const links = [
      link('s1', asAdmin('s1')),
      link('s2', { lastWritten: null }),
      parked('s3', asAdmin('s3')),
      link('s4', asAdmin('s4')),
    ];

    expect(knownAdmins(reading, links)).toEqual(['a-s1']);
  });
});
