import { derivePublicUrl } from '../../config/config.js';
import type { Tenant } from '../../tenancy/ports.js';
import type { Services } from '../services.js';
import { buildSso, type Sso } from '../sso.js';
import type { CommandContext } from './context.js';

export interface SsoContext {
  readonly services: Services;
  readonly sso: Sso;
  readonly publicUrl: string;
}

/** Opens what signing in stands on, runs the work, and closes it again whatever happens. */
export function withSso<T>(context: CommandContext, work: (parts: SsoContext) => Promise<T>): Promise<T> {
  return context.withServices(async (services) => {
    const publicUrl = derivePublicUrl(context.config, context.config.port);
    const sso = buildSso({ services, publicUrl, onDirectoryChange: () => undefined });
    try {
      return await work({ services, sso, publicUrl });
    } finally {
      sso.close();
    }
  });
}

/** The same for one tenant. Throws AppError `notFound` that names the tenants there are. */
export function withTenantSso<T>(
  context: CommandContext,
  slug: string,
  work: (sso: Sso, tenant: Tenant) => Promise<T>,
): Promise<T> {
  return withSso(context, async ({ services, sso }) => work(sso, await services.tenants.bySlug(slug)));
}
