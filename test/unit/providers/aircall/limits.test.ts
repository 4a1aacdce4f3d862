import { expect, test } from 'vitest';
import { readLimitSignal } from '../../../../src/providers/aircall/limits.js';

const now = 1_760_000_000_000;
const soon = now + 30_000;

function signalOf(status: number, headers: Readonly<Record<string, string>>) {
  return readLimitSignal({ status, headers, body: '' }, now, 45);
}

test('an ordinary answer without headers says nothing', () => {
  expect(signalOf(200, {})).toBeNull();
  expect(signalOf(500, { 'retry-after': '10' })).toBeNull();
});

test.each([
  ['seconds', String(soon / 1000)],
  ['milliseconds', String(soon)],
])('the reset is read in %s', (_unit, text) => {
  const headers = {
    'x-aircallapi-limit': '120',
    'x-aircallapi-remaining': '0',
    'x-aircallapi-reset': text,
  };

  expect(signalOf(200, headers)).toEqual({ limitPerMinute: 120, remaining: 0, resetAt: soon });
  expect(signalOf(429, headers)).toMatchObject({ retryAt: soon });
});

test.each([
  ['in seconds', { 'retry-after': '12' }, now + 12_000],
  ['as a date', { 'retry-after': new Date(now + 20_000).toUTCString() }, now + 20_000],
  ['before the reset', { 'retry-after': '12', 'x-aircallapi-reset': String(soon) }, now + 12_000],
  ['nowhere', {}, now + 45_000],
  ['in the past', { 'retry-after': new Date(now - 60_000).toUTCString() }, now + 45_000],
  ['as nonsense', { 'retry-after': 'soon', 'x-aircallapi-reset': 'later' }, now + 45_000],
])('after a 429 the pause is found %s', (_where, headers, retryAt) => {
  expect(signalOf(429, headers)?.retryAt).toBe(retryAt);
});

test.each([
  ['a reset of yesterday', String((now - 86_400_000) / 1000)],
  ['a reset of next year', String((now + 31_536_000_000) / 1000)],
])('%s is not believed', (_name, text) => {
  expect(signalOf(429, { 'x-aircallapi-reset': text })).toEqual({ retryAt: now + 45_000 });
});

test('a limit of nothing is not believed', () => {
  expect(signalOf(200, { 'x-aircallapi-limit': '0' })).toBeNull();
  expect(signalOf(200, { 'x-aircallapi-limit': '-5' })).toBeNull();
});
