import { type Document, type LineCounter, isAlias, visit } from 'yaml';
import type { z } from 'zod';
import { suggest } from '../suggest.js';
import { lineAt } from './position.js';

/** What is wrong in a rule file, where, and what to do about it. */
export interface RuleFileProblem {
  readonly line: number;
  /** Of the rule that the line belongs to; null outside of rules and for rules without a readable id. */
  readonly ruleId: string | null;
  readonly message: string;
}

/** A parsed file with what is needed to say where in it something stands. */
export interface RuleSource {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly data: unknown;
}

export function explainIssue(source: RuleSource, issue: z.core.$ZodIssue): RuleFileProblem {
  return problemAt(source, pathOf(issue), ended(`${describePath(issue.path)}${explain(issue)}`));
}

/** Ids appear as reasons and in audits: two rules of one id could not be told apart. */
export function duplicateIds(source: RuleSource): readonly RuleFileProblem[] {
  const first = new Map<string, number>();
  return ruleIds(source.data).flatMap((id, position) => {
    if (id === null) return [];
    const earlier = first.get(id.toLowerCase());
    if (earlier === undefined) {
      first.set(id.toLowerCase(), position);
      return [];
    }
    const line = lineAt(source.document, source.lines, ['rules', earlier, 'id']);
    const message = `id: the rule on line ${line} is called "${id}" as well: give one of them another id.`;
    return [problemAt(source, ['rules', position, 'id'], message)];
  });
}

/** Aliases can make a file refer to itself; rules are short enough to be written out. */
export function aliases({
  document,
  lines,
}: Pick<RuleSource, 'document' | 'lines'>): readonly RuleFileProblem[] {
  const problems: RuleFileProblem[] = [];
  visit(document, (_, node) => {
    if (!isAlias(node)) return;
    const line = lines.linePos(node.range?.[0] ?? 0).line;
    problems.push({
      line,
      ruleId: null,
      message: `*${node.source} is an alias, which rules cannot use: write it out.`,
    });
  });
  return problems;
}

/** `rules.yaml:12: rule "sales": …`, one line a problem, in the order of the file. */
export function describeProblems(problems: readonly RuleFileProblem[], fileName: string): readonly string[] {
  return problems.map(({ line, ruleId, message }) => {
    return `${fileName}:${line}: ${ruleId === null ? '' : `rule "${ruleId}": `}${message}`;
  });
}

function problemAt(source: RuleSource, path: readonly PropertyKey[], message: string): RuleFileProblem {
  const line = lineAt(source.document, source.lines, path);
  const position = path[0] === 'rules' ? path[1] : undefined;
  const ruleId = typeof position === 'number' ? (ruleIds(source.data)[position] ?? null) : null;
  return { line, ruleId, message };
}

/** An unknown key stands on its own line, not on that of the object that holds it. */
function pathOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
}

function ruleIds(data: unknown): readonly (string | null)[] {
  const rules = isRecord(data) ? data['rules'] : undefined;
  if (!Array.isArray(rules)) return [];
  return rules.map((rule: unknown) => (isRecord(rule) && typeof rule['id'] === 'string' ? rule['id'] : null));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The path within the rule: the rule itself is named in front. */
function describePath(path: readonly PropertyKey[]): string {
  const inner = path[0] === 'rules' && typeof path[1] === 'number' ? path.slice(2) : path;
  const names = inner.map((key) => (typeof key === 'number' ? `item ${key + 1}` : String(key)));
  return names.length === 0 ? '' : `${names.join(' > ')}: `;
}

function explain(issue: z.core.$ZodIssue): string {
  const isTypeIssue = issue.code === 'invalid_type' || issue.code === 'invalid_value';
  if (isTypeIssue && issue.input === undefined) return 'is missing: add it';
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) {
    return `must be ${EXPECTED[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid option')) {
    const values = issue.values.map(String);
    return `must be one of ${values.join(', ')}.${suggest(String(issue.input), values)}`;
  }
  return issue.message;
}

function ended(sentence: string): string {
  return /[.?]$/u.test(sentence) ? sentence : `${sentence}.`;
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list: begin each entry on its own line with a dash',
  object: 'a block of settings: write them indented below',
};
