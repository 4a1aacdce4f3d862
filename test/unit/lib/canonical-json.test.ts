import { describe, expect, it } from 'vitest';
import { canonicalJson, digestOf, NotCanonicalError } from '../../../src/lib/canonical-json.js';

describe('canonicalJson', () => {
  it('sorts keys at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }, 3], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},3]}');
    expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  });

  it('leaves out undefined properties, so that absent and undefined are equal', () => {
    expect(canonicalJson({ a: 1, b: undefined })).toBe(canonicalJson({ a: 1 }));
  });

  it('writes dates as JSON does', () => {
    expect(canonicalJson(new Date(0))).toBe('"1970-01-01T00:00:00.000Z"');
  });

  it('sorts by code unit, whatever the locale', () => {
    expect(canonicalJson({ ä: 1, z: 2, Z: 3, '10': 4, '9': 5 })).toBe('{"10":4,"9":5,"Z":3,"z":2,"ä":1}');
  });

  const loop: { self?: unknown } = {};
  loop.self = loop;
  it.each([
    ['a function', () => 1],
    ['a bigint', 1n],
    ['NaN', Number.NaN],
    ['infinity', { a: Infinity }],
    ['a map, which JSON would write as {}', new Map([['a', 1]])],
    ['a set', [new Set([1])]],
    ['undefined in a list', [undefined]],
    ['a hole in a list', Array.from({ length: 2 }).fill(1, 1)],
    ['a cycle', loop],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(NotCanonicalError);
  });

  it('allows one object in two places', () => {
    const shared = { a: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });
});

describe('digestOf', () => {
  it('is equal for equal values and different for different ones', () => {
    expect(digestOf({ a: 1, b: [2] })).toBe(digestOf({ b: [2], a: 1 }));
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: '1' }));
    expect(digestOf(null)).toMatch(/^[0-9a-f]{64}$/);
  });
});
