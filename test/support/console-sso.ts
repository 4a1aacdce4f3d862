import type { ConsoleWorld } from './console-world.js';
import type { Story } from './console-story.js';
import { certify, makeSigningKey, makeTestIdp } from './idp.js';
import { idpFields } from './sso-world.js';

export const SSO_CONNECTION = 'keycloak';

/** Single sign-on in a story: a connection whose certificate runs out, a refused sign-in, a link, a domain. Once. */
export async function addSsoTo(
  { sso }: ConsoleWorld,
  { tenantId }: Story,
): Promise<{ readonly code: string }> {
  const tenant = { id: tenantId, slug: 'acme' };
  const found = (await sso.connections.list(tenant)).find(({ name }) => name === SSO_CONNECTION);
  if (found !== undefined)
    return { code: (await sso.traces.recent(tenantId, found.id))[0]?.friendlyId ?? '' };
  const key = makeSigningKey();
  const soon = certify(key.privateKey, { notAfter: new Date(Date.now() + 20 * 86_400_000) });
  await sso.connections.create({
    tenant,
    name: SSO_CONNECTION,
    label: 'Keycloak',
    source: { fields: idpFields(makeTestIdp({ key }), [soon, key.certificate]) },
    settings: {
      roleRules: [
        { attribute: 'groups', value: 'IT Admins', role: 'owner' },
        { attribute: 'department', value: 'Helpdesk', role: 'operator' },
      ],
    },
    actor: 'test',
  });
  await sso.setupLinks.create({ tenantId, label: 'IT of Acme', actor: 'test' });
  await sso.domains.claim(tenantId, 'acme.example', 'test');
  const connection = await sso.connections.byName(tenant, SSO_CONNECTION);
  const findings = [
    { check: 'role', arrived: '2 groups', expected: 'a value that a role rule names' },
  ] as const;
  const rest = { requestId: null, purpose: 'login', arrived: null, granted: null } as const;
  return { code: (await sso.traces.record({ connection, findings, ...rest })).friendlyId };
}
