import { z } from 'zod';
import { AppError } from '../domain/errors.js';
import type { AuditEntry } from './ports.js';

/** What an organisation sets for its console. The limits can only be tighter than the defaults, which are the longest. */
export const organisationSettingsSchema = z.strictObject({
  sessions: z
    .strictObject({
      idleMinutes: z.number().int().min(5).max(60).default(60),
      absoluteHours: z.number().int().min(1).max(12).default(12),
    })
    .prefault({}),
});
export type OrganisationSettings = z.output<typeof organisationSettingsSchema>;

export interface Organisation {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly settings: OrganisationSettings;
}

export interface OrganisationStore {
  /** Settings as stored; null: there is no such tenant. */
  find(tenantId: string): Promise<(Omit<Organisation, 'settings'> & { readonly settings: unknown }) | null>;
  update(
    tenantId: string,
    change: { readonly name: string; readonly settings: OrganisationSettings },
    audit: AuditEntry,
  ): Promise<void>;
}

export interface Organisations {
  /** Throws AppError `notFound`. */
  read(tenantId: string): Promise<Organisation>;
  /** Throws AppError `invalid` that names every value that is wrong. Session limits hold at once. */
  save(input: {
    readonly tenantId: string;
    readonly name: unknown;
    readonly settings: unknown;
    readonly actor: string;
  }): Promise<void>;
}

const nameSchema = z.string().trim().min(1, 'Give the organisation a name.').max(100);
const inputSchema = z.object({ name: nameSchema, settings: organisationSettingsSchema });

/** The organisation itself: its name and what holds for everybody in its console. */
export function makeOrganisations(deps: {
  readonly store: OrganisationStore;
  readonly now: () => Date;
}): Organisations {
  return {
    async read(tenantId) {
      const found = await deps.store.find(tenantId);
      if (found === null) throw new AppError('notFound', 'There is no such organisation.');
      const settings = organisationSettingsSchema.safeParse(found.settings);
      return { ...found, settings: settings.data ?? organisationSettingsSchema.parse({}) };
    },
    async save({ tenantId, name, settings, actor }) {
      const parsed = inputSchema.safeParse({ name, settings });
      if (!parsed.success) {
        const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
        throw new AppError('invalid', `Nothing was changed. ${problems.join(' ')}`);
      }
      await deps.store.update(tenantId, parsed.data, {
        at: deps.now(),
        actor,
        action: 'tenant.settings-changed',
        targetType: 'tenant',
        targetId: tenantId,
        data: parsed.data,
      });
    },
  };
}
