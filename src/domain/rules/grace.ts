import type { DirectoryUser } from '../directory.js';
import type { CompiledRules } from './compile.js';
import { type RuleMatch, matchRules } from './match.js';

/** The longest grace that the rules name, as a part of what was derived; empty where none names any. */
export function graceOf(matches: readonly RuleMatch[]): { readonly graceDays?: number } {
  const named = matches.flatMap(({ compiled: { rule } }) =>
    rule.graceDays === undefined ? [] : [rule.graceDays],
  );
  return named.length === 0 ? {} : { graceDays: Math.max(...named) };
}

/** What applies to somebody who left: the memberships of inactive people are still known. */
export function graceOfLeaver(rules: CompiledRules, user: DirectoryUser): { readonly graceDays?: number } {
  return rules.hasGrace ? graceOf(matchRules(rules, user).certain) : {};
}
