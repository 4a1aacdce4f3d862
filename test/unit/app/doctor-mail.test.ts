import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examine } from '../../../src/app/doctor.js';
import { loadConfig } from '../../../src/config/config.js';
import { AppError } from '../../../src/domain/errors.js';
import { startSmtp, type SmtpServer } from '../../support/smtp.js';

let smtp: SmtpServer;

beforeEach(async () => {
  smtp = await startSmtp({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, callback) =>
      username === 'mailer' && password === 'right'
        ? callback(null, { user: username })
        : callback(Object.assign(new Error('5.7.8 wrong password'), { responseCode: 535 })),
  });
});
afterEach(() => smtp?.stop());

/** What the doctor says of the mail server; whatever comes after it needs a database, which there is none. */
async function examineMail(smtpUrl: string | null) {
  const argv =
    smtpUrl === null ? [] : ['--smtp-url', smtpUrl, '--mail-from', 'Patchbay <patchbay@acme.example>'];
  const loaded = loadConfig({ argv: ['--port', '0', ...argv], env: {}, readFile: () => '' });
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  const found = await examine(loaded.config, () =>
    Promise.reject(new AppError('unavailable', 'No database.')),
  );
  return found.find(({ check }) => check === 'mail');
}

const at = (user: string): string => `${smtp.url.replace('//', `//${user}@`)}?requireTLS=false`;

describe('the doctor looks at the mail server', () => {
  it('that takes the connection and the password', async () => {
    expect(await examineMail(at('mailer:right'))).toMatchObject({ result: 'ok', remedy: null });
    expect(smtp.received).toEqual([]);
  });

  it('that refuses the password, and never says it', async () => {
    const found = await examineMail(at('mailer:hunter2'));
    expect(found).toMatchObject({
      result: 'failed',
      detail: expect.stringMatching(/wrong password.*SMTP_URL/),
    });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('that is not there', async () => {
    const url = at('mailer:right');
    await smtp.stop();
    expect(await examineMail(url)).toMatchObject({
      result: 'failed',
      detail: expect.stringMatching(/ECONNREFUSED.*SMTP_URL/),
    });
  });

  it('that nobody has named: a warning with what to set', async () => {
    expect(await examineMail(null)).toMatchObject({
      result: 'warning',
      detail: expect.stringContaining('not sent'),
      remedy: expect.stringContaining('SMTP_URL'),
    });
  });
});
