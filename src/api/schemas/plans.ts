import { z } from 'zod';
import { PLAN_STATES } from '../../administration/plans.js';
import { hold, listOf, moment, named, notice, reason } from './parts.js';

const planFields = {
  id: z.string(),
  accountId: z.string(),
  account: z.string(),
  trigger: z.string(),
  scope: z.string(),
  state: z.enum(PLAN_STATES),
  changeCount: z.number().int(),
  removalCount: z.number().int(),
  createdAt: moment,
  decidedBy: z.string().nullable(),
  decidedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  holds: z.array(hold),
};

export const planRow = named('PlanRow', z.object(planFields));
export const plans = listOf('Plans', planRow);

export const plan = named(
  'Plan',
  z.object({
    ...planFields,
    digest: z.string().describe('What an approval must name'),
    approvals: z.array(z.object({ approver: z.string(), at: moment })),
    inputs: z.object({
      directoryVersion: z.number(),
      ruleSetVersion: z.number(),
      actualReadAt: z.number(),
      policy: z.string(),
    }),
    drift: z.array(
      z.object({
        code: z.string(),
        subjectId: z.string(),
        providerUserId: z.string(),
        expected: z.string(),
        found: z.string(),
      }),
    ),
    driftCount: z.number().int(),
    notices: z.array(notice).describe('The first hundred; so is drift'),
    noticeCount: z.number().int(),
    tally: z.array(z.object({ action: z.string(), state: z.string(), count: z.number().int() })),
  }),
);

/** What every change says; each action adds fields of its own. */
export const change = named(
  'Change',
  z.looseObject({
    action: z.string(),
    key: z.string(),
    subjectId: z.string(),
    email: z.string(),
    reason: z.string(),
    because: z.array(reason),
    urgent: z.boolean(),
  }),
);

export const changes = listOf(
  'Changes',
  z.object({
    id: z.string(),
    position: z.number().int(),
    change,
    state: z.string(),
    error: z.string().nullable(),
  }),
);

export const approved = named(
  'Approved',
  z.object({
    isApproved: z.boolean().describe('False where the account asks for a second person'),
    approvers: z.array(z.string()),
  }),
);
export const approval = named('Approval', z.strictObject({ digest: z.string().min(1).max(200) }));
