import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.js';
import { describeError, quietly } from '../../../src/app/log.js';

describe('an error in the log', () => {
  it('carries nothing of what a driver hangs on it: no connection, no values of a row', () => {
    const refused = Object.assign(new Error('duplicate key value violates unique constraint'), {
      code: '23505',
      detail: 'Key (email)=(ada@example.com) already exists.',
      client: { password: 'hunter2' },
    });
    const described = describeError(new AppError('conflict', 'Taken.', { cause: refused }));
    expect(described).toMatchObject({ kind: 'conflict', message: 'Taken.', cause: { code: '23505' } });
    expect(JSON.stringify(described)).not.toMatch(/ada@example\.com|hunter2/);
  });

  it('ends where causes go in a circle', () => {
    const first: Error & { cause?: unknown } = new Error('first');
    first.cause = new Error('second', { cause: first });
    expect(JSON.stringify(describeError(first)).length).toBeLessThan(100_000);
  });
});

describe('the level of a command that a person watches', () => {
  it('leaves out what a service notes as it works, and keeps what was asked for', () => {
    expect(['info', 'warn', 'debug'].map((level) => quietly(level as 'info'))).toEqual([
      'warn',
      'warn',
      'debug',
    ]);
  });
});
