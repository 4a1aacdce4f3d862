import { Document } from 'yaml';
import type { AttributeTest, Condition, Deny, Grant, MappingRule, RuleSet } from '../../domain/mapping.js';
import type { ConditionEntry } from './condition-schema.js';
import type { RuleEntry, RuleFileEntry } from './schema.js';

const HEADER = ` yaml-language-server: $schema=./rules.schema.json
 Mapping rules. Denials win, then the highest role; teams and numbers add up.`;

/** The rule set as a file that `parseRuleFile` reads back into the same rules. Comments are no part of a rule set. */
export function renderRuleFile(ruleSet: RuleSet): string {
  const document = new Document(toFile(ruleSet), { aliasDuplicateObjects: false });
  document.commentBefore = HEADER;
  return document.toString({ lineWidth: 110 });
}

function toFile({ defaultRole, owners, rules }: RuleSet): RuleFileEntry {
  return {
    version: 1,
    defaults: { role: defaultRole },
    ...listed('owners', owners),
    rules: rules.map(toEntry),
  };
}

function toEntry({ id, accounts, when, grant, deny, graceDays }: MappingRule): RuleEntry {
  return {
    id,
    ...listed('accounts', accounts),
    when: toConditionEntry(when),
    ...filled('grant', toGrantEntry(grant)),
    ...filled('deny', toDenyEntry(deny)),
    ...(graceDays !== undefined && { graceDays }),
  };
}

function toConditionEntry(condition: Condition): ConditionEntry {
  switch (condition.type) {
    case 'group':
      return toGroupEntry(condition.group);
    case 'attribute':
      return { attribute: condition.path, ...toTestEntry(condition.test) };
    case 'all':
      return { all: condition.conditions.map(toConditionEntry) };
    case 'any':
      return { any: condition.conditions.map(toConditionEntry) };
    case 'not':
      return { not: toConditionEntry(condition.condition) };
  }
}

function toGroupEntry(group: Extract<Condition, { type: 'group' }>['group']): ConditionEntry {
  switch (group.by) {
    case 'name':
      return { group: group.name };
    case 'id':
      return { groupId: group.id };
    case 'externalId':
      return { groupExternalId: group.externalId };
  }
}

function toTestEntry(test: AttributeTest): ConditionEntry {
  switch (test.op) {
    case 'equals':
    case 'startsWith':
    case 'contains':
      return { [test.op]: test.value };
    case 'in':
      return { in: [...test.values] };
    case 'present':
      return { present: true };
  }
}

function toGrantEntry({ role, teams, numbers, settings }: Grant): NonNullable<RuleEntry['grant']> {
  const entries = numbers.map(({ number, kind, viaTeam }) => ({
    number,
    access: kind,
    ...(viaTeam !== null && { viaTeam }),
  }));
  return {
    ...(role !== null && { role }),
    ...listed('teams', teams),
    ...listed('numbers', entries),
    ...filled('settings', { ...settings }),
  };
}

function toDenyEntry({ account, roles, teams, numbers }: Deny): NonNullable<RuleEntry['deny']> {
  const entries = numbers.map(({ number, kind }) => ({ number, ...(kind !== null && { access: kind }) }));
  return {
    ...(account && { account: true as const }),
    ...listed(
      'roles',
      roles.filter((role) => role !== 'agent'),
    ),
    ...listed('teams', teams),
    ...listed('numbers', entries),
  };
}

/** The list under its key, or nothing when it is empty. */
function listed<Key extends string, Item>(key: Key, items: readonly Item[]): Partial<Record<Key, Item[]>> {
  return items.length === 0 ? {} : ({ [key]: [...items] } as Record<Key, Item[]>);
}

function filled<Key extends string, Part extends object>(key: Key, part: Part): Partial<Record<Key, Part>> {
  return Object.keys(part).length === 0 ? {} : ({ [key]: part } as Record<Key, Part>);
}
