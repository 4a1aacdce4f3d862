import { expect, test } from 'vitest';
import { ascending } from '../../../src/lib/ascending.js';

test.each([
  [[], []],
  [['b'], ['b']],
  [[''], ['']],
  [
    ['b', 'a'],
    ['a', 'b'],
  ],
  [['', ''], ['']],
  [
    ['a', 'a', 'c', 'b', 'a'],
    ['a', 'b', 'c'],
  ],
])('%j are %j', (texts, wanted) => {
  expect(ascending(texts)).toEqual(wanted);
});

test('what is in order is not copied', () => {
  const texts = ['a', 'b', 'ba'];
  expect(ascending(texts)).toBe(texts);
});
