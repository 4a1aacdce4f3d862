import { describe, expect, it } from 'vitest';
import { AppError, type ErrorKind } from '../../../src/domain/errors.js';
import { readFailure, type FailureCourse } from '../../../src/reconcile/applying/failure.js';

const COURSES: Readonly<Record<ErrorKind, FailureCourse>> = {
  credential: 'pause',
  unauthenticated: 'pause',
  forbidden: 'pause',
  rateLimited: 'wait',
  invalid: 'ask',
  conflict: 'ask',
  capability: 'ask',
  tooLarge: 'ask',
  stale: 'replan',
  notFound: 'replan',
  unavailable: 'skip',
  contract: 'skip',
  held: 'skip',
  bug: 'skip',
};

describe('a failed vendor call', () => {
  it.each(Object.entries(COURSES))('%s leads to %s', (kind, course) => {
    expect(readFailure(new AppError(kind as ErrorKind, 'x')).course).toBe(course);
  });

  it('counts as the vendor’s illness only when it did not answer sensibly', () => {
    const ill = Object.keys(COURSES).filter(
      (kind) => readFailure(new AppError(kind as ErrorKind, 'x')).isVendorIll,
    );

    expect(ill.toSorted()).toEqual(['contract', 'unavailable']);
  });

  it('that nobody expected shows nothing of its cause', () => {
    const failure = readFailure(new Error('password=secret'));

    expect(failure).toMatchObject({ course: 'skip', kind: 'bug' });
    expect(failure.message).not.toContain('secret');
  });
});
