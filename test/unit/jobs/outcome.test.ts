import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import { outcomeOfDrain, outcomeOfError } from '../../../src/jobs/outcome.js';

const NOW = new Date('2026-11-22T12:00:00Z');
const LATER = new Date('2026-11-22T12:01:00Z');

describe('the end of a job', () => {
  it('goes on at once while there is more, and waits as long as the vendor says', () => {
    expect(outcomeOfDrain({ type: 'more' })).toEqual({ type: 'again' });
    expect(outcomeOfDrain({ type: 'wait', retryAt: LATER })).toEqual({ type: 'later', at: LATER });
  });

  it.each([{ type: 'idle' }, { type: 'busy' }, { type: 'gone' }, { type: 'paused', message: 'x' }] as const)(
    'is over when the drain is $type',
    (report) => {
      expect(outcomeOfDrain(report)).toEqual({ type: 'done' });
    },
  );

  it('tries again later what can pass by itself, and leaves the rest to the rows', () => {
    const limited = new AppError('rateLimited', 'x', { retryAt: LATER });
    const bug = new Error('x');

    expect(outcomeOfError(limited, NOW)).toEqual({ type: 'later', at: LATER });
    expect(outcomeOfError(new AppError('unavailable', 'x'), NOW)).toMatchObject({ type: 'later' });
    expect(outcomeOfError(bug, NOW)).toEqual({ type: 'failed', error: bug });
    expect(outcomeOfError(new AppError('invalid', 'x'), NOW)).toMatchObject({ type: 'failed' });
  });
});
