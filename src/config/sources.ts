import { parseDocument } from 'yaml';
import { configFile, type Setting, type SettingKey, settings } from './settings.js';
import { suggest } from './suggest.js';

/** One value as it was found, and where: for messages that say which line or variable to change. */
export interface Found {
  readonly value: unknown;
  readonly source: string;
}

export type FoundValues = Partial<Record<SettingKey, Found>>;

export interface SourceReading {
  readonly values: FoundValues;
  readonly problems: readonly string[];
}

export interface ArgumentReading extends SourceReading {
  readonly configPath: string | undefined;
  /** What is not a setting: the command and its own options. */
  readonly rest: readonly string[];
}

/** Reads `--data-dir x`, `--data-dir=x`, `--demo`, `--no-demo` up to a lone `--`; the last one wins. */
export function readArguments(argv: readonly string[]): ArgumentReading {
  const values: FoundValues = {};
  const problems: string[] = [];
  const rest: string[] = [];
  let configPath: string | undefined;
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    if (argument === '--') {
      rest.push(...argv.slice(index));
      break;
    }
    const [name = '', inline] = splitOnce(argument, '=');
    const found = settings.find((setting) => setting.argument === name || isNegated(setting, name));
    if (found === undefined && name !== configFile.argument) {
      rest.push(argument);
      continue;
    }
    const isSwitch = found?.isSwitch === true;
    const value = inline ?? (isSwitch ? String(name === found.argument) : nextValue(argv, index));
    if (inline === undefined && !isSwitch && value !== undefined) index += 1;
    if (value === undefined) problems.push(`${name} needs a value.`);
    else if (found === undefined) configPath = value;
    else values[found.key] = { value, source: name };
  }
  return { values, problems, rest, configPath };
}

function nextValue(argv: readonly string[], index: number): string | undefined {
  const next = argv[index + 1];
  return next?.startsWith('--') === true ? undefined : next;
}

function isNegated(setting: Setting, name: string): boolean {
  return setting.isSwitch === true && name === setting.argument.replace('--', '--no-');
}

/** An empty variable counts as not set. Variables that begin with PATCHBAY_ and are none of ours are refused. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): SourceReading {
  const values: FoundValues = {};
  for (const { key, env: name } of settings) {
    const value = env[name];
    if (value !== undefined && value !== '') values[key] = { value, source: name };
  }
  const known = [configFile.env, ...settings.map((setting) => setting.env)];
  const problems = Object.keys(env)
    .filter((name) => name.startsWith('PATCHBAY_') && !known.includes(name))
    .map((name) => `${name} is not a setting.${suggest(name, known)}`);
  return { values, problems };
}

/** Reads a YAML or JSON file (JSON is YAML too). */
export function readConfigFile(path: string, readFile: (path: string) => string): SourceReading {
  let content: string;
  try {
    content = readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { values: {}, problems: [`The config file ${path} cannot be read: ${reason}`] };
  }
  const document = parseDocument(content);
  if (document.errors.length > 0) {
    return { values: {}, problems: document.errors.map(({ message }) => `${path}: ${firstLine(message)}`) };
  }
  return readEntries(path, document.toJS());
}

function readEntries(path: string, content: unknown): SourceReading {
  if (content === null || content === undefined) return { values: {}, problems: [] };
  if (typeof content !== 'object' || Array.isArray(content)) {
    return { values: {}, problems: [`${path} must hold settings, one "name: value" a line.`] };
  }
  const values: FoundValues = {};
  const problems: string[] = [];
  const known = settings.map((setting) => setting.key);
  for (const [name, value] of Object.entries(content)) {
    const key = known.find((candidate) => candidate === name);
    if (key === undefined) problems.push(`${path}: ${name} is not a setting.${suggest(name, known)}`);
    else if (value !== null) values[key] = { value, source: `${path}: ${name}` };
  }
  return { values, problems };
}

/** The parser's message goes on with an excerpt of the file, which may show a password. */
function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.replace(/:$/, '') ?? message;
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
