import { z } from 'zod';
import { PERMISSION_NAMES } from '../../administration/permissions.js';
import { allOf, moment, named } from './parts.js';

export const scope = z.enum(PERMISSION_NAMES);

const tokenFields = {
  id: z.string(),
  name: z.string(),
  hint: z.string(),
  createdAt: moment,
  expiresAt: moment.nullable(),
  revokedAt: moment.nullable(),
  lastUsedAt: moment.nullable(),
};

export const scimToken = named('ScimToken', z.object(tokenFields));
export const scimTokens = allOf('ScimTokens', scimToken);
export const adminToken = named('AdminToken', z.object({ ...tokenFields, scopes: z.array(scope) }));
export const adminTokens = allOf('AdminTokens', adminToken);

const name = z.string().trim().min(1).max(80);
const expiresAt = z.iso.datetime().nullable().default(null).describe('null: until it is revoked');
export const newScimToken = named('NewScimToken', z.strictObject({ name, expiresAt }));
export const newAdminToken = named(
  'NewAdminToken',
  z.strictObject({ name, expiresAt, scopes: z.array(scope).min(1) }),
);

const token = z.string().describe('Shown this once');
export const scimTokenCreated = named(
  'ScimTokenCreated',
  z.object({ ...tokenFields, token, scimBaseUrl: z.string() }),
);
export const adminTokenCreated = named(
  'AdminTokenCreated',
  z.object({ ...tokenFields, scopes: z.array(scope), token }),
);

export const connections = allOf(
  'SsoConnections',
  z.object({
    name: z.string(),
    label: z.string(),
    idpKind: z.string(),
    state: z.enum(['draft', 'active', 'disabled']),
    idpEntityId: z.string().nullable(),
    loginUrl: z.string(),
  }),
);
