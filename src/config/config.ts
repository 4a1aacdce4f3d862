import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { configFile, type Settings, settings, settingsSchema } from './settings.js';
import { type FoundValues, readArguments, readConfigFile, readEnvironment } from './sources.js';

/** All settings, checked and frozen. Printing or serialising it shows no secret. */
export type Config = Settings;

export interface ConfigSources {
  /** Without the program's own name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config; readonly rest: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads the settings: arguments override the environment, which overrides the config file (`--config` or
 * `PATCHBAY_CONFIG`), which overrides defaults. `rest` is what the arguments held beside settings. On any problem
 * there is no config, and every problem is named with where it stands, without the value.
 */
export function loadConfig({ argv, env, readFile }: ConfigSources): ConfigResult {
  const fromArguments = readArguments(argv);
  const fromEnvironment = readEnvironment(env);
  const path = fromArguments.configPath ?? (env[configFile.env] || undefined);
  const fromFile = path === undefined ? { values: {}, problems: [] } : readConfigFile(path, readFile);
  const found = { ...fromFile.values, ...fromEnvironment.values, ...fromArguments.values };
  const parsed = settingsSchema.safeParse(plainValues(found));
  const problems = [
    ...fromArguments.problems,
    ...fromEnvironment.problems,
    ...fromFile.problems,
    ...(parsed.error?.issues ?? []).map((issue) => describeIssue(found, issue)),
    ...missingKeys(found),
    ...missingSender(found),
  ];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, config: sealConfig(parsed.data), rest: fromArguments.rest };
}

/** Reads the settings of this process. */
export function loadProcessConfig(): ConfigResult {
  return loadConfig({
    argv: process.argv.slice(2),
    env: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
}

/** The settings with secrets replaced by what a person may know about them. */
export function describeConfig(config: Config): Readonly<Record<string, unknown>> {
  const entries = settings.map(({ key, isSecret }) => {
    const value = config[key];
    return [key, isSecret === true && value !== undefined ? '(set, not shown)' : value] as const;
  });
  return Object.fromEntries(entries);
}

/** Where others reach us. `port` is the one that we really listen on. */
export function derivePublicUrl(config: Config, port: number): string {
  if (config.publicUrl !== undefined) return config.publicUrl;
  const isEveryAddress = config.host === '0.0.0.0' || config.host === '::';
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return `http://${isEveryAddress ? 'localhost' : host}:${port}`;
}

function plainValues(found: FoundValues): Record<string, unknown> {
  return Object.fromEntries(Object.entries(found).map(([key, { value }]) => [key, value]));
}

function describeIssue(found: FoundValues, issue: { path: PropertyKey[]; message: string }): string {
  const key = settings.find((setting) => setting.key === issue.path[0])?.key;
  const source = key === undefined ? undefined : found[key]?.source;
  return `${source ?? String(issue.path[0])} ${issue.message}.`.replace(/\.\.$/, '.');
}

/** A generated key next to a database that lives elsewhere would be lost with this machine, and every secret with it. */
function missingKeys(found: FoundValues): readonly string[] {
  if (found.databaseUrl === undefined || found.encryptionKeys !== undefined) return [];
  return [
    'PATCHBAY_ENCRYPTION_KEYS is required with DATABASE_URL: it encrypts stored credentials. Generate a key with ' +
      '`echo "k1:$(openssl rand -base64 32)"` and keep it as safe as the database; without it they cannot be read.',
  ];
}

/** Servers refuse, and people distrust, what comes from nobody. */
function missingSender(found: FoundValues): readonly string[] {
  if (found.smtpUrl === undefined || found.mailFrom !== undefined) return [];
  return ['MAIL_FROM is required with SMTP_URL: the address that e-mails come from.'];
}

function sealConfig(values: Settings): Config {
  const config: Config = { ...values };
  const shown = () => describeConfig(config);
  Object.defineProperty(config, 'toJSON', { value: shown });
  Object.defineProperty(config, inspect.custom, { value: shown });
  return Object.freeze(config);
}
