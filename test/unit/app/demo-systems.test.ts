import { describe, expect, test } from 'vitest';
import { otherSystems } from '../../../src/app/demo/systems.js';
import { names } from '../../../src/config/values.js';

describe('the systems of the demo', () => {
  test('Aircall alone needs nothing beside it', () => {
    expect(otherSystems(['aircall'])).toEqual([]);
  });

  test('an unknown one is refused with what there is', () => {
    expect(() => otherSystems(['aircall', 'telex'])).toThrow(/"telex".*Choose from: aircall/);
  });

  test('Aircall is always one of them', () => {
    expect(() => otherSystems([])).toThrow(/--systems aircall/);
  });
});

describe('a list of names as a setting', () => {
  test.each([
    ['aircall', ['aircall']],
    ['aircall, vxt', ['aircall', 'vxt']],
    [['vxt'], ['vxt']],
  ])('%j is read as %j', (value, list) => {
    expect(names().parse(value)).toEqual(list);
  });

  test.each(['', 'aircall,,vxt', 'aircall,aircall', 'Aircall!', 7])('%j is refused', (value) => {
    expect(names().safeParse(value).success).toBe(false);
  });
});
