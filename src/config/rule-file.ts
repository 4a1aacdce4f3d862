import { LineCounter, parseDocument } from 'yaml';
import type { RuleSet } from '../domain/mapping.js';
import { byCodeUnits } from '../domain/sort.js';
import { tooDeepAt } from './rules/depth.js';
import { type RuleFileHint, findHints } from './rules/hints.js';
import {
  type RuleFileProblem,
  type RuleSource,
  aliases,
  duplicateIds,
  explainIssue,
} from './rules/problems.js';
import { ruleFileSchema } from './rules/schema.js';
import { toRuleSet } from './rules/to-rule-set.js';

export type { RuleFileHint } from './rules/hints.js';
export { describeProblems, type RuleFileProblem } from './rules/problems.js';
export { renderRuleFile } from './rules/render.js';

/** Characters of a rule file; thousands of rules fit in. */
const RULE_FILE_MAX_CHARS = 1_000_000;

export type RuleFileResult =
  | { readonly ok: true; readonly ruleSet: RuleSet; readonly hints: readonly RuleFileHint[] }
  | { readonly ok: false; readonly problems: readonly RuleFileProblem[] };

/**
 * Reads the mapping rules that an admin wrote as YAML. Names every problem at once, each with its line, its rule
 * and a remedy. `version` becomes the rule set's: it is counted by the store, not by the file.
 */
export function parseRuleFile(text: string, version: number): RuleFileResult {
  if (text.length > RULE_FILE_MAX_CHARS) {
    return refuse(1, `The file is longer than ${RULE_FILE_MAX_CHARS} characters. Split it by tenant.`);
  }
  const lines = new LineCounter();
  const deepAt = tooDeepAt(text);
  if (deepAt !== null) {
    return refuse(
      lineOf(text, deepAt),
      'This is nested too deep to be a rule. Write the conditions flatter.',
    );
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const problems = [
    ...document.errors.map(({ pos, message }) => ({
      line: lines.linePos(pos[0]).line,
      ruleId: null,
      message: `This is not valid YAML: ${message}`,
    })),
    ...aliases({ document, lines }),
  ];
  if (problems.length > 0) return { ok: false, problems };
  if (document.contents === null)
    return refuse(1, 'The file is empty. Begin with "version: 1" and "rules:".');
  return validate({ document, lines, data: document.toJS() }, version);
}

function validate(source: RuleSource, version: number): RuleFileResult {
  const parsed = ruleFileSchema.safeParse(source.data, { reportInput: true });
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue) => explainIssue(source, issue)),
    ...duplicateIds(source),
  ];
  if (problems.length > 0 || !parsed.success) {
    return {
      ok: false,
      problems: problems.toSorted((a, b) => a.line - b.line || byCodeUnits(a.message, b.message)),
    };
  }
  const ruleSet = toRuleSet(parsed.data, version);
  return { ok: true, ruleSet, hints: findHints(source, ruleSet) };
}

function refuse(line: number, message: string): RuleFileResult {
  return { ok: false, problems: [{ line, ruleId: null, message }] };
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
