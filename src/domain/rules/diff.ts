import type { MappingRule, RuleSet } from '../mapping.js';
import { byCodeUnits } from '../sort.js';

export const RULE_PARTS = ['accounts', 'when', 'grant', 'deny', 'graceDays'] as const;
export type RulePart = (typeof RULE_PARTS)[number];

export type RuleDifference =
  | { readonly id: string; readonly change: 'added'; readonly after: MappingRule }
  | { readonly id: string; readonly change: 'removed'; readonly before: MappingRule }
  | {
      readonly id: string;
      readonly change: 'changed';
      readonly parts: readonly RulePart[];
      readonly before: MappingRule;
      readonly after: MappingRule;
    };

/** How one rule set differs from another; the order of rules means nothing, so neither does a change of it. */
export interface RulesDiff {
  readonly defaultRole: { readonly before: string; readonly after: string } | null;
  readonly owners: { readonly added: readonly string[]; readonly removed: readonly string[] };
  /** By rule id. */
  readonly rules: readonly RuleDifference[];
}

/** What leads from `before` to `after`. */
export function diffRules(before: RuleSet, after: RuleSet): RulesDiff {
  const old = new Map(before.rules.map((rule) => [rule.id, rule]));
  const now = new Map(after.rules.map((rule) => [rule.id, rule]));
  const ids = [...new Set([...old.keys(), ...now.keys()])].toSorted(byCodeUnits);
  return {
    defaultRole:
      before.defaultRole === after.defaultRole
        ? null
        : { before: before.defaultRole, after: after.defaultRole },
    owners: {
      added: after.owners.filter((owner) => !before.owners.includes(owner)),
      removed: before.owners.filter((owner) => !after.owners.includes(owner)),
    },
    rules: ids.flatMap((id) => diffRule(id, old.get(id), now.get(id))),
  };
}

/** Whether nothing differs. */
export function isEmptyDiff({ defaultRole, owners, rules }: RulesDiff): boolean {
  return defaultRole === null && owners.added.length + owners.removed.length + rules.length === 0;
}

function diffRule(
  id: string,
  before: MappingRule | undefined,
  after: MappingRule | undefined,
): readonly RuleDifference[] {
  if (before === undefined) return after === undefined ? [] : [{ id, change: 'added', after }];
  if (after === undefined) return [{ id, change: 'removed', before }];
  const parts = RULE_PARTS.filter((part) => !isSame(before[part], after[part]));
  return parts.length === 0 ? [] : [{ id, change: 'changed', parts, before, after }];
}

/** By content: rows of the database do not keep the order of an object's keys. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return left.size === right.size && [...left].every(([key, value]) => isSame(value, right.get(key)));
}
