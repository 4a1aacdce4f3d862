import type { DirectoryUser } from '../directory.js';
import type { Reason } from '../mapping.js';
import type { Person } from './condition.js';
import type { CompiledRule, CompiledRules } from './compile.js';

export interface RuleMatch {
  readonly compiled: CompiledRule;
  readonly reason: Reason;
}

/** Rules that apply to a person, and rules of which it cannot be told; both in the order of the rule set. */
export interface Matches {
  readonly certain: readonly RuleMatch[];
  readonly unknown: readonly RuleMatch[];
}

/** Asks only the rules that the person's groups can make match, and those that ask everybody. */
export function matchRules(rules: CompiledRules, user: DirectoryUser): Matches {
  const person: Person = {
    user,
    groupIds: new Set(user.groupIds),
    hasStrayGroup: rules.hasMissingGroup && user.groupIds.some((id) => !rules.namedGroups.has(id)),
  };
  const certain: RuleMatch[] = [];
  const unknown: RuleMatch[] = [];
  for (const compiled of candidates(rules, person)) {
    const { truth, because } = compiled.condition.evaluate(person);
    if (truth === 'no') continue;
    const match = { compiled, reason: compiled.reasonFor(because) };
    (truth === 'yes' ? certain : unknown).push(match);
  }
  return { certain, unknown };
}

function candidates(rules: CompiledRules, person: Person): readonly CompiledRule[] {
  const positions = new Set(rules.always);
  if (person.hasStrayGroup) for (const position of rules.forStrays) positions.add(position);
  for (const id of person.groupIds) {
    for (const position of rules.byGroup.get(id) ?? []) positions.add(position);
  }
  const inOrder = Int32Array.from(positions).sort();
  const found: CompiledRule[] = [];
  for (const position of inOrder) {
    const rule = rules.rules[position];
    if (rule !== undefined) found.push(rule);
  }
  return found;
}
