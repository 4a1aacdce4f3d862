import { attributePath } from '../../domain/attribute-paths.js';
import { AppError } from '../../domain/errors.js';
import type { AttributeTest, Condition, Deny, Grant, MappingRule, RuleSet } from '../../domain/mapping.js';
import type { ConditionEntry } from './condition-schema.js';
import { e164 } from './number.js';
import type { RuleEntry, RuleFileEntry } from './schema.js';

/** The rule set that a valid file describes. */
export function toRuleSet(file: RuleFileEntry, version: number): RuleSet {
  return {
    version,
    defaultRole: file.defaults?.role ?? 'agent',
    owners: file.owners ?? [],
    rules: file.rules.map(toRule),
  };
}

function toRule({ id, accounts, when, grant, deny, graceDays }: RuleEntry): MappingRule {
  return {
    id,
    accounts: accounts ?? [],
    when: toCondition(when),
    grant: toGrant(grant),
    deny: toDeny(deny),
    ...(graceDays !== undefined && { graceDays }),
  };
}

function toCondition(entry: ConditionEntry): Condition {
  const { group, groupId, groupExternalId, attribute, all, any, not } = entry;
  if (group !== undefined) return { type: 'group', group: { by: 'name', name: group } };
  if (groupId !== undefined) return { type: 'group', group: { by: 'id', id: groupId } };
  if (groupExternalId !== undefined) {
    return { type: 'group', group: { by: 'externalId', externalId: groupExternalId } };
  }
  if (attribute !== undefined) {
    return { type: 'attribute', path: attributePath(attribute) ?? attribute, test: toTest(entry) };
  }
  if (all !== undefined) return { type: 'all', conditions: all.map(toCondition) };
  if (any !== undefined) return { type: 'any', conditions: any.map(toCondition) };
  if (not !== undefined) return { type: 'not', condition: toCondition(not) };
  throw new AppError('bug', 'A condition without a kind passed the check of the rule file.');
}

function toTest({ equals, in: values, startsWith, contains }: ConditionEntry): AttributeTest {
  if (equals !== undefined) return { op: 'equals', value: equals };
  if (values !== undefined) return { op: 'in', values };
  if (startsWith !== undefined) return { op: 'startsWith', value: startsWith };
  if (contains !== undefined) return { op: 'contains', value: contains };
  return { op: 'present' };
}

function toGrant(grant: RuleEntry['grant']): Grant {
  return {
    role: grant?.role ?? null,
    teams: grant?.teams ?? [],
    numbers: (grant?.numbers ?? []).map(({ number, access, viaTeam }) => ({
      number: e164(number) ?? number,
      kind: access,
      viaTeam: viaTeam ?? null,
    })),
    ...(grant?.settings && { settings: mapValues(grant.settings) }),
  };
}

function mapValues(settings: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
}

function toDeny(deny: RuleEntry['deny']): Deny {
  return {
    roles: deny?.roles ?? [],
    teams: deny?.teams ?? [],
    numbers: (deny?.numbers ?? []).map(({ number, access }) => ({
      number: e164(number) ?? number,
      kind: access ?? null,
    })),
    account: deny?.account ?? false,
  };
}
