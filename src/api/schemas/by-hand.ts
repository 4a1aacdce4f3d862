import { z } from 'zod';
import { allOf, moment, named, numberAccess } from './parts.js';

export const step = named(
  'ChecklistStep',
  z.object({
    id: z.string(),
    taskId: z.string(),
    accountId: z.string(),
    subjectId: z.string(),
    action: z.string(),
    act: z.looseObject({ type: z.string() }).describe('What is so once the step is confirmed'),
    title: z.string(),
    instructions: z.array(z.string()),
    link: z.string().nullable(),
    typed: z.string().nullable().describe('What has to be sent along to confirm it; null: nothing'),
    isUrgent: z.boolean(),
    state: z.enum(['open', 'confirmed', 'settled', 'withdrawn']),
    askedAt: moment,
    confirmedAt: moment.nullable(),
    confirmedBy: z.string().nullable(),
    confirmedThrough: z.enum(['person', 'import']).nullable(),
  }),
);
export const steps = allOf('ChecklistSteps', step);
export const confirmation = named(
  'StepConfirmation',
  z.strictObject({ typed: z.string().max(300).default('') }),
);

const recorded = named(
  'RecordedAgent',
  z.object({
    id: z.string(),
    email: z.string(),
    givenName: z.string(),
    familyName: z.string(),
    role: z.enum(['agent', 'supervisor', 'admin']).nullable(),
    status: z.enum(['active', 'pending', 'unknown']),
    numbers: z.array(numberAccess).nullable(),
    asOf: z.number().describe('Milliseconds since the epoch'),
    source: z.enum(['person', 'import']),
  }),
);

const importRow = named(
  'ListImport',
  z.object({
    id: z.string(),
    accountId: z.string(),
    state: z.enum(['previewed', 'applied', 'discarded']),
    fileName: z.string(),
    fileHash: z.string(),
    isComplete: z.boolean(),
    exportedAt: moment,
    figures: z.record(z.string(), z.number()),
    createdAt: moment,
    createdBy: z.string(),
    decidedAt: moment.nullable(),
    decidedBy: z.string().nullable(),
  }),
);
export const imports = allOf('ListImports', importRow);

export const newImport = named(
  'NewListImport',
  z.strictObject({
    csv: z.string().min(1).max(2_000_000).describe("The phone system's own export"),
    complete: z
      .boolean()
      .default(false)
      .describe('The list names everybody: whoever is not in it is not there any more'),
    exportedAt: moment.optional().describe('Now, where it is left out'),
    fileName: z.string().max(200).default('list.csv'),
  }),
);

export const importPreview = named(
  'ListImportPreview',
  z.object({
    row: importRow,
    missing: z.array(z.string()).describe('What the list says nothing about'),
    added: z.array(recorded),
    changed: z.array(z.object({ before: recorded, after: recorded })),
    removed: z.array(recorded),
    kept: z.array(recorded).describe('Confirmed after the export: left as they are'),
    unchanged: z.number(),
    confirmed: z.array(z.string()).describe('Titles of the open steps that the list shows to be done'),
    digest: z.string(),
  }),
);

export const applyImport = named(
  'ApplyListImport',
  z.strictObject({
    digest: z.string(),
    removes: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe('How many people disappear by it, as the preview says'),
  }),
);
export const importFigures = named('ListImportFigures', z.record(z.string(), z.number()));
