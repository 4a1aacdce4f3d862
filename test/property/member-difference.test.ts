import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeDifference } from '../../src/store/directory/member-difference.js';

function differenceOf(present: readonly string[], wanted: readonly string[]) {
  const difference = mergeDifference(present.toSorted().join(''), wanted);
  if (difference === null) throw new Error('The wanted ones are said not to be in order.');
  return difference;
}

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
      const { add, remove } = differenceOf(present, asked);
      expect(add).toEqual(asked.filter((id) => !present.includes(id)));
      expect(remove).toEqual(present.filter((id) => !wanted.includes(id)).toSorted());
    }),
  );
});

it('who is to come and who is to go are those that are in one of two lists only', () => {
  fc.assert(
    fc.property(ids, ids, (present, wanted) => {
      const { add, remove } = differenceOf(present, wanted.toSorted());
      expect(add).toEqual(wanted.filter((id) => !present.includes(id)).toSorted());
      expect(remove).toEqual(present.filter((id) => !wanted.includes(id)).toSorted());
    }),
  );
});

it('of lists that are long, too, wherever they differ', () => {
  const many = fc.integer({ min: 0, max: 720 }).chain((size) =>
    fc.record({
      size: fc.constant(size),
      gone: fc.uniqueArray(fc.integer({ min: 0, max: 720 }), { maxLength: 5 }),
      come: fc.uniqueArray(fc.integer({ min: 0, max: 720 }), { maxLength: 5 }),
    }),
  );
  const idOf = (number: number) => `${String(number).padStart(8, '0')}-0000-7000-8000-0123456789ab`;
  fc.assert(
    fc.property(many, ({ size, gone, come }) => {
      const everybody = Array.from({ length: size }, (_, number) => number);
      const present = everybody.filter((number) => !come.includes(number)).map(idOf);
      const wanted = everybody.filter((number) => !gone.includes(number)).map(idOf);
      const { add, remove } = differenceOf(present, wanted);
      expect(add).toEqual(wanted.filter((id) => !present.includes(id)));
      expect(remove).toEqual(present.filter((id) => !wanted.includes(id)));
    }),
  );
});

it('there is none of a list that is not in order or names one twice, wherever that is', () => {
  const idOf = (number: number) => `${String(number).padStart(8, '0')}-0000-7000-8000-0123456789ab`;
  const everybody = Array.from({ length: 350 }, (_, number) => idOf(number));
  const place = fc.integer({ min: 1, max: 349 });
  fc.assert(
    fc.property(place, place, (from, to) => {
      const moved = everybody.toSpliced(from, 1).toSpliced(to, 0, everybody[from] ?? '');
      const doubled = everybody.toSpliced(to, 0, everybody[from] ?? '');
      expect(mergeDifference(everybody.join(''), moved) === null).toBe(from !== to);
      expect(mergeDifference(everybody.join(''), doubled)).toBeNull();
    }),
  );
});

it('ids that only come to the same text when they are put together are not the same', () => {
  const end = '-0000-7000-8000-0123456789ab';
  const [first, second] = [`d0000000${end}`, `ee000000${end}`];
  const others = Array.from({ length: 198 }, (_, number) => `f${String(number).padStart(7, '0')}${end}`);
  const shifted = [first + second.slice(0, 1), second.slice(1)];
  const asked = [...shifted, ...others];
  expect(asked).toEqual(asked.toSorted());
  expect(differenceOf([first, second, ...others], asked)).toMatchObject({
    add: shifted,
    remove: [first, second],
  });
});
