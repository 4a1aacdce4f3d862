import { expect, test } from 'vitest';
import { numbersByUser, teamsByMember, toE164 } from '../../../../src/providers/aircall/convert.js';

test.each([
  ['+33 1 76 11 11 11', '+33176111111'],
  ['+1 (415) 555-0100', '+14155550100'],
  [' +442079460000 ', '+442079460000'],
  ['0800 123', '0800123'],
])('%s is kept as %s', (digits, expected) => {
  expect(toE164(digits)).toBe(expected);
});

test('names of teams are sorted and each there once', () => {
  const users = [{ id: '1' }];

  const held = teamsByMember([
    { id: '10', name: 'Sales', users },
    { id: '11', name: 'Art', users: [{ id: '1' }, { id: '2' }] },
    { id: '12', name: 'Sales', users },
  ]);

  expect(held).toEqual(
    new Map([
      ['1', ['Art', 'Sales']],
      ['2', ['Art']],
    ]),
  );
});

test('a number reached twice is held once', () => {
  const held = numbersByUser(
    [
      { digits: '+33 2', userIds: ['1'] },
      { digits: '+33 1', userIds: ['1', '1'] },
    ],
    'assigned',
  );

  expect(held.get('1')).toEqual([
    { number: '+331', kind: 'assigned' },
    { number: '+332', kind: 'assigned' },
  ]);
});
