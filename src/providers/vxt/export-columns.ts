import type { ExportProblem } from '../manual.js';
import type { CsvRow } from './export-rows.js';
import type { VxtConfig } from './settings.js';

type Name = keyof VxtConfig['columns'];

/** Where each column of the file is. */
export interface Columns {
  readonly count: number;
  readonly at: Readonly<Partial<Record<Name, number>>>;
  /** The headings as the file spells them. */
  readonly names: Readonly<Partial<Record<Name, string>>>;
  /** What the file does not say, in words: it stays as it was known. */
  readonly missing: readonly string[];
}

/** Finds the columns by the headings that the settings allow. null where nobody could be told apart. */
export function readColumns(
  { columns }: VxtConfig,
  head: CsvRow | undefined,
  problems: ExportProblem[],
): Columns | null {
  if (head === undefined) {
    problems.push({ line: 1, column: null, message: 'The file is empty.' });
    return null;
  }
  const headings = head.cells.map((heading) => heading.trim());
  const at: Partial<Record<Name, number>> = {};
  const names: Partial<Record<Name, string>> = {};
  for (const [name, spellings] of Object.entries(columns) as [Name, readonly string[]][]) {
    const found = headings.flatMap((heading, index) => (isOneOf(spellings, heading) ? [index] : []));
    const [index, ...others] = found;
    if (index === undefined) continue;
    at[name] = index;
    names[name] = headings[index] ?? '';
    if (others.length > 0) {
      const message = `Two columns are headed "${headings[index] ?? ''}" or the like; which one counts cannot be told.`;
      problems.push({ line: head.line, column: headings[index] ?? null, message });
    }
  }
  if (at.email === undefined) {
    const message = `No column is headed ${columns.email.map((one) => `"${one}"`).join(' or ')}. Headings found: ${headings.slice(0, 20).join(', ')}. If VXT calls it otherwise now, name it in the account's settings (columns).`;
    problems.push({ line: head.line, column: null, message });
    return null;
  }
  return { count: headings.length, at, names, missing: missingOf(at) };
}

function missingOf(at: Columns['at']): readonly string[] {
  const hasNumbers = at.assigned !== undefined && at.outbound !== undefined && at.callFlows !== undefined;
  const hasName = at.name !== undefined || at.givenName !== undefined || at.familyName !== undefined;
  return [
    ...(hasName ? [] : ['names']),
    ...(at.role === undefined ? ['roles'] : []),
    ...(at.permissions === undefined ? ['single permissions'] : []),
    ...(hasNumbers ? [] : ['access to numbers (all three columns are needed)']),
  ];
}

function isOneOf(words: readonly string[], word: string): boolean {
  return words.some((one) => one.toLowerCase() === word.toLowerCase());
}
