import { z } from 'zod';
import { DESTINATION_KINDS } from '../../report/delivery/ports.js';
import { reportSchema } from '../../report/model/report.js';
import { REPORT_FORMATS } from '../../report/render/render.js';
import { STANDARD_SLA } from '../../report/history/journeys.js';
import { allOf, listOf, moment, named, pageQuery } from './parts.js';

const count = z.number().int();
const timeZone = z.string().min(1).max(60).default('UTC').describe('IANA name, such as Europe/Paris');

export const report = named('Report', reportSchema);
export const reportsQuery = pageQuery.extend({
  account: z.string().max(100).optional().describe('Only those that tell of the phone system of this name'),
});
export const reports = listOf(
  'Reports',
  named(
    'ListedReport',
    z.object({
      id: z.string(),
      createdAt: moment,
      from: moment,
      to: moment,
      isQuiet: z.boolean(),
      headline: z.string(),
      open: count,
      opened: count,
      resolved: count,
      needs: count.describe('How many things need somebody'),
    }),
  ),
);
export const newReport = named(
  'NewReport',
  z.strictObject({
    days: z.number().positive().max(366).nullable().default(null).describe('null: since the report before'),
    timeZone,
  }),
);
export const fileQuery = z.object({ format: z.enum(REPORT_FORMATS).default('html') });
export const reportFile = named(
  'ReportFile',
  z.object({ fileName: z.string(), contentType: z.string(), text: z.string() }),
);

export const destination = named(
  'ReportDestination',
  z.object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(DESTINATION_KINDS),
    config: z.object({
      recipients: z.array(z.string()).nullable().optional().describe('null: the contacts for reports'),
      url: z.string().optional().describe('Of a chat only its host: the whole address is its secret'),
    }),
    cron: z.string(),
    timeZone: z.string(),
    quietWhenUnchanged: z.boolean(),
    isActive: z.boolean(),
    createdAt: moment,
  }),
);
export const destinations = allOf('ReportDestinations', destination);
export const newDestination = named(
  'NewReportDestination',
  z.strictObject({
    name: z.string().min(1).max(100),
    kind: z.enum(DESTINATION_KINDS),
    targets: z
      .array(z.string().max(2_000))
      .max(50)
      .default([])
      .describe('E-mail addresses, none: the contacts for reports; of a webhook or a chat exactly one URL'),
    cron: z.string().max(100).default('0 7 * * 1').describe('Five fields, in the time zone'),
    timeZone,
    quietWhenUnchanged: z.boolean().default(true),
  }),
);
export const destinationMade = named(
  'ReportDestinationMade',
  z.object({
    destination,
    secret: z.string().nullable().describe('What a webhook’s receiver checks signatures with: only here'),
  }),
);
export const deliveries = allOf(
  'ReportDeliveries',
  named(
    'ReportDelivery',
    z.object({
      id: z.string(),
      destinationId: z.string(),
      reportId: z.string(),
      state: z.enum(['due', 'sent', 'failed']),
      attempts: count,
      dueAt: moment,
      lastError: z.string().nullable(),
      createdAt: moment,
      sentAt: moment.nullable(),
    }),
  ),
);

const about = { person: z.string(), userName: z.string(), personId: z.string(), account: z.string() };

const search = z.string().max(200).default('').describe('Words, each part of a name or an address');
export const entitlementsQuery = z.object({
  at: moment.optional().describe('A moment that has passed; now'),
  search,
});
export const holdings = allOf(
  'Holdings',
  named(
    'Holding',
    z.object({
      ...about,
      agent: z.string().nullable(),
      email: z.string(),
      state: z.enum(['active', 'parked']),
      type: z.enum(['role', 'owner', 'team', 'number', 'agent']),
      entitlement: z.string(),
      since: moment,
      reason: z.string(),
      rules: z.string().describe('Those that wanted it, and why each matched'),
      trigger: z.string().nullable(),
      pushedBy: z.string().nullable(),
      push: z.string().nullable(),
      pushedAt: moment.nullable(),
      planId: z.string().nullable(),
    }),
  ),
);

const minutes = z.coerce.number().positive().max(100_000);
export const journeysQuery = z.object({
  from: moment,
  to: moment.optional().describe('Now where it is left out'),
  search,
  joinerMinutes: minutes.default(STANDARD_SLA.joinerMinutes),
  moverMinutes: minutes.default(STANDARD_SLA.moverMinutes),
  leaverMinutes: minutes.default(STANDARD_SLA.leaverMinutes),
});
export const journeys = allOf(
  'Journeys',
  named(
    'Journey',
    z.object({
      kind: z.enum(['joiner', 'mover', 'leaver']),
      ...about,
      pushedAt: moment,
      doneAt: moment,
      tookSeconds: z.number(),
      targetSeconds: z.number(),
      isInTime: z.boolean(),
      changes: count,
    }),
  ),
);
