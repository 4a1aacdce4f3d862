import type { TenantRef } from './connections.js';
import type { Login } from './login.js';

/** A test sign-in that was begun for somebody else's browser, from a terminal or a script. */
export interface StartedTest {
  /** At the IdP; good for ten minutes. */
  readonly url: string;
  /** Finds the result. */
  readonly requestId: string;
}

/** Throws AppError `notFound`, `conflict` while the IdP is unknown, `forbidden` for a connection that is off. */
export type StartSsoTest = (tenant: TenantRef, connection: string) => Promise<StartedTest>;

/** The browser ends at a page that says nothing: a test needs no cookie, as it gives no session. */
export function makeStartSsoTest({ begin }: Pick<Login, 'begin'>): StartSsoTest {
  return async ({ slug }, connection) => {
    const { url, requestId } = await begin({
      tenantSlug: slug,
      connectionName: connection,
      returnTo: `/sso/${encodeURIComponent(slug)}/${encodeURIComponent(connection)}/tested`,
      purpose: 'test',
      browser: null,
    });
    return { url, requestId };
  };
}
