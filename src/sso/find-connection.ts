import { AppError } from '../domain/errors.js';
import type { Tenant } from '../tenancy/ports.js';
import type { SsoConnection } from './connection.js';
import type { ConnectionStore } from './ports.js';

/** A connection as addresses name it. */
export interface ConnectionAddress {
  readonly tenantSlug: string;
  readonly connectionName: string;
}

export interface FoundConnection {
  readonly tenantSlug: string;
  readonly connection: SsoConnection;
}

/** Throws AppError `notFound`, the same for an unknown tenant and an unknown connection. */
export async function findConnection(
  deps: {
    readonly findTenant: (slug: string) => Promise<Pick<Tenant, 'id' | 'slug'> | null>;
    readonly connections: Pick<ConnectionStore, 'findByName'>;
  },
  { tenantSlug, connectionName }: ConnectionAddress,
): Promise<FoundConnection> {
  const tenant = await deps.findTenant(tenantSlug);
  const connection = tenant === null ? null : await deps.connections.findByName(tenant.id, connectionName);
  if (tenant !== null && connection !== null) return { tenantSlug: tenant.slug, connection };
  throw new AppError(
    'notFound',
    'There is no sign-in at this address. Ask your administrator for the right one.',
  );
}
