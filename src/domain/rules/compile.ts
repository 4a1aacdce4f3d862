import type { DirectoryGroup } from '../directory.js';
import { emailKey } from '../email.js';
import type { Condition, GroupRef, MappingRule, Reason, RuleSet } from '../mapping.js';
import type { Notice } from '../plan.js';
import { type CompiledCondition, compileCondition } from './condition.js';
import { type GroupIndex, describeGroup, indexGroups, resolveGroup } from './groups.js';
import { type TeamTemplate, compileTemplate } from './team-template.js';

export interface CompiledRule {
  readonly rule: MappingRule;
  readonly condition: CompiledCondition;
  readonly grantTeams: readonly TeamTemplate[];
  readonly denyTeams: readonly TeamTemplate[];
  readonly settings: readonly { readonly name: string; readonly template: TeamTemplate }[];
  readonly denies: boolean;
  readonly numbers: readonly CompiledNumber[];
  /** The reason that it matched: one for everybody of whom the same is true, for there may be a hundred thousand. */
  reasonFor(because: string): Reason;
}

export interface CompiledNumber {
  readonly grant: MappingRule['grant']['numbers'][number];
  readonly viaTeam: TeamTemplate | null;
}

/**
 * A rule set made ready for one account and one set of groups, so that deriving a person costs about the number
 * of their groups plus the number of rules without a group, not the number of rules.
 */
export interface CompiledRules {
  readonly ruleSet: RuleSet;
  readonly rules: readonly CompiledRule[];
  /** Positions in `rules` by the group that can make them match. */
  readonly byGroup: ReadonlyMap<string, readonly number[]>;
  /** Rules that may concern people in groups no rule names. */
  readonly forStrays: readonly number[];
  /** Rules that everybody is asked. */
  readonly always: readonly number[];
  readonly namedGroups: ReadonlySet<string>;
  /** Whether some rule names a group that the directory does not have. */
  readonly hasMissingGroup: boolean;
  /** Whether some rule names days of grace. */
  readonly hasGrace: boolean;
  readonly owners: ReadonlySet<string>;
  /** Groups that rules name and the directory lacks, or has twice. */
  readonly notices: readonly Notice[];
}

/**
 * Prepares the rules that speak of the account. `groups` must be every group of the tenant.
 */
export function compileRules(
  ruleSet: RuleSet,
  account: { readonly name: string },
  groups: readonly DirectoryGroup[],
): CompiledRules {
  const index = indexGroups(groups);
  const rules = ruleSet.rules
    .filter((rule) => speaksOf(rule, account.name))
    .map((rule) => compileRule(rule, index));
  const refs = rules.flatMap(({ rule }) => groupRefs(rule.when).map((ref) => ({ rule, ref })));
  return {
    ruleSet,
    rules,
    ...indexTriggers(rules),
    namedGroups: new Set(refs.flatMap(({ ref }) => namedIds(index, ref))),
    hasMissingGroup: refs.some(({ ref }) => resolveGroup(index, ref).type === 'missing'),
    hasGrace: rules.some(({ rule }) => rule.graceDays !== undefined),
    owners: new Set(ruleSet.owners.map(emailKey)),
    notices: refs.flatMap(({ rule, ref }) => groupNotice(index, rule, ref)),
  };
}

/** Whether a rule applies in the account of this name. Names compare without case. */
export function speaksOf(rule: MappingRule, accountName: string): boolean {
  const key = accountName.trim().toLowerCase();
  return rule.accounts.length === 0 || rule.accounts.some((name) => name.trim().toLowerCase() === key);
}

function compileRule(rule: MappingRule, groups: GroupIndex): CompiledRule {
  const { deny } = rule;
  return {
    rule,
    condition: compileCondition(rule.when, groups),
    grantTeams: rule.grant.teams.map(compileTemplate),
    denyTeams: deny.teams.map(compileTemplate),
    settings: Object.entries(rule.grant.settings ?? {}).map(([name, text]) => ({
      name,
      template: compileTemplate(text),
    })),
    denies: deny.account || deny.roles.length + deny.teams.length + deny.numbers.length > 0,
    numbers: rule.grant.numbers.map((grant) => ({
      grant,
      viaTeam: grant.viaTeam === null ? null : compileTemplate(grant.viaTeam),
    })),
    reasonFor: shareReasons(rule.id),
  };
}

function shareReasons(ruleId: string): CompiledRule['reasonFor'] {
  let last: Reason = { ruleId, because: '' };
  return (because) => {
    if (last.because !== because) last = { ruleId, because };
    return last;
  };
}

function indexTriggers(
  rules: readonly CompiledRule[],
): Pick<CompiledRules, 'byGroup' | 'forStrays' | 'always'> {
  const byGroup = new Map<string, number[]>();
  const forStrays: number[] = [];
  const always: number[] = [];
  for (const [position, { condition }] of rules.entries()) {
    if (condition.trigger === null) {
      always.push(position);
      continue;
    }
    if (condition.trigger.stray) forStrays.push(position);
    for (const id of condition.trigger.groupIds) {
      const positions = byGroup.get(id) ?? [];
      positions.push(position);
      byGroup.set(id, positions);
    }
  }
  return { byGroup, forStrays, always };
}

function groupRefs(condition: Condition): readonly GroupRef[] {
  switch (condition.type) {
    case 'group':
      return [condition.group];
    case 'attribute':
      return [];
    case 'all':
    case 'any':
      return condition.conditions.flatMap(groupRefs);
    case 'not':
      return groupRefs(condition.condition);
  }
}

function namedIds(index: GroupIndex, ref: GroupRef): readonly string[] {
  const resolved = resolveGroup(index, ref);
  switch (resolved.type) {
    case 'found':
      return [resolved.id];
    case 'ambiguous':
      return resolved.ids;
    case 'missing':
      return [];
  }
}

function groupNotice(index: GroupIndex, rule: MappingRule, ref: GroupRef): readonly Notice[] {
  const resolved = resolveGroup(index, ref);
  const base = { subjectId: null, providerUserId: null };
  switch (resolved.type) {
    case 'found':
      return [];
    case 'missing':
      return [
        {
          ...base,
          code: 'unknown-group',
          message: `Rule "${rule.id}" names ${describeGroup(ref)}, which the directory does not have. Until it is pushed or the rule is mended, people in groups that no rule names lose nothing through this rule.`,
        },
      ];
    case 'ambiguous':
      return [
        {
          ...base,
          code: 'ambiguous-group',
          message: `Rule "${rule.id}" names ${describeGroup(ref)}, but ${resolved.ids.length} groups are called so. Name it by groupId instead; until then its members neither gain nor lose anything through this rule.`,
        },
      ];
  }
}
