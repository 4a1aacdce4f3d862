import { randomBytes } from 'node:crypto';
import type { OneTimeLogin } from '../administration/one-time-login.js';
import type { Services } from './services.js';
import type { Sso } from './sso.js';

export interface ConsoleAccessDeps {
  readonly services: Services;
  readonly sso: Pick<Sso, 'users' | 'localOwners'>;
  readonly oneTimeLogin: OneTimeLogin;
  readonly publicUrl: string;
}

/** Ways into a tenant's console for whoever holds this machine. */
export interface ConsoleAccess {
  /** A link that signs the tenant's first owner in, once, within 15 minutes, from this machine only. */
  openConsole(tenantSlug: string): Promise<string>;
}

const FIRST_OWNER = 'owner';

export function makeConsoleAccess({
  services,
  sso,
  oneTimeLogin,
  publicUrl,
}: ConsoleAccessDeps): ConsoleAccess {
  return {
    async openConsole(tenantSlug) {
      const tenant = await services.tenants.bySlug(tenantSlug);
      const owner = (await sso.users.list(tenant.id)).find((user) => user.role === 'owner');
      const userId = owner?.id ?? (await createFirstOwner(tenant));
      const word = await oneTimeLogin.issue({ tenantId: tenant.id, userId });
      return `${publicUrl}/console/start/${word}`;
    },
  };

  /** Nobody knows this password: the owner gets in by the link, and sets up a way of their own inside. */
  async function createFirstOwner(
    tenant: Parameters<Sso['localOwners']['create']>[0]['tenant'],
  ): Promise<string> {
    const password = randomBytes(24).toString('base64url');
    const made = await sso.localOwners.create({
      tenant,
      loginName: FIRST_OWNER,
      displayName: 'First owner',
      password,
      actor: 'cli',
      isAnnounced: false,
    });
    return made.userId;
  }
}
