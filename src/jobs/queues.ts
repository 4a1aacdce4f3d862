import { z } from 'zod';

const uuid = z.uuid();

/** What a drain job names. Whatever there is to do for the account is in rows. */
export const accountJobSchema = z.strictObject({ tenantId: uuid, accountId: uuid });
export type AccountJob = z.infer<typeof accountJobSchema>;

export const deletionJobSchema = z.strictObject({ tenantId: uuid, accountId: uuid, deletionId: uuid });
export type DeletionJob = z.infer<typeof deletionJobSchema>;

export const sweepJobSchema = z.strictObject({});

/** The queues, each with what its jobs carry: ids, checked again when a job runs. */
export const QUEUES = {
  drain: accountJobSchema,
  reconcile: accountJobSchema,
  deprovision: deletionJobSchema,
  sweep: sweepJobSchema,
} as const;
export type QueueName = keyof typeof QUEUES;
