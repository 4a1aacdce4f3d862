import type { Capabilities, VendorLimits } from '../capabilities.js';
import { teamKey } from '../entitlement.js';
import type { MappingRule, NumberGrant, RuleSet } from '../mapping.js';
import type { Notice } from '../plan.js';
import { heldRole } from '../planning/role.js';
import { teamNameProblem } from '../planning/team-book.js';
import { teamsRing } from '../planning/wish.js';
import { settingProblem } from '../settings.js';
import { speaksOf } from './compile.js';
import { placeholders } from './team-template.js';

export interface RuleTarget {
  readonly account: { readonly name: string };
  readonly capabilities: Capabilities;
  readonly limits: VendorLimits;
}

/** What the rules ask of an account that its vendor cannot hold, or only by hand: said when they are saved. */
export function checkRulesAgainst(ruleSet: RuleSet, target: RuleTarget): readonly Notice[] {
  const rules = ruleSet.rules.filter((rule) => speaksOf(rule, target.account.name));
  const ringing = ringingTeams(rules);
  return [
    ...ownerNotices(ruleSet, target),
    ...rules.flatMap((rule) => [
      ...roleNotices(rule, target),
      ...teamNotices(rule, target),
      ...rule.grant.numbers.flatMap((grant) => numberNotices(rule, grant, target)),
      ...trapNotices(rule, target, ringing),
      ...settingNotices(rule, target),
    ]),
  ];
}

/** Account names in rules that no account has: such a rule never applies. */
export function unknownAccounts(ruleSet: RuleSet, accountNames: readonly string[]): readonly Notice[] {
  return ruleSet.rules.flatMap((rule) =>
    rule.accounts
      .filter((name) => !accountNames.some((known) => speaksOf({ ...rule, accounts: [name] }, known)))
      .map((name) =>
        notice(
          'unknown-account',
          rule,
          `speaks of an account "${name}", which does not exist. It has no effect there.`,
        ),
      ),
  );
}

function ownerNotices({ owners }: RuleSet, { account, capabilities }: RuleTarget): readonly Notice[] {
  if (owners.length === 0 || capabilities.writeOwner) return [];
  if (!capabilities.owners) {
    const text = `Account "${account.name}" knows no owners: the list of owners has no effect there.`;
    return [{ code: 'capability', subjectId: null, providerUserId: null, message: text }];
  }
  const message = `Owners cannot be appointed through the API of account "${account.name}": each becomes a task on the worklist.`;
  return [{ code: 'capability', subjectId: null, providerUserId: null, message }];
}

function roleNotices(rule: MappingRule, { capabilities }: RuleTarget): readonly Notice[] {
  const { role } = rule.grant;
  if (role === null) return [];
  const held = heldRole(role, capabilities);
  if (held !== role) {
    return [
      notice(
        'capability',
        rule,
        `grants the role ${role}, which this vendor does not know: it becomes ${held}.`,
      ),
    ];
  }
  if (capabilities.writeRole) return [];
  return [
    notice('capability', rule, 'grants a role, which this vendor’s API cannot set: each becomes a task.'),
  ];
}

function teamNotices(rule: MappingRule, { capabilities, limits }: RuleTarget): readonly Notice[] {
  if (!capabilities.teams) return noTeamsNotices(rule);
  const viaTeams = rule.grant.numbers.flatMap(({ viaTeam }) => (viaTeam === null ? [] : [viaTeam]));
  return [...rule.grant.teams, ...viaTeams].flatMap((team) => {
    const problem = teamNameProblem(withoutPlaceholders(team), limits);
    if (problem !== null) return [notice('invalid-name', rule, `names team "${team}", which ${problem}.`)];
    if (capabilities.createTeam) return [];
    return [
      notice(
        'capability',
        rule,
        `names team "${team}", which has to exist: this vendor’s API cannot create it.`,
      ),
    ];
  });
}

function noTeamsNotices(rule: MappingRule): readonly Notice[] {
  if (rule.grant.teams.length === 0) return [];
  const teams = rule.grant.teams.map((team) => `"${team}"`).join(', ');
  return [
    notice('capability', rule, `grants ${teams}, but this vendor has no teams. It has no effect here.`),
  ];
}

/** A template's own text; that of the placeholders is only known per person. */
function withoutPlaceholders(team: string): string {
  return placeholders(team).reduce((text, name) => text.replace(`{${name}}`, 'x'), team);
}

function numberNotices(
  rule: MappingRule,
  { number, kind, viaTeam }: NumberGrant,
  { capabilities }: RuleTarget,
): readonly Notice[] {
  switch (capabilities.numberAccess[kind]) {
    case 'api':
      return viaTeam === null
        ? []
        : [
            notice(
              'capability',
              rule,
              `names team "${viaTeam}" for ${number}, which is not needed: this vendor assigns numbers by API.`,
            ),
          ];
    case 'via-team':
      return viaTeam !== null
        ? []
        : [
            notice(
              'capability',
              rule,
              `grants ${number}, which this vendor gives through a team only. Name it by viaTeam, or each becomes a task.`,
            ),
          ];
    case 'manual':
      return [
        notice(
          'capability',
          rule,
          `grants ${number} (${kind}), which this vendor’s API cannot give: each becomes a task.`,
        ),
      ];
    case 'none':
      return [
        notice(
          'capability',
          rule,
          `grants ${number} (${kind}), which this vendor does not have. It has no effect here.`,
        ),
      ];
  }
}

/** Names and values of settings against what the vendor declares; a template's value is only known per person. */
function settingNotices(rule: MappingRule, { capabilities }: RuleTarget): readonly Notice[] {
  const declared = new Map(capabilities.settings?.map((one) => [one.name, one]));
  return Object.entries(rule.grant.settings ?? {}).flatMap(([name, text]) => {
    const declaration = declared.get(name);
    if (declaration === undefined) {
      const known = [...declared.keys()].join(', ') || 'none';
      const problem = `sets "${name}", which this vendor does not have (it has: ${known}). It has no effect here.`;
      return [notice('capability', rule, problem)];
    }
    const isTemplate = placeholders(text).length > 0;
    const problem = isTemplate ? null : settingProblem(text, declaration.value);
    if (problem !== null)
      return [notice('invalid-setting', rule, `sets ${name} to "${text}", which ${problem}.`)];
    if (declaration.write === 'api') return [];
    const when = declaration.write === 'create' ? 'for people who have an agent already' : 'for everybody';
    return [notice('capability', rule, `sets ${name}, which is a task on the worklist ${when}.`)];
  });
}

/**
 * vendors.md 1.7. A rule that gives a number for outbound calls only together with a team which rings contradicts
 * itself; of other teams it is not known whether they ring.
 */
function trapNotices(
  rule: MappingRule,
  { capabilities }: RuleTarget,
  ringing: ReadonlySet<string>,
): readonly Notice[] {
  const { numbers, teams } = rule.grant;
  const isConcerned = teamsRing(capabilities) && numbers.some(({ kind }) => kind === 'outbound');
  if (!isConcerned) return [];
  const viaTeams = numbers.flatMap(({ viaTeam }) => (viaTeam === null ? [] : [viaTeam]));
  const rings = [...viaTeams, ...teams.filter((team) => ringing.has(teamKey(team)))];
  if (rings.length > 0) {
    return [
      notice(
        'outbound-refused',
        rule,
        `grants a number for outbound calls only, and team "${rings[0] ?? ''}", which rings on a number: these people would receive calls all the same. Take the team or the number out of this rule, or grant the number as assigned or call_flow.`,
      ),
    ];
  }
  if (teams.length === 0) return [];
  return [
    notice(
      'outbound-trap',
      rule,
      'grants a number for outbound calls only and a team as well. Where that team rings on a number, these people receive calls all the same.',
    ),
  ];
}

/** Teams that rules name as the way to a number. */
function ringingTeams(rules: readonly MappingRule[]): ReadonlySet<string> {
  const viaTeams = rules.flatMap(({ grant }) => grant.numbers.map(({ viaTeam }) => viaTeam));
  return new Set(viaTeams.flatMap((team) => (team === null ? [] : [teamKey(team)])));
}

function notice(code: Notice['code'], rule: MappingRule, text: string): Notice {
  return { code, subjectId: null, providerUserId: null, message: `Rule "${rule.id}" ${text}` };
}
