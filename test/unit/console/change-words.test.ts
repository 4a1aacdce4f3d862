import { describe, expect, it } from 'vitest';
import { changeWords } from '../../../src/console/parts/change-words.js';
import type { Change } from '../../../src/domain/plan.js';
import { PROVIDERS } from '../../../src/providers/registry.js';

const base = {
  key: 'k', subjectId: 's', email: 'ada@x.example', reason: '', because: [], urgent: false,
}; // prettier-ignore
const create = {
  ...base,
  action: 'create',
  givenName: 'Ada',
  familyName: 'Love',
  role: 'agent',
} as unknown as Change;
const park = { ...base, action: 'park', graceMs: 30 * 86_400_000 } as unknown as Change;
const remove = { ...base, action: 'delete' } as unknown as Change;

describe('what a change is said to do', () => {
  it.each([
    {
      vendor: 'aircall',
      invited: /the vendor sends an invitation$/,
      parked: /^Park: take everything now,/,
      person: false,
    },
    {
      vendor: 'smartflo',
      invited: /nobody is invited/,
      parked: /^Park: suspend and take everything now,/,
      person: false,
    },
    {
      vendor: 'vxt',
      invited: /a person invites them$/,
      parked: /^Park: a person takes everything,/,
      person: true,
    },
  ])('is what happens at $vendor', ({ vendor, invited, parked, person }) => {
    const capabilities = PROVIDERS[vendor]?.capabilities ?? null;
    expect(capabilities).not.toBeNull();
    expect(changeWords(create, capabilities)).toMatch(invited);
    expect(changeWords(park, capabilities)).toMatch(parked);
    expect(changeWords(remove, capabilities).includes('a person does it')).toBe(person);
  });

  it('claims nothing of a phone system that is not known any more', () => {
    expect(changeWords(create, null)).toBe('Create Ada Love as agent');
  });
});
