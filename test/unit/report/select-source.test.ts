import { describe, expect, it } from 'vitest';
import { selectSource } from '../../../src/report/select-source.js';

const tenantId = 't';
const named = {
  byName: (_tenantId: string, name: string) => Promise.resolve({ tenantId, id: `id of ${name}` }),
};
const select = (selection: Parameters<typeof selectSource>[2]) =>
  selectSource({ accounts: named, idpSources: named }, tenantId, selection);

describe('which comparisons somebody means', () => {
  it.each([
    [{}, null],
    [{ account: 'aircall' }, { tenantId, type: 'account', id: 'id of aircall' }],
    [
      { account: 'aircall', seats: false },
      { tenantId, type: 'account', id: 'id of aircall' },
    ],
    [
      { account: 'aircall', seats: true },
      { tenantId, type: 'seats', id: 'id of aircall' },
    ],
    [{ connection: 'okta' }, { tenantId, type: 'idp', id: 'id of okta' }],
  ])('%j', async (selection, source) => {
    expect(await select(selection)).toEqual(source);
  });

  it.each([
    [{ account: 'aircall', connection: 'okta' }],
    [{ seats: true }],
    [{ connection: 'okta', seats: true }],
  ])('%j is refused rather than guessed at', async (selection) => {
    await expect(select(selection)).rejects.toMatchObject({ kind: 'invalid' });
  });
});
