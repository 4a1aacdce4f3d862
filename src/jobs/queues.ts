import { z } from 'zod';

const uuid = z.uuid();

/** What a drain job names. Whatever there is to do for the account is in rows. */
export const accountJobSchema = z.strictObject({ tenantId: uuid, accountId: uuid });
export type AccountJob = z.infer<typeof accountJobSchema>;

export const deletionJobSchema = z.strictObject({ tenantId: uuid, accountId: uuid, deletionId: uuid });
export type DeletionJob = z.infer<typeof deletionJobSchema>;

export const comparisonJobSchema = z.strictObject({
  tenantId: uuid,
  type: z.enum(['idp', 'seats']),
  id: uuid,
  /** The schedule's own job: the comparison is yet to be asked for. */
  isScheduled: z.boolean(),
});
export type ComparisonJob = z.infer<typeof comparisonJobSchema>;

export const reportJobSchema = z.strictObject({ tenantId: uuid, destinationId: uuid });
export type ReportJob = z.infer<typeof reportJobSchema>;

export const sweepJobSchema = z.strictObject({});

/** The queues, each with what its jobs carry: ids, checked again when a job runs. */
export const QUEUES = {
  drain: accountJobSchema,
  reconcile: accountJobSchema,
  deprovision: deletionJobSchema,
  compare: comparisonJobSchema,
  sweep: sweepJobSchema,
  mail: sweepJobSchema,
  report: reportJobSchema,
  delivery: sweepJobSchema,
} as const;
export type QueueName = keyof typeof QUEUES;
