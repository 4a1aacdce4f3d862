import { ROLES, type Role } from '../../domain/entitlement.js';
import { AppError, isAppError } from '../../domain/errors.js';
import type { SmartfloClient } from './client.js';
import { Roles as RolesAnswer, type RoleRef } from './schema.js';
import type { SmartfloConfig } from './settings.js';

export interface RoleBook {
  /** Our role for the vendor's; null for a role that the account made up itself. Remembers the pair. */
  read(ref: RoleRef | null): Role | null;
  /** @throws AppError `invalid` when the id is neither configured nor to be found */
  idOf(role: Role): Promise<number>;
}

/**
 * Role ids differ from account to account (vendors.md 2.2). They come from the settings, else from users who have the
 * role, else from the list of roles, which is not documented.
 */
export function makeRoleBook({
  client,
  config,
}: {
  readonly client: SmartfloClient;
  readonly config: Pick<SmartfloConfig, 'roleIds' | 'roleNames' | 'rolesRoute'>;
}): RoleBook {
  const ids = new Map<Role, number>();
  for (const role of ROLES) {
    const configured = config.roleIds[role];
    if (configured !== null) ids.set(role, configured);
  }
  let hasAsked = false;

  function read(ref: RoleRef | null): Role | null {
    if (ref === null) return null;
    const byId = ROLES.find((role) => config.roleIds[role] === Number(ref.id));
    if (byId !== undefined) return byId;
    const role = ROLES.find(
      (one) => config.roleIds[one] === null && config.roleNames[one].some((name) => isSame(name, ref.name)),
    );
    if (role !== undefined && !ids.has(role)) ids.set(role, Number(ref.id));
    return role ?? null;
  }

  async function ask(): Promise<void> {
    const route = config.rolesRoute;
    if (route === 'none' || hasAsked) return;
    hasAsked = true;
    try {
      (await client.request({ purpose: 'list the roles', method: 'GET', route }, RolesAnswer)).forEach(read);
    } catch (error) {
      // An address that does not exist leaves us with the settings; anything else is for the drain.
      if (!isAppError(error, 'contract') && !isAppError(error, 'notFound')) throw error;
    }
  }

  return {
    read,
    async idOf(role) {
      if (!ids.has(role)) await ask();
      const id = ids.get(role);
      if (id !== undefined) return id;
      throw new AppError(
        'invalid',
        `The id of the role ${role} at Smartflo is not known, so nobody was given it. Open the role in the Smartflo ` +
          `portal, copy the number at the end of the address, and enter it as roleIds.${role} in the account's settings.`,
      );
    },
  };
}

function isSame(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
