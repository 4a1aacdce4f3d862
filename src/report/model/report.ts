import { z } from 'zod';
import { FINDING_CLASSES, FINDING_SEVERITIES } from '../../domain/findings/finding.js';
import { USE_KNOWN } from '../ports.js';

const moment = z.iso.datetime().describe('UTC');
const count = z.number().int().min(0);
const ms = z.number().min(0).describe('Milliseconds');
const money = z.strictObject({ amount: z.number(), currency: z.string().describe('ISO 4217') });
const severity = z.enum(FINDING_SEVERITIES);

const need = z.strictObject({
  severity,
  what: z.string(),
  why: z.string(),
  todo: z.string(),
  who: z.string(),
  by: moment.nullable().describe('null: no hurry'),
  link: z.string().nullable().describe('Where it is settled'),
});

const finding = z.strictObject({
  id: z.string(),
  class: z.enum(FINDING_CLASSES),
  severity,
  source: z.string(),
  about: z.string(),
  title: z.string(),
  meaning: z.string(),
  advice: z.string(),
  expected: z.string(),
  found: z.string(),
  next: z.string().describe('What happens to it now'),
  isNew: z.boolean().describe('Came up in the period of this report'),
  firstSeenAt: moment,
  openedAt: moment,
  lastSeenAt: moment,
  resolvedAt: moment.nullable(),
  occurrences: count,
  assignee: z.string().nullable(),
  dueAt: moment.nullable(),
});

const source = z.strictObject({
  type: z.enum(['account', 'idp']),
  name: z.string(),
  kind: z.string(),
  state: z.enum(['complete', 'incomplete', 'never', 'paused']),
  comparedAt: moment.nullable().describe('Of the last complete comparison'),
  reason: z.string().nullable().describe('Why it is not complete'),
  open: count,
});

const seats = z.strictObject({
  account: z.string(),
  held: count,
  parked: count,
  unmanaged: count,
  unused: count.nullable(),
  use: z.enum(USE_KNOWN).nullable(),
  neverAccepted: count.nullable(),
  noCallSinceInvited: count.nullable(),
  contracted: count.nullable(),
  minimum: count.nullable(),
  billed: count,
  nextInvoice: money.nullable(),
  idleCost: money.nullable(),
});

const speed = z.strictObject({
  count,
  medianMs: ms.nullable(),
  p95Ms: ms.nullable(),
  slaMs: ms,
  withinSla: count,
});

const trends = z.strictObject({
  days: count,
  drift: z.array(z.strictObject({ at: moment, account: count, directory: count, seats: count })),
  seats: z.array(
    z.strictObject({
      account: z.string(),
      contracted: count.nullable(),
      points: z.array(z.strictObject({ at: moment, held: count, cost: money.nullable() })),
    }),
  ),
  timeToProvision: z.array(z.strictObject({ at: moment, count, medianMs: ms, p95Ms: ms })),
  queueAge: z.array(z.strictObject({ at: moment, ageMs: ms })),
});

/** A report, whatever it is rendered as. The JSON rendering is exactly this. */
export const reportSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    id: z.string(),
    createdAt: moment,
    organisation: z.strictObject({ slug: z.string(), name: z.string() }),
    timeZone: z.string().describe('In which renderings for people write moments'),
    period: z.strictObject({ from: moment, to: moment }),
    isQuiet: z.boolean().describe('Nothing opened, nothing was resolved, nothing new needs somebody'),
    headline: z.string(),
    whatHappened: z.array(z.string()),
    needsYou: z.array(need),
    figures: z.strictObject({
      open: count,
      critical: count,
      warning: count,
      info: count,
      opened: count,
      resolved: count,
      ignored: count,
      openBefore: count.nullable().describe('Of the report before; null: there is none'),
    }),
    provisioning: z.strictObject({ joiners: speed, movers: speed, leavers: speed }),
    changes: z.array(z.strictObject({ action: z.string(), count })),
    sources: z.array(source),
    seats: z.array(seats),
    findings: z.strictObject({
      open: z.array(finding),
      openLeftOut: count,
      resolved: z.array(finding),
      resolvedLeftOut: count,
    }),
    trends,
    console: z.string().nullable(),
  })
  .meta({ title: 'Patchbay reconciliation report' });

export type Report = z.infer<typeof reportSchema>;
export type ReportNeed = Report['needsYou'][number];
export type ReportFinding = Report['findings']['open'][number];

/** JSON Schema (draft 2020-12) of a report, as text ending in a line break. */
export function reportJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(reportSchema), null, 2)}\n`;
}
