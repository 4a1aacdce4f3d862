import { AppError } from '../domain/errors.js';
import type { Tenant, TenantStore } from './ports.js';

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

export interface TenantsDeps {
  readonly tenants: TenantStore;
  readonly newId: () => string;
  readonly now: () => Date;
}

export interface Tenants {
  /** Throws AppError `invalid` for a bad slug, `conflict` when it is taken. */
  create(input: { slug: string; name?: string; actor: string }): Promise<Tenant>;
  list(): Promise<readonly Tenant[]>;
  /** Throws AppError `notFound` that names the tenants there are. */
  bySlug(slug: string): Promise<Tenant>;
}

/** Administration of tenants: one per customer organisation. */
export function makeTenants(deps: TenantsDeps): Tenants {
  return {
    async create({ slug, name, actor }) {
      if (!SLUG.test(slug)) {
        throw new AppError(
          'invalid',
          `"${slug}" cannot be a tenant's short name. Use 1 to 40 lower-case letters, digits and hyphens, such as "acme".`,
        );
      }
      const tenant = { id: deps.newId(), slug, name: name ?? slug, createdAt: deps.now() };
      await deps.tenants.insert(tenant, {
        at: tenant.createdAt,
        actor,
        action: 'tenant.created',
        targetType: 'tenant',
        targetId: tenant.id,
      });
      return tenant;
    },
    list: () => deps.tenants.list(),
    async bySlug(slug) {
      const tenant = await deps.tenants.findBySlug(slug);
      if (tenant !== null) return tenant;
      const known = (await deps.tenants.list()).map((other) => other.slug);
      throw new AppError(
        'notFound',
        `There is no tenant "${slug}". ${known.length === 0 ? 'Create one with: patchbay tenant create <name>' : `Known tenants: ${known.join(', ')}`}.`,
      );
    },
  };
}
