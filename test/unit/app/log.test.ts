import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { makeLogger } from '../../../src/app/log.js';
import { AppError } from '../../../src/domain/errors.js';

function capture() {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, log: makeLogger('info', sink) };
}

describe('the log', () => {
  it('shows no secret and no e-mail address, wherever a field of that name occurs', () => {
    const { lines, log } = capture();
    log.info({ token: 't0p', account: { secrets: 's3cret', owner: { email: 'a@b.example' } } }, 'x');
    expect(lines.join('')).not.toMatch(/t0p|s3cret|a@b\.example/);
  });

  it('keeps of an error what helps, and nothing that a library hung on it', () => {
    const { lines, log } = capture();
    const cause = Object.assign(new Error('gone'), { code: '57P01', client: { password: 'hunter2' } });
    log.error(
      { err: new AppError('unavailable', 'The database is away.', { cause, fields: { tries: 3 } }) },
      'failed',
    );
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      err: { kind: 'unavailable', fields: { tries: 3 }, cause: { message: 'gone', code: '57P01' } },
    });
    expect(lines[0]).not.toContain('hunter2');
  });
});
