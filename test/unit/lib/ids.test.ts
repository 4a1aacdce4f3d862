import { describe, expect, it } from 'vitest';
import { isUuid, makeIdSource } from '../../../src/lib/ids.js';
import { makeTestClock } from '../../support/clock.js';

describe('makeIdSource', () => {
  it('makes version 7 UUIDs that begin with the time', () => {
    const clock = makeTestClock('2026-03-02T09:00:00.123Z');
    const id = makeIdSource(clock)();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(clock.now().getTime());
  });

  it('sorts ids by creation, even many within one millisecond and after the clock stepped back', () => {
    const clock = makeTestClock();
    const newId = makeIdSource(clock);
    const ids = Array.from({ length: 10_000 }, (_, index) => {
      if (index === 9_000) clock.advance(-60_000);
      return newId();
    });
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps two sources with the same clock apart', () => {
    const clock = makeTestClock();
    expect(makeIdSource(clock)()).not.toBe(makeIdSource(clock)());
  });
});

describe('isUuid', () => {
  it.each([
    '',
    'x',
    "00000000-0000-0000-0000-00000000000'",
    '00000000000000000000000000000000',
    ' '.repeat(36),
  ])('refuses %j', (text) => {
    expect(isUuid(text)).toBe(false);
  });

  it('accepts upper and lower case', () => {
    expect(isUuid('018F3C2A-0000-7000-8000-00000000000A')).toBe(true);
    expect(isUuid('018f3c2a-0000-7000-8000-00000000000a')).toBe(true);
  });
});
