import { emailKey } from '../../domain/email.js';
import type { NumberAccess } from '../../domain/entitlement.js';
import { personName } from '../../domain/person-name.js';
import type { ExportedPerson, ExportProblem, ExportReading } from '../manual.js';
import { readColumns, type Columns } from './export-columns.js';
import { readRows, type CsvRow } from './export-rows.js';
import type { VxtConfig } from './settings.js';

const PROBLEMS_MAX = 50;
const EMAIL = /^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$/;

/**
 * Reads VXT's member list as CSV. Strict: one cell that cannot be understood, and nothing of the file counts. Every
 * problem is named with its line and column, up to fifty of them.
 */
export function readVxtExport(config: VxtConfig, text: string): ExportReading {
  const { rows, problem } = readRows(text);
  if (problem !== null) return { people: [], problems: [problem], missing: [] };
  const [head, ...body] = rows;
  const problems: ExportProblem[] = [];
  const columns = readColumns(config, head, problems);
  if (columns === null) return { people: [], problems, missing: [] };
  const people = body.map((row) => readPerson({ config, columns, problems }, row));
  problems.push(...duplicates(people, columns));
  if (body.length === 0)
    problems.push({ line: 1, column: null, message: 'Below the headings there is nobody.' });
  return { people, problems: problems.slice(0, PROBLEMS_MAX), missing: columns.missing };
}

interface Reader {
  readonly config: VxtConfig;
  readonly columns: Columns;
  readonly problems: ExportProblem[];
}

function readPerson(reader: Reader, row: CsvRow): ExportedPerson {
  const { config, columns } = reader;
  const email = cell(reader, row, 'email') ?? '';
  if (!EMAIL.test(email) || email.length > 254) {
    refuse(
      reader,
      row,
      'email',
      email === '' ? 'The e-mail is missing.' : `"${brief(email)}" is no e-mail address.`,
    );
  }
  const surplus = row.cells.length - columns.count;
  if (surplus !== 0) {
    const message = `The line has ${row.cells.length} cells, the headings are ${columns.count}. Is a quotation mark missing?`;
    reader.problems.push({ line: row.line, column: null, message });
  }
  return {
    line: row.line,
    email,
    ...readName(reader, row),
    role: readRole(reader, row),
    status: readStatus(config, cell(reader, row, 'status')),
    numbers: readNumbers(reader, row),
  };
}

function readName(reader: Reader, row: CsvRow): { givenName: string; familyName: string } {
  const displayName = cell(reader, row, 'name') ?? '';
  const givenName = cell(reader, row, 'givenName') ?? '';
  const familyName = cell(reader, row, 'familyName') ?? '';
  return personName({ givenName, familyName, displayName });
}

function readRole(reader: Reader, row: CsvRow): ExportedPerson['role'] {
  const { config } = reader;
  const word = cell(reader, row, 'role');
  if (word === undefined) return undefined;
  if (isOneOf(config.adminWords, word)) return 'admin';
  if (!isOneOf(config.memberWords, word)) {
    const known = [...config.adminWords, ...config.memberWords].join(', ');
    refuse(reader, row, 'role', `"${brief(word)}" is no role that this account's settings know: ${known}.`);
    return undefined;
  }
  const permissions = cell(reader, row, 'permissions');
  if (permissions === undefined) return config.supervisorPermissions.length === 0 ? 'agent' : undefined;
  return roleOf(config, list(config, permissions));
}

/** Permissions that make no known role are no role: somebody has to look. */
function roleOf(
  { supervisorPermissions: wanted }: VxtConfig,
  held: readonly string[],
): ExportedPerson['role'] {
  if (held.length === 0) return 'agent';
  const isSupervisor =
    wanted.length > 0 && wanted.length === held.length && wanted.every((one) => isOneOf(held, one));
  return isSupervisor ? 'supervisor' : null;
}

function readStatus({ pendingWords }: VxtConfig, word: string | undefined): ExportedPerson['status'] {
  if (word === undefined || word === '') return 'unknown';
  return isOneOf(pendingWords, word) ? 'pending' : 'active';
}

const KINDS = [
  ['assigned', 'assigned'],
  ['outbound', 'outbound'],
  ['callFlows', 'call_flow'],
] as const;

/** Known only where all three kinds have a column: a kind that is left out would look like one that nobody has. */
function readNumbers(reader: Reader, row: CsvRow): ExportedPerson['numbers'] {
  if (KINDS.some(([column]) => reader.columns.at[column] === undefined)) return undefined;
  const numbers = KINDS.flatMap(([column, kind]) =>
    list(reader.config, cell(reader, row, column) ?? '').map((text): NumberAccess => {
      const number = text.replace(/[\s().-]/g, '');
      if (!/^\+[1-9]\d{6,14}$/.test(number)) {
        const hint = 'Numbers are written with country code, such as +64 9 123 4567.';
        refuse(reader, row, column, `"${brief(text)}" is no phone number. ${hint}`);
      }
      return { number, kind };
    }),
  );
  const keys = new Map(numbers.map((one) => [`${one.number} ${one.kind}`, one]));
  return [...keys].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function duplicates(people: readonly ExportedPerson[], columns: Columns): readonly ExportProblem[] {
  const first = new Map<string, number>();
  return people.flatMap(({ email, line }) => {
    const key = emailKey(email);
    const known = first.get(key);
    if (known === undefined) first.set(key, line);
    if (known === undefined || email === '') return [];
    const message = `${brief(email)} is in line ${known} already. Each person may be listed once.`;
    return [{ line, column: columns.names.email ?? null, message }];
  });
}

/** undefined: the file has no such column. */
function cell({ columns }: Reader, { cells }: CsvRow, name: keyof Columns['at']): string | undefined {
  const index = columns.at[name];
  return index === undefined ? undefined : (cells[index] ?? '').trim();
}

function list({ listSeparator }: VxtConfig, text: string): readonly string[] {
  return text
    .split(listSeparator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function isOneOf(words: readonly string[], word: string): boolean {
  return words.some((one) => one.toLowerCase() === word.trim().toLowerCase());
}

function refuse(
  { columns, problems }: Reader,
  { line }: CsvRow,
  name: keyof Columns['at'],
  message: string,
): void {
  problems.push({ line, column: columns.names[name] ?? null, message });
}

/** As much of a cell as a message bears. */
function brief(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
