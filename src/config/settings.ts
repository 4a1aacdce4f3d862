import { z } from 'zod';
import {
  baseUrl,
  keyring,
  mailbox,
  names,
  secretWord,
  text,
  trustProxy,
  url,
  wholeNumber,
  yesOrNo,
} from './values.js';

/** What stands beside each setting's schema. The name in a file is the key; as an argument, that key in kebab-case. */
export interface SettingMeta {
  readonly env: string;
  readonly description: string;
  /** How the absence of a value is described, where there is no plain default. */
  readonly fallback?: string;
  /** Never printed. */
  readonly isSecret?: boolean;
  /** As an argument it needs no value. */
  readonly isSwitch?: boolean;
}

const metaRegistry = z.registry<SettingMeta>();

function setting<Schema extends z.ZodType>(schema: Schema, meta: SettingMeta): Schema {
  metaRegistry.add(schema, meta);
  return schema;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Every setting there is. Unknown keys are refused. */
export const settingsSchema = z.strictObject({
  port: setting(wholeNumber(0, 65_535).default(8080), {
    env: 'PORT',
    description: 'Port for SCIM, console and API. 0 takes any free one.',
  }),
  host: setting(text('must be a host name or an address').default('127.0.0.1'), {
    env: 'HOST',
    description: 'Address to listen on. 0.0.0.0 is every network of this machine.',
  }),
  dataDir: setting(text('must be a folder').default('.data'), {
    env: 'DATA_DIR',
    description: 'Folder for the built-in database, generated keys and the sandbox.',
  }),
  archiveDir: setting(text('must be a folder').optional(), {
    env: 'ARCHIVE_DIR',
    description: 'Folder for recordings of leavers, for accounts whose archive is a directory.',
    fallback: 'DATA_DIR/archive',
  }),
  databaseUrl: setting(
    url(['postgres:', 'postgresql:'], 'must be a URL that begins with postgres://').optional(),
    {
      env: 'DATABASE_URL',
      description: 'A Postgres database of your own, version 14 or later.',
      fallback: 'a built-in Postgres in DATA_DIR',
      isSecret: true,
    },
  ),
  databasePoolMax: setting(wholeNumber(2, 500).default(20), {
    env: 'PATCHBAY_DATABASE_POOL_MAX',
    description: 'Most database connections of one process.',
  }),
  redisUrl: setting(
    url(['redis:', 'rediss:'], 'must be a URL that begins with redis:// or rediss://').optional(),
    {
      env: 'REDIS_URL',
      description: 'Redis or Valkey for the job queue.',
      fallback: 'the queue is kept in Postgres',
      isSecret: true,
    },
  ),
  encryptionKeys: setting(keyring().optional(), {
    env: 'PATCHBAY_ENCRYPTION_KEYS',
    description: 'Keys for stored secrets, id:base64key,...; the first one encrypts, all of them decrypt.',
    fallback: 'generated into DATA_DIR with the built-in database; required with DATABASE_URL',
    isSecret: true,
  }),
  publicUrl: setting(baseUrl().optional(), {
    env: 'PATCHBAY_PUBLIC_URL',
    description: 'Address under which identity providers and browsers reach Patchbay.',
    fallback: 'http://HOST:PORT',
  }),
  trustProxy: setting(trustProxy().default(false), {
    env: 'PATCHBAY_TRUST_PROXY',
    description: 'Proxies in front whose X-Forwarded headers are believed: how many, or their addresses.',
  }),
  metricsToken: setting(secretWord(16).optional(), {
    env: 'PATCHBAY_METRICS_TOKEN',
    description: 'Bearer token for /metrics.',
    fallback: 'only this machine itself may read /metrics',
    isSecret: true,
  }),
  bodyLimitBytes: setting(wholeNumber(1_024, 100_000_000).default(1_048_576), {
    env: 'PATCHBAY_BODY_LIMIT_BYTES',
    description: 'Largest request body that is read.',
  }),
  logLevel: setting(z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('info'), {
    env: 'PATCHBAY_LOG_LEVEL',
    description: `How much is logged: ${logLevels.join(', ')}.`,
  }),
  dryRun: setting(yesOrNo().default(false), {
    env: 'PATCHBAY_DRY_RUN',
    description: 'Plans and reports for every account, and changes nothing in any phone system.',
    isSwitch: true,
  }),
  allowLoopbackProviders: setting(yesOrNo().default(false), {
    env: 'PATCHBAY_ALLOW_LOOPBACK_PROVIDERS',
    description: 'Lets accounts point at this machine, unencrypted too: for the sandbox.',
    isSwitch: true,
  }),
  allowPrivateDirectories: setting(yesOrNo().default(false), {
    env: 'PATCHBAY_ALLOW_PRIVATE_DIRECTORIES',
    description: 'Lets comparisons read LDAP servers in the own network, beside those on the Internet.',
    isSwitch: true,
  }),
  demo: setting(yesOrNo().default(false), {
    env: 'PATCHBAY_DEMO',
    description: 'Starts with a demo tenant and simulated phone systems.',
    isSwitch: true,
  }),
  systems: setting(names().default(['aircall']), {
    env: 'PATCHBAY_SYSTEMS',
    description:
      'Simulated phone systems of the demo, separated by commas: aircall and any others beside it.',
    fallback: 'aircall',
  }),
  sandboxPort: setting(wholeNumber(0, 65_535).default(0), {
    env: 'PATCHBAY_SANDBOX_PORT',
    description: 'Port of the simulated Aircall. 0 takes any free one.',
  }),
  sandboxRateLimitPerMinute: setting(wholeNumber(1, 1_000_000).default(1_200), {
    env: 'PATCHBAY_SANDBOX_RATE_LIMIT_PER_MINUTE',
    description: 'Requests per minute that the simulated Aircall allows (the real one: 120).',
  }),
  smtpUrl: setting(
    url(['smtp:', 'smtps:'], 'must be a URL that begins with smtp:// or smtps://').optional(),
    {
      env: 'SMTP_URL',
      description: 'Mail server for reports and warnings, such as smtps://user:password@mail.example.com.',
      fallback: 'e-mails are kept for three days and not sent',
      isSecret: true,
    },
  ),
  mailFrom: setting(mailbox().optional(), {
    env: 'MAIL_FROM',
    description: 'Sender of e-mails, such as Patchbay <patchbay@example.com>.',
    fallback: 'none; required with SMTP_URL',
  }),
  shutdownTimeoutMs: setting(wholeNumber(0, 600_000).default(15_000), {
    env: 'PATCHBAY_SHUTDOWN_TIMEOUT_MS',
    description: 'How long work in progress may take to finish when stopping, in milliseconds.',
  }),
});

export type Settings = Readonly<z.output<typeof settingsSchema>>;
export type SettingKey = keyof Settings;

export interface Setting extends SettingMeta {
  readonly key: SettingKey;
  /** The argument, such as `--data-dir`. */
  readonly argument: string;
  readonly schema: z.ZodType;
}

/** All settings in the order in which help shows them. */
export const settings: readonly Setting[] = Object.entries(settingsSchema.shape).map(([key, schema]) => {
  const meta = metaRegistry.get(schema);
  if (meta === undefined) throw new Error(`The setting ${key} has no description.`);
  const argument = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return { ...meta, key: key as SettingKey, argument, schema };
});

/** Where a file with settings is named. Not a setting itself: a file cannot name another. */
export const configFile = { env: 'PATCHBAY_CONFIG', argument: '--config' } as const;
