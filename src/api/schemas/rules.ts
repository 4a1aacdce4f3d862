import { z } from 'zod';
import { RULE_PARTS } from '../../domain/rules/diff.js';
import { allOf, byVersion, hold, moment, named, notice } from './parts.js';

export const ruleVersion = named(
  'RuleVersion',
  z.object({
    version: z.number().int(),
    ruleCount: z.number().int(),
    source: z.string().describe('The rule file as it was saved'),
    createdBy: z.string(),
    createdAt: moment,
    note: z.string().nullable(),
  }),
);
export const ruleVersions = allOf('RuleVersions', ruleVersion.omit({ source: true }));

const text = z.string().min(1).max(1_000_000).describe('The rule file, YAML');
export const ruleText = named('RuleText', z.strictObject({ text }));
export const proposedRules = named('ProposedRules', z.union([ruleText, byVersion.strict()]));
const compared = z.union([ruleText, byVersion.strict()]).nullish().describe('Absent: the rules in force');
export const comparedRules = named('ComparedRules', z.strictObject({ before: compared, after: compared }));
const oneRule = z.looseObject({}).nullable().describe('The rule as a whole; null: not there');
export const rulesDiff = named(
  'RulesDiff',
  z.object({
    defaultRole: z.object({ before: z.string(), after: z.string() }).nullable().describe('null: the same'),
    owners: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }),
    rules: z.array(
      z.object({
        id: z.string(),
        change: z.enum(['added', 'removed', 'changed']),
        parts: z.array(z.enum(RULE_PARTS)).describe('What differs of one that both have'),
        before: oneRule,
        after: oneRule,
      }),
    ),
  }),
);
/** Whether to ask the phone systems before saving who would lose something. */
export const savingQuery = z.object({
  losses: z
    .enum(['hold', 'skip'])
    .default('hold')
    .describe('`hold`: nothing is saved where somebody would lose something. `skip`: saved without asking'),
});
export const newRules = named('NewRules', z.strictObject({ text, note: z.string().max(300).optional() }));

export const rulesChecked = named(
  'RulesChecked',
  z.object({ ruleCount: z.number().int(), notices: z.array(notice) }),
);
export const rulesSaved = named(
  'RulesSaved',
  z.object({ version: z.number().int(), isNew: z.boolean(), notices: z.array(notice) }),
);

const knownImpact = z.object({
  type: z.literal('known'),
  account: z.string(),
  gaining: z.array(z.string()),
  losing: z.array(z.string()),
  newSeats: z.number().int(),
  newCostPerMonth: z.object({ amountPerMonth: z.number(), currency: z.string() }).nullable(),
  byAction: z
    .array(z.object({ action: z.string(), count: z.number().int() }))
    .describe('How many changes of each kind'),
  calls: z.number().int().describe('Requests to the vendor'),
  minutes: z.number(),
  byHand: z.number().int(),
  pending: z
    .object({
      changes: z.number().int(),
      people: z.number().int(),
      newSeats: z.number().int(),
      calls: z.number().int(),
    })
    .describe('What comes by the rules that are in force anyway; nothing of it is counted elsewhere'),
  spared: z.array(z.string()).describe('People for whom something was to come and would not any more'),
  holds: z
    .array(hold)
    .describe('Why the plan would wait for approval, beyond what it waits for anyway; empty: it would not'),
});
const unknownImpact = z.object({
  type: z
    .literal('unknown')
    .describe('The phone system cannot be asked now: nothing is known of what it would lose'),
  account: z.string(),
  error: z.string().describe('Such as `credential`, `rateLimited`, `unavailable`'),
  message: z.string().describe('What happened, and what to do'),
});
export const rulesImpact = allOf('RulesImpact', z.discriminatedUnion('type', [knownImpact, unknownImpact]));
