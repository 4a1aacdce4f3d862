import { z } from 'zod';
import { FINDING_CLASSES, FINDING_SEVERITIES } from '../../domain/findings/finding.js';
import { FINDING_POLICIES } from '../../domain/findings/policy.js';
import { allOf, listOf, moment, named } from './parts.js';

export const findingClass = z.enum(FINDING_CLASSES);
export const findingSeverity = z.enum(FINDING_SEVERITIES);
const policyName = z.enum(FINDING_POLICIES);
const decisionName = z.enum(['fix', 'accept']);

export const finding = named(
  'Finding',
  z.object({
    id: z.string(),
    source: z.object({ type: z.enum(['account', 'seats', 'idp']), id: z.string(), name: z.string() }),
    key: z.string().describe('The same difference has the same key in every comparison'),
    class: findingClass,
    severity: findingSeverity,
    personId: z.string().nullable(),
    providerUserId: z.string().nullable(),
    about: z.string(),
    title: z.string(),
    meaning: z.string(),
    advice: z.string(),
    expected: z.string(),
    found: z.string(),
    facts: z.array(z.object({ name: z.string(), value: z.string() })),
    isFixable: z.boolean().describe('A plan can put it right; otherwise only a person can'),
    firstSeenAt: moment,
    openedAt: moment,
    lastSeenAt: moment,
    occurrences: z.number().int(),
    resolvedAt: moment.nullable(),
    decision: z.object({ type: decisionName, by: z.string(), at: moment }).nullable(),
    ignored: z.object({ until: moment.nullable(), reason: z.string(), by: z.string() }).nullable(),
    assignee: z.string().nullable(),
    dueAt: moment.nullable(),
  }),
);
export const findings = listOf('Findings', finding);
export const findingCounts = allOf(
  'FindingCounts',
  named(
    'FindingCount',
    z.object({ class: findingClass, severity: findingSeverity, count: z.number().int() }),
  ),
);

const day = moment.transform((text) => new Date(text));
export const ignoreFinding = named(
  'IgnoreFinding',
  z.strictObject({
    reason: z.string().min(1).max(500),
    until: day.nullable().default(null).describe('null: until something else is found there'),
  }),
);
export const assignFinding = named(
  'AssignFinding',
  z.strictObject({
    assignee: z.string().min(1).max(200).nullable().describe('null gives it back'),
    dueAt: day.nullable().default(null),
  }),
);
export const decideFinding = named(
  'DecideFinding',
  z.strictObject({
    decision: decisionName
      .nullable()
      .describe('fix: by the next plan; accept: it stays as it is; null: as the policy of its class says'),
  }),
);

export const findingPolicies = allOf(
  'FindingPolicies',
  named(
    'FindingPolicy',
    z.object({
      class: findingClass,
      policy: policyName,
      standard: policyName,
      allowed: z.array(policyName),
    }),
  ),
);
export const newFindingPolicy = named('NewFindingPolicy', z.strictObject({ policy: policyName }));
export const byNameAndClass = z.object({ name: z.string().min(1).max(100), class: findingClass });
