import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  type Config,
  type ConfigSources,
  derivePublicUrl,
  describeConfig,
  loadConfig,
} from '../../../src/config/config.js';
import { renderConfigHelp } from '../../../src/config/help.js';
import { settings } from '../../../src/config/settings.js';
import { generateKeyringEntry } from '../../../src/lib/crypto.js';

const key = generateKeyringEntry('k1');

function load(sources: Partial<ConfigSources> & { file?: string }) {
  const { file, ...rest } = sources;
  const readFile = (path: string): string => {
    if (file === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
    return file;
  };
  return loadConfig({ argv: [], env: {}, readFile, ...rest });
}

function configOf(sources: Parameters<typeof load>[0]): Config {
  const result = load(sources);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
}

function problemsOf(sources: Parameters<typeof load>[0]): readonly string[] {
  const result = load(sources);
  return result.ok ? [] : result.problems;
}

describe('loadConfig', () => {
  it('has a default for everything that a first run needs', () => {
    expect(configOf({})).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      dataDir: '.data',
      dryRun: false,
      demo: false,
      trustProxy: false,
      logLevel: 'info',
      sandboxRateLimitPerMinute: 1_200,
    });
  });

  it('lets arguments override the environment, that the file, and that the default', () => {
    const file = 'port: 1\nhost: file\ndataDir: file\n';
    const env = { PORT: '2', HOST: 'env', PATCHBAY_CONFIG: 'a.yaml' };
    expect(configOf({ argv: ['--port', '3'], env, file })).toMatchObject({
      port: 3,
      host: 'env',
      dataDir: 'file',
      logLevel: 'info',
    });
  });

  it('takes the file named by an argument over the one in the environment', () => {
    const readFile = (path: string) => `host: ${path}`;
    const env = { PATCHBAY_CONFIG: 'env.yaml' };
    expect(configOf({ argv: ['--config=argument.yaml'], env, readFile }).host).toBe('argument.yaml');
    expect(configOf({ env, readFile }).host).toBe('env.yaml');
  });

  it('reads YAML and JSON, with values typed or as text', () => {
    const env = { PATCHBAY_CONFIG: 'x' };
    const expected = { port: 90, dryRun: true, trustProxy: ['10.0.0.0/8'] };
    const yaml = 'port: "90"\ndryRun: yes\ntrustProxy:\n  - 10.0.0.0/8\n';
    expect(configOf({ env, file: yaml })).toMatchObject(expected);
    expect(configOf({ env, file: JSON.stringify(expected) })).toMatchObject(expected);
    expect(configOf({ env, file: '' }).port).toBe(8080);
  });

  it('reports every problem at once, each with where it stands and none with the value', () => {
    const problems = problemsOf({
      argv: ['--sandbox-port', 'high'],
      env: {
        PORT: '70000',
        PATCHBAY_LOG_LEVEL: 'loud',
        PATCHBAY_CONFIG: 'a.yaml',
        DATABASE_URL: 'mysql://u:pw@h/d',
      },
      file: 'hosst: x\nbodyLimitBytes: 1.5\n',
    });
    expect(problems).toEqual([
      'a.yaml: hosst is not a setting. Did you mean host?',
      'PORT must be a whole number from 0 to 65535.',
      'DATABASE_URL must be a URL that begins with postgres://.',
      'a.yaml: bodyLimitBytes must be a whole number from 1024 to 100000000.',
      'PATCHBAY_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.',
      '--sandbox-port must be a whole number from 0 to 65535.',
      expect.stringContaining('PATCHBAY_ENCRYPTION_KEYS is required with DATABASE_URL'),
    ]);
    expect(problems.join()).not.toMatch(/70000|loud|pw|high/);
  });

  it('refuses unknown PATCHBAY_ variables, and leaves others alone', () => {
    expect(problemsOf({ env: { PATCHBAY_DRYRUN: '1', PATH: '/bin', PATCHBAY_CONFIG: '' } })).toEqual([
      'PATCHBAY_DRYRUN is not a setting. Did you mean PATCHBAY_DRY_RUN?',
    ]);
  });

  it('takes a mail server only with a sender that is an address', () => {
    const SMTP_URL = 'smtps://us:hunter2@mail.acme.example';
    expect(problemsOf({ env: { SMTP_URL } }).join()).toContain('MAIL_FROM is required with SMTP_URL');
    for (const MAIL_FROM of ['Patchbay', 'a@b.example, c@d.example', 'X <a@b.example>\nBcc: c@d.example']) {
      expect(problemsOf({ env: { SMTP_URL, MAIL_FROM } }).join()).toContain(
        'MAIL_FROM must be an e-mail address',
      );
    }
    const MAIL_FROM = 'Patchbay <patchbay@acme.example>';
    const config = configOf({ env: { SMTP_URL, MAIL_FROM } });
    expect(config).toMatchObject({ smtpUrl: SMTP_URL, mailFrom: MAIL_FROM });
    expect(JSON.stringify(config)).not.toContain('hunter2');
  });

  it('takes an empty variable as not set', () => {
    expect(configOf({ env: { PORT: '', DATABASE_URL: '', PATCHBAY_DRY_RUN: '' } }).port).toBe(8080);
  });

  it.each([
    ['port: [1', 'line 1'],
    ['- a', 'must hold settings'],
    ['port: 1\nport: 2', 'unique'],
  ])('refuses a broken file %j', (file, message) => {
    const problems = problemsOf({ env: { PATCHBAY_CONFIG: 'a.yaml' }, file });
    expect(problems.join()).toContain(message);
  });

  it('never shows the lines of a broken file, which may hold a password', () => {
    const file = 'databaseUrl: "postgres://u:hunter2@h/d\nport: [';
    expect(problemsOf({ env: { PATCHBAY_CONFIG: 'a.yaml' }, file }).join()).not.toContain('hunter2');
  });

  it('says which file cannot be read', () => {
    expect(problemsOf({ argv: ['--config', 'gone.yaml'] }).join()).toContain(
      "The config file gone.yaml cannot be read: ENOENT: no such file, open 'gone.yaml'",
    );
  });
});

describe('arguments', () => {
  it('that are no settings are handed on in order', () => {
    const result = load({
      argv: ['serve', '--demo', '--port', '9', '--json', '--tenant', 'a', '--no-demo', '--', '--port', '8'],
    });
    expect(result).toMatchObject({
      ok: true,
      config: { port: 9, demo: false },
      rest: ['serve', '--json', '--tenant', 'a', '--', '--port', '8'],
    });
  });

  it.each([
    [['--port'], '--port needs a value.'],
    [['--port', '--host', 'x'], '--port needs a value.'],
    [['--dry-run=maybe'], '--dry-run must be true or false.'],
  ])('%j are refused', (argv, problem) => {
    expect(problemsOf({ argv })).toEqual([problem]);
  });
});

describe('secrets', () => {
  const env = {
    DATABASE_URL: 'postgres://u:hunter2@h/d',
    REDIS_URL: 'redis://:hunter2@h',
    PATCHBAY_ENCRYPTION_KEYS: key,
  };
  const config = configOf({ env });

  it('are there for the program', () => {
    expect(config.databaseUrl).toBe(env.DATABASE_URL);
    expect(config.encryptionKeys?.currentKeyId).toBe('k1');
  });

  it('are not shown when the config is printed, serialised or described', () => {
    const shown = [inspect(config), JSON.stringify({ config }), JSON.stringify(describeConfig(config))];
    for (const text of shown) {
      expect(text).toContain('not shown');
      expect(text).not.toMatch(/hunter2/);
      expect(text).not.toContain(key.slice(3));
    }
  });

  it('are not shown in problems', () => {
    const problems = problemsOf({ env: { ...env, PATCHBAY_ENCRYPTION_KEYS: `${key}x,short:aGk=` } });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain(key.slice(3));
  });
});

describe('encryption keys', () => {
  it('are required with a database of your own, and only there', () => {
    const DATABASE_URL = 'postgres://u:p@h/d';
    expect(problemsOf({ env: { DATABASE_URL } }).join()).toContain('openssl rand -base64 32');
    expect(problemsOf({ env: { DATABASE_URL, PATCHBAY_ENCRYPTION_KEYS: key } })).toEqual([]);
    expect(problemsOf({ env: {} })).toEqual([]);
  });
});

describe('trust proxy', () => {
  it.each([
    ['false', false],
    ['0', 0],
    ['2', 2],
    ['loopback, 10.0.0.0/8', ['loopback', '10.0.0.0/8']],
    ['fd00::/8', ['fd00::/8']],
  ])('%j', (value, expected) => {
    expect(configOf({ env: { PATCHBAY_TRUST_PROXY: value } }).trustProxy).toEqual(expected);
  });

  it.each(['true', '99', '-1', 'proxy.example', '10.0.0.0/8,'])(
    'refuses %j: any client could lie',
    (value) => {
      expect(problemsOf({ env: { PATCHBAY_TRUST_PROXY: value } }).join()).toContain(
        'must be false, the number of',
      );
    },
  );
});

describe('public URL', () => {
  it('is derived from where we really listen', () => {
    expect(derivePublicUrl(configOf({}), 49_152)).toBe('http://127.0.0.1:49152');
    expect(derivePublicUrl(configOf({ env: { HOST: '0.0.0.0' } }), 80)).toBe('http://localhost:80');
    expect(derivePublicUrl(configOf({ env: { HOST: '::1' } }), 80)).toBe('http://[::1]:80');
  });

  it('is taken as given, without a slash at its end', () => {
    const config = configOf({ env: { PATCHBAY_PUBLIC_URL: 'https://Scim.Example.com/base/' } });
    expect(derivePublicUrl(config, 80)).toBe('https://scim.example.com/base');
  });

  it.each(['scim.example.com', 'ftp://x', 'https://u:p@x', 'https://x/?a=1', 'https://x/#a'])(
    'refuses %j',
    (value) => {
      expect(problemsOf({ env: { PATCHBAY_PUBLIC_URL: value } })).toHaveLength(1);
    },
  );
});

describe('a config', () => {
  it('cannot be changed', () => {
    expect(Object.isFrozen(configOf({}))).toBe(true);
  });
});

describe('help', () => {
  it('lists every setting with variable, argument, default and meaning', () => {
    const help = renderConfigHelp();
    for (const { env, argument, description, key: name } of settings) {
      for (const part of [env, argument, description, `[${name}]`]) expect(help).toContain(part);
    }
    expect(help).toContain('Default: 8080');
    expect(help).toContain('Default: a built-in Postgres in DATA_DIR');
    expect(help).toContain('PATCHBAY_CONFIG');
    expect(help).not.toContain('undefined');
  });
});
