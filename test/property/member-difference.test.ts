import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeDifference } from '../../src/store/directory/member-difference.js';

/** Few different ones, so that most are in both lists. */
const ids = fc.uniqueArray(
  fc
    .integer({ min: 0, max: 40 })
    .map((number) => `${String(number).padStart(8, '0')}-0000-7000-8000-0123456789ab`),
);

it('what cannot be an id is nobody who is there, be it nothing or the beginning of an id', () => {
  const odd = fc.array(
    fc.constantFrom('', '0', '00000001', '00000002-0000-7000-8000-0123456789a', 'z'.repeat(80)),
  );
  fc.assert(
    fc.property(ids, ids, odd, (present, wanted, strange) => {
      const asked = [...new Set([...wanted, ...strange])].toSorted();
      const { add, remove } = mergeDifference(present.toSorted().join(''), asked);
      expect(add).toEqual(asked.filter((id) => !present.includes(id)));
      expect(remove).toEqual(present.filter((id) => !wanted.includes(id)).toSorted());
    }),
  );
});

it('who is to come and who is to go are those that are in one of two lists only', () => {
  fc.assert(
    fc.property(ids, ids, (present, wanted) => {
      const { add, remove } = mergeDifference(present.toSorted().join(''), wanted.toSorted());
      expect(add).toEqual(wanted.filter((id) => !present.includes(id)).toSorted());
      expect(remove).toEqual(present.filter((id) => !wanted.includes(id)).toSorted());
    }),
  );
});
