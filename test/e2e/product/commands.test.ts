import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settings } from '../../../src/config/settings.js';
import { makeInstallation, type Installation } from '../../support/installation.js';
import type { ProcessEnd } from '../../support/service-process.js';

let installation: Installation;

beforeAll(async () => {
  installation = await makeInstallation();
});

afterAll(() => installation.remove());

/** Exit code and what was said, to be compared at once. */
function outcome({ code, stdout, stderr }: ProcessEnd): readonly [number | null, string, string] {
  return [code, stdout, stderr];
}

describe('help', () => {
  it('lists every setting with its variable, argument and default', async () => {
    const { code, stdout } = await installation.run(['--help']);
    expect(code).toBe(0);
    for (const { env, argument, key } of settings) {
      expect(stdout).toMatch(
        new RegExp(`^  ${env}  ${argument}( <value>)?  \\[${key}\\]\\n.*\\S\\n +Default: \\S`, 'm'),
      );
    }
  });

  it('of a command says what it does and opens nothing', async () => {
    const { code, stdout, stderr } = await installation.run(['rules', 'check', '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: patchbay rules check .*\n(.*\n)*.*--tenant <slug>/);
    expect(existsSync(join(installation.dataDir, 'postgres'))).toBe(false);
  });
});

describe('settings that cannot be used', () => {
  it('are all named at once, with where they stand and never with their value; nothing is started', async () => {
    const file = join(installation.dataDir, 'settings.yaml');
    await writeFile(file, 'prot: 8080\nlogLevel: loud\n');
    const end = await installation.run(['serve', '--config', file], {
      env: { PORT: '99999', DATABASE_URL: 'mysql://root:hunter2@db/x', PATCHBAY_LOGLEVEL: 'info' },
    });
    expect([end.code, end.stdout]).toEqual([2, '']);
    for (const problem of [
      'PORT must be a whole number from 0 to 65535.',
      'DATABASE_URL must be a URL that begins with postgres://.',
      'PATCHBAY_LOGLEVEL is not a setting. Did you mean PATCHBAY_LOG_LEVEL?',
      `${file}: prot is not a setting. Did you mean port?`,
      `${file}: logLevel must be one of`,
      'npx patchbay --help',
    ]) {
      expect(end.stderr).toContain(problem);
    }
    expect(end.stderr).not.toMatch(/hunter2|loud/);
    expect(existsSync(join(installation.dataDir, 'postgres'))).toBe(false);
  });

  it('and commands that are none end with code 2', async () => {
    const [unknown, missing] = await Promise.all([
      installation.run(['provision']),
      installation.run(['plan', '--tenant', 'demo']),
    ]);
    expect(outcome(unknown)).toEqual([2, '', expect.stringMatching(/unknown command 'provision'/)]);
    expect(outcome(missing)).toEqual([2, '', expect.stringMatching(/--account <name>' not specified/)]);
  });
});

describe('a database that cannot be reached', () => {
  const env = {
    DATABASE_URL: 'postgres://patchbay:hunter2@127.0.0.1:9/patchbay',
    PATCHBAY_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  };

  it('is named with what to do, and the password is not shown', async () => {
    const [served, listed] = await Promise.all([
      installation.run(['serve'], { env }),
      installation.run(['tenant', 'list', '--json'], { env: { ...env, PORT: '0' } }),
    ]);
    expect(outcome(served)).toEqual([
      1,
      '',
      expect.stringMatching(/database cannot be reached.*DATABASE_URL/),
    ]);
    expect([listed.code, JSON.parse(listed.stdout)]).toEqual([
      1,
      { error: { kind: 'unavailable', message: expect.stringMatching(/cannot be reached/) } },
    ]);
    expect(served.stderr + listed.stderr).not.toContain('hunter2');
  });

  it('and a port that another program has, the doctor finds, each with a remedy', async () => {
    const squatter = await new Promise<Server>((resolve) => {
      const server = createServer((socket) => socket.destroy());
      server.listen(installation.port, '127.0.0.1', () => resolve(server));
    });
    const { code, stdout } = await installation.run(['doctor', '--json'], {
      env: { ...env, REDIS_URL: 'redis://127.0.0.1:9' },
    });
    await new Promise((resolve) => squatter.close(resolve));
    const findings = JSON.parse(stdout) as {
      check: string;
      result: string;
      detail: string;
      remedy: string | null;
    }[];
    expect([code, findings.map(({ check, result }) => `${check} ${result}`)]).toEqual([
      1,
      ['port failed', 'queue failed', 'mail warning', 'database failed'],
    ]);
    expect(findings.map(({ detail, remedy }) => `${detail} ${remedy ?? ''}`)).toEqual([
      expect.stringMatching(/used by another program.*another PORT/),
      expect.stringMatching(/Redis cannot be reached \(ECONNREFUSED\).*REDIS_URL/),
      expect.stringMatching(/no mail server configured.*SMTP_URL/),
      expect.stringMatching(/cannot be reached.*DATABASE_URL/),
    ]);
  });
});

describe('a start without the demo', () => {
  it('is empty, says what comes next, and brings no phone system along', async () => {
    // What `npm start -- --no-demo` runs.
    const service = await installation.start(['serve', '--demo', '--no-demo']);
    await service.said(/Ctrl\+C stops/);
    expect(service.output.stdout).toMatch(/Next: npx patchbay tenant create/);
    expect(await installation.runJson(['tenant', 'list'])).toEqual([]);
    expect(existsSync(join(installation.dataDir, 'sandbox'))).toBe(false);
    const played = await installation.run(['demo']);
    expect(outcome(played)).toEqual([1, '', expect.stringMatching(/There is no demo in .*npm start/)]);
  });

  it('knows no tenant, and says which there are once there is one', async () => {
    const tenants = ['tenant', 'create', 'acme'];
    expect(outcome(await installation.run(['token', 'create', '--tenant', 'acme']))).toEqual([
      1,
      '',
      expect.stringMatching(/no tenant "acme".*tenant create/),
    ]);
    expect((await installation.runJson(tenants)).slug).toBe('acme');
    const again = await installation.run([...tenants, '--json']);
    expect([again.code, JSON.parse(again.stdout).error.kind]).toEqual([1, 'conflict']);
    const misspelt = await installation.run(['token', 'create', '--tenant', 'acne']);
    expect(outcome(misspelt)).toEqual([1, '', expect.stringMatching(/no tenant "acne".*acme/)]);
  });
});

describe('rules', () => {
  const broken = [
    'version: 1',
    'rules:',
    '  - id: sales',
    '    when: { group: Sales }',
    '    grant: { role: boss }',
    '  - id: sales',
    '    when: { grop: Leads }',
    '    grant: { teams: [Leads] }',
  ];
  const good = [
    'version: 1',
    'rules:',
    '  - id: sales',
    '    when: { group: Sales }',
    '    grant: { teams: [Sales] }',
  ];
  const save = async (name: string, lines: readonly string[]): Promise<string> => {
    const file = join(installation.dataDir, name);
    await writeFile(file, `${lines.join('\n')}\n`);
    return file;
  };

  it.each(['check', 'import'])(
    '%s: a broken file is refused with line, rule and remedy of every problem; nothing is saved',
    async (command) => {
      const file = await save('broken.yaml', broken);
      const end = await installation.run(['rules', command, file, '--tenant', 'acme']);
      expect([end.code, end.stdout]).toEqual([2, '']);
      expect(end.stderr).toMatch(/line:5: rule "sales": .*role.*(agent|supervisor|admin)/);
      expect(end.stderr).toMatch(/line:6: rule "sales": .*line 3.*another id/);
      expect(end.stderr).toMatch(/line:7: rule "sales": .*grop.*Did you mean group\?/);
      expect(await installation.runJson(['rules', 'history', '--tenant', 'acme'])).toEqual([]);
    },
  );

  it('that are right are saved as versions, printed as they were, and rolled back', async () => {
    const file = await save('good.yaml', good);
    const rules = (...args: string[]) => installation.runJson(['rules', ...args, '--tenant', 'acme']);
    expect(await rules('check', file)).toMatchObject({ ruleSet: { rules: [{ id: 'sales' }] } });
    expect(await rules('import', file)).toMatchObject({ version: 1, isNew: true });
    expect(await rules('import', file)).toMatchObject({ version: 1, isNew: false });
    const changed = await save('changed.yaml', [...good.slice(0, -1), '    grant: { teams: [Vente] }']);
    expect(await rules('import', changed)).toMatchObject({ version: 2, isNew: true });
    expect(await rules('rollback', '1')).toMatchObject({ version: 3, isNew: true });
    const printed = await installation.run(['rules', 'export', '--tenant', 'acme']);
    expect(outcome(printed)).toEqual([0, `${good.join('\n')}\n`, '']);
  });

  it('and a file that is not there are different things', async () => {
    const end = await installation.run(['rules', 'check', 'nowhere.yaml', '--tenant', 'acme']);
    expect(outcome(end)).toEqual([
      2,
      '',
      expect.stringMatching(/nowhere\.yaml cannot be read.*Nothing was changed/),
    ]);
  });
});
