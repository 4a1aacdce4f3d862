import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesElement } from '../../src/directory/filter/evaluate.js';
import { parseFilter } from '../../src/directory/filter/parse-filter.js';
import { answers, arbitraryValuePath, write } from '../support/scim-filter-model.js';

const TEXTS = ['work', 'Work', 'jane@example.test', 'Émile', 'É"', '\\', '山田'];

/** Value paths of random filters, with elements to choose from. */
const valuePath = arbitraryValuePath('User', 'emails', TEXTS);

const element = fc.record(
  { value: fc.constantFrom(...TEXTS), type: fc.constantFrom(...TEXTS), primary: fc.boolean() },
  { requiredKeys: [] },
);

describe('value filters in memory', () => {
  it('select the elements that an independent model selects', () => {
    fc.assert(
      fc.property(valuePath, element, fc.infiniteStream(fc.nat(1_000)), (model, candidate, numbers) => {
        const text = write(model, { pick: (count) => (numbers.next().value ?? 0) % count });
        const node = parseFilter(text, { resourceType: 'User' });
        expect(node.type).toBe('valuePath');
        if (node.type !== 'valuePath') return;
        expect(matchesElement(node.filter, candidate), text).toBe(answers(model, { emails: [candidate] }));
      }),
      { numRuns: 1_000 },
    );
  });
});
