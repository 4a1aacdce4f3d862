import type { SecurityNotices } from './ports.js';

/** Tells a tenant that a way past its identity provider came or went, as every use of one is told. */
export function announceLocalOwner(
  notices: SecurityNotices,
  change: {
    readonly tenantId: string;
    readonly what: 'added' | 'removed';
    readonly name: string;
    readonly actor: string;
    readonly at: Date;
  },
): Promise<void> {
  const { tenantId, what, name, actor, at } = change;
  return notices.send(tenantId, {
    at,
    title: `A way past your identity provider was ${what}`,
    text:
      `The local owner "${name}" was ${what} by ${actor}. Local owners sign in with password and authenticator when ` +
      'the identity provider is down. If nobody of you did this, look into the audit trail.',
  });
}
