import type { OAuthClient, OAuthClientSecret } from '../../tenancy/oauth/ports.js';
import { paths } from '../paths.js';

export function clientPath({ id }: Pick<OAuthClient, 'id'>, rest = ''): string {
  return paths.connections(`/clients/${encodeURIComponent(id)}${rest}`);
}

export function isValid({ revokedAt, expiresAt }: OAuthClientSecret, now: Date): boolean {
  return revokedAt === null && expiresAt > now;
}
