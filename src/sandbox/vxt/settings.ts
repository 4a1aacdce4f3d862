import { z } from 'zod';

/** Every switch of the sandbox with its default; README.md says which fact each stands for. */
export const vxtSandboxSettingsSchema = z.strictObject({
  emailEdit: z.enum(['offered', 'absent']).default('offered'),
  invitations: z.enum(['pending', 'accepted-at-once']).default('pending'),
  exportColumns: z.enum(['all', 'members-only']).default('all'),
  listSeparator: z.enum([';', '|', ',']).default(';'),
  permissions: z.array(z.string().min(1)).default(['Manage User', 'View Records', 'Manage Billing']),
  journalKept: z.int().min(1).default(10_000),
  durability: z.enum(['each-write', 'debounced', 'none']).default('each-write'),
  dashboardKey: z.string().min(8).nullable().default(null),
});

export type VxtSandboxSettings = z.output<typeof vxtSandboxSettingsSchema>;
export type VxtSandboxSettingsInput = z.input<typeof vxtSandboxSettingsSchema>;
