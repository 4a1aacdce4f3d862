import { warningsOf } from '../sso/connection-view.js';
import type { DomainClaim } from '../sso/domain-ports.js';
import { makeConnectionStore } from '../store/sso/connections.js';
import { makeDomainStore } from '../store/sso/domains.js';
import type { Services } from './services.js';

/** Something about signing in that somebody has to see to before it locks people out. */
export interface SsoTrouble {
  readonly check: string;
  readonly detail: string;
  readonly remedy: string;
}

/** Certificates of identity providers that run out without a successor, and proven domains without their record. */
export async function ssoTroubles({ database, tenants, clock }: Services): Promise<readonly SsoTrouble[]> {
  const connections = makeConnectionStore(database);
  const domains = makeDomainStore(database);
  const troubles: SsoTrouble[] = [];
  for (const { id, slug } of await tenants.list()) {
    const active = (await connections.list(id)).filter(({ state }) => state === 'active');
    const ending = warningsOf(active, clock.now()).filter(({ hasSuccessor }) => !hasSuccessor);
    troubles.push(...ending.map((warning) => certificateTrouble(slug, warning)));
    for (const claim of await domains.list(id))
      if (claim.lostAt !== null) troubles.push(domainTrouble(slug, claim));
  }
  return troubles;
}

function certificateTrouble(
  tenant: string,
  { connection, daysLeft }: { readonly connection: string; readonly daysLeft: number },
): SsoTrouble {
  const when = daysLeft <= 0 ? 'has run out' : `runs out in ${daysLeft === 1 ? '1 day' : `${daysLeft} days`}`;
  return {
    check: `single sign-on of ${tenant}`,
    detail: `the identity provider's certificate of "${connection}" ${when}`,
    remedy: `Add the new certificate there, then: patchbay sso refresh ${connection} --tenant ${tenant}`,
  };
}

function domainTrouble(tenant: string, { domain, lostAt }: DomainClaim): SsoTrouble {
  return {
    check: `single sign-on of ${tenant}`,
    detail: `the DNS record that proves ${domain} is gone since ${lostAt?.toISOString().slice(0, 10) ?? ''}`,
    remedy: `Put it back (patchbay sso domain verify ${domain} --tenant ${tenant} shows it), or: patchbay sso domain remove ${domain} --tenant ${tenant} --confirm ${domain}`,
  };
}
