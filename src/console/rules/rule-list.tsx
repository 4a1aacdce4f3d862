import type { Condition, GroupRef, MappingRule, RuleSet } from '../../domain/mapping.js';
import { formatCount } from '../kit/format.js';
import { h, type Markup } from '../markup/markup.js';
import { Badge } from '../parts/badge.js';
import { Card } from '../parts/blocks.js';
import { entitlementWords } from '../parts/words.js';

/** Every rule as a line: when it applies, what it gives and denies. */
export function RuleList({ ruleSet }: { readonly ruleSet: RuleSet }): Markup {
  return (
    <Card title="In words">
      <ul class="rows">
        {ruleSet.rules.map((rule) => (
          <RuleLine rule={rule} />
        ))}
      </ul>
      {ruleSet.owners.length === 0 ? null : (
        <p class="card-body">
          Owners of the company, where a rule gives them an agent: {ruleSet.owners.join(', ')}
        </p>
      )}
    </Card>
  );
}

function RuleLine({ rule }: { readonly rule: MappingRule }): Markup {
  const { grant, deny } = rule;
  return (
    <li>
      <div class="grow">
        <p>
          <code>{rule.id}</code> {conditionWords(rule.when)}
        </p>
        {rule.accounts.length === 0 ? null : <p class="quiet small">Only in {rule.accounts.join(', ')}</p>}
      </div>
      <span class="end">
        {grant.role === null ? null : <Badge tone="good">Role {grant.role}</Badge>}
        {grant.teams.map((team) => (
          <Badge tone="good">Team {team}</Badge>
        ))}
        {grant.numbers.map(({ viaTeam, ...access }) => (
          <Badge tone="good">
            {entitlementWords({ type: 'number', ...access })}
            {viaTeam === null ? '' : ` by team ${viaTeam}`}
          </Badge>
        ))}
        {Object.entries(grant.settings ?? {}).map(([name, value]) => (
          <Badge tone="good">
            {name}: {value}
          </Badge>
        ))}
        {deny.account ? <Badge tone="bad">No agent at all</Badge> : null}
        {deny.roles.map((role) => (
          <Badge tone="bad">Never role {role}</Badge>
        ))}
        {deny.teams.map((team) => (
          <Badge tone="bad">Never team {team}</Badge>
        ))}
        {deny.numbers.map(({ number }) => (
          <Badge tone="bad">Never number {number}</Badge>
        ))}
        {rule.graceDays === undefined ? null : (
          <Badge>Deleted after {formatCount(rule.graceDays, 'day', 'days')}</Badge>
        )}
      </span>
    </li>
  );
}

/** A condition as a sentence. */
export function conditionWords(condition: Condition): string {
  switch (condition.type) {
    case 'group':
      return `in group ${groupWords(condition.group)}`;
    case 'attribute':
      return `${condition.path} ${testWords(condition.test)}`;
    case 'all':
      return condition.conditions.map(nested).join(' and ');
    case 'any':
      return condition.conditions.map(nested).join(' or ');
    case 'not':
      return `not ${nested(condition.condition)}`;
  }
}

function nested(condition: Condition): string {
  const words = conditionWords(condition);
  return condition.type === 'all' || condition.type === 'any' ? `(${words})` : words;
}

function groupWords(group: GroupRef): string {
  switch (group.by) {
    case 'name':
      return `“${group.name}”`;
    case 'id':
      return `with id ${group.id}`;
    case 'externalId':
      return `with external id ${group.externalId}`;
  }
}

function testWords(test: Extract<Condition, { type: 'attribute' }>['test']): string {
  switch (test.op) {
    case 'equals':
      return `is “${test.value}”`;
    case 'in':
      return `is one of ${test.values.map((value) => `“${value}”`).join(', ')}`;
    case 'startsWith':
      return `begins with “${test.value}”`;
    case 'contains':
      return `contains “${test.value}”`;
    case 'present':
      return 'is there';
  }
}
