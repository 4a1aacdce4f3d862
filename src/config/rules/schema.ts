import { z } from 'zod';
import { attributePath } from '../../domain/attribute-paths.js';
import { ACCESS_KINDS, ROLES } from '../../domain/entitlement.js';
import { placeholders } from '../../domain/rules/team-template.js';
import { e164 } from './number.js';
import { condition, unknownAttribute } from './condition-schema.js';
import { hasNoUnknownKey, listed, strict, text } from './strict.js';

/** The file an admin writes, version 1. Descriptions are shown by editors that read the JSON Schema. */

const team = text
  .refine((value) => placeholders(value).every((name) => attributePath(name) !== null), {
    error: ({ input }) => unknownPlaceholder(String(input)),
  })
  .describe('A team at the vendor. {department} and the like stand for the person’s own value.');

const number = text
  .refine((value) => e164(value) !== null, {
    error:
      'is not an international phone number: write it with plus sign and country code, such as "+33176111111"',
  })
  .describe('An international phone number in quotes, such as "+33 1 76 11 11 11".');

const access = z.enum(ACCESS_KINDS);
const role = z.enum(ROLES);

const grant = strict({
  role: role.describe('agent, supervisor or admin. The highest of all matching rules wins.').optional(),
  teams: z.array(team).min(1, listed('team')).describe('Teams add up over all matching rules.').optional(),
  numbers: z
    .array(
      strict({
        number,
        access: access.describe(
          'assigned: rings, sees records, voicemail and SMS. outbound: caller ID only. call_flow: rings, sees no records.',
        ),
        viaTeam: team
          .describe('Where the vendor cannot assign numbers: the team that rings on the number.')
          .optional(),
      }).refine(({ access: kind, viaTeam }) => kind !== 'outbound' || viaTeam === undefined, {
        when: hasNoUnknownKey,
        path: ['viaTeam'],
        error:
          'a team makes people receive calls, which is the opposite of outbound: remove viaTeam or use access: call_flow',
      }),
    )
    .min(1, listed('number'))
    .describe('Phone numbers add up over all matching rules.')
    .optional(),
  settings: z
    .record(
      z.string().regex(/^[a-z][A-Za-z0-9]{0,59}$/u, 'must be the name of a setting, such as designation'),
      z.union([team, z.boolean(), z.number()]),
    )
    .describe(
      'What else the vendor lets rules set; its names are in the README. Of several rules the first wins; what no rule sets stays as it is.',
    )
    .optional(),
}).describe('What the people concerned get.');

const deny = strict({
  account: z
    .literal(true, 'can only be true; leave it out otherwise')
    .describe('Nobody concerned gets an agent at all; who has one is treated as a leaver.')
    .optional(),
  roles: z
    .array(role.exclude(['agent'], 'agent is the least role; to keep people out write account: true'))
    .min(1, listed('role'))
    .optional(),
  teams: z.array(team).min(1, listed('team')).optional(),
  numbers: z
    .array(strict({ number, access: access.describe('Leave out for every kind.').optional() }))
    .min(1, listed('number'))
    .optional(),
}).describe('What the people concerned must not have, whatever other rules grant.');

const ruleEntry = strict({
  id: text
    .regex(
      /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,79}$/u,
      'must be a short name of letters, digits, blanks, dots, dashes, at most 80',
    )
    .describe('A short name, shown as the reason of whatever the rule grants. Unique in the file.'),
  accounts: z
    .array(text)
    .min(1, listed('account'))
    .describe('Names of the phone accounts the rule speaks of. Leave out for all.')
    .optional(),
  when: condition,
  grant: grant.optional(),
  deny: deny.optional(),
  graceDays: z
    .int('must be a whole number of days, from 0 to 3650')
    .min(0, 'must be a whole number of days, from 0 to 3650')
    .max(3650, 'must be a whole number of days, from 0 to 3650')
    .describe(
      'Days from somebody’s leaving to the permanent deletion, instead of the account’s. Of several rules the longest counts.',
    )
    .optional(),
})
  .refine((value) => !isEmpty(value.grant) || !isEmpty(value.deny) || value.graceDays !== undefined, {
    when: hasNoUnknownKey,
    error:
      'the rule neither grants nor denies anything: add grant: with a role, teams, numbers or settings, or remove the rule',
  })
  .meta({ id: 'rule', description: 'Who gets what.' });

export const ruleFileSchema = strict({
  version: z
    .literal(1, 'must be 1, the version of this file format')
    .describe('Version of this file format.'),
  defaults: strict({
    role: role.describe('For people to whom a rule grants something but no role.').optional(),
  }).optional(),
  owners: z
    .array(text)
    .describe('E-mail addresses or user names of the account owners. Owner is never granted by group.')
    .optional(),
  rules: z.array(ruleEntry).describe('Denials win, then the highest role; teams and numbers add up.'),
}).meta({ title: 'Patchbay mapping rules' });

export type RuleFileEntry = z.infer<typeof ruleFileSchema>;
export type RuleEntry = RuleFileEntry['rules'][number];

function isEmpty(part: object | undefined): boolean {
  return part === undefined || Object.keys(part).length === 0;
}

function unknownPlaceholder(template: string): string {
  const name = placeholders(template).find((one) => attributePath(one) === null) ?? '';
  return `the team name holds {${name}}, and ${unknownAttribute(name)}`;
}
