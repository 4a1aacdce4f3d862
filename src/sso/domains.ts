import { domainToASCII } from 'node:url';
import { AppError } from '../domain/errors.js';
import type { AuditEntry } from '../tenancy/ports.js';
import type { DomainClaim, DomainStore } from './domain-ports.js';
import type { ConnectionStore } from './ports.js';
import { makeSecret } from './secrets.js';

/** TXT records of a name, each as its chunks; rejects with a `code` such as ENOTFOUND. */
export type ResolveTxt = (name: string) => Promise<readonly (readonly string[])[]>;

export interface DomainsDeps {
  readonly store: DomainStore;
  readonly connections: Pick<ConnectionStore, 'list'>;
  readonly resolveTxt: ResolveTxt;
  readonly now: () => Date;
}

/** A claim with what to put into DNS. */
export interface DomainView extends Omit<DomainClaim, 'token'> {
  readonly recordName: string;
  readonly recordValue: string;
}

export interface Domains {
  /** Throws AppError `invalid` for what is no domain. Claiming again keeps the record's value. */
  claim(tenantId: string, domain: string, actor: string): Promise<DomainView>;
  /**
   * Looks for the record. The view says what is missing when it is not there; an earlier proof is then taken back.
   * Throws AppError `notFound`, `conflict` when another tenant has proven the domain, `unavailable` when DNS does not answer.
   */
  verify(tenantId: string, domain: string, actor: string): Promise<DomainView>;
  list(tenantId: string): Promise<readonly DomainView[]>;
  remove(tenantId: string, domain: string, actor: string): Promise<void>;
  /** Where somebody with this address signs in; null when nobody has proven its domain. */
  signInFor(
    email: string,
  ): Promise<{ readonly tenantSlug: string; readonly connections: readonly string[] } | null>;
}

/** E-mail domains of a tenant, proven by a TXT record. */
export function makeDomains(deps: DomainsDeps): Domains {
  return {
    async claim(tenantId, typed, actor) {
      const domain = readDomain(typed);
      const empty = { verifiedAt: null, checkedAt: null, problem: null };
      const claim = { tenantId, domain, token: makeSecret(), createdAt: deps.now(), ...empty };
      return toView(await deps.store.claim(claim, auditOf(deps, 'domain.claimed', domain, actor)));
    },
    verify: (tenantId, typed, actor) => verifyDomain(deps, tenantId, readDomain(typed), actor),
    async list(tenantId) {
      return (await deps.store.list(tenantId)).map(toView);
    },
    async remove(tenantId, typed, actor) {
      const domain = readDomain(typed);
      const isRemoved = await deps.store.remove(
        tenantId,
        domain,
        auditOf(deps, 'domain.removed', domain, actor),
      );
      if (!isRemoved) throw unknownDomain(domain);
    },
    signInFor: (email) => signInFor(deps, email),
  };
}

/** Lower case and ASCII, at least two labels. Throws AppError `invalid`. */
export function readDomain(typed: string): string {
  const domain = domainToASCII(typed.trim().replace(/\.$/, '')).toLowerCase();
  const isName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(domain);
  if (isName && domain.length <= 253) return domain;
  throw new AppError(
    'invalid',
    `"${typed.slice(0, 80)}" is not a domain. Write it as in an e-mail address: example.com`,
  );
}

function toView({ token, ...claim }: DomainClaim): DomainView {
  return {
    ...claim,
    recordName: `_patchbay-challenge.${claim.domain}`,
    recordValue: `patchbay-domain-verification=${token}`,
  };
}

function unknownDomain(domain: string): AppError {
  return new AppError('notFound', `The domain ${domain} is not among yours. Add it first.`);
}

async function verifyDomain(
  deps: DomainsDeps,
  tenantId: string,
  domain: string,
  actor: string,
): Promise<DomainView> {
  const claim = await deps.store.find(tenantId, domain);
  if (claim === null) throw unknownDomain(domain);
  const { recordName, recordValue } = toView(claim);
  const found = await lookUp(deps, recordName);
  if (found.includes(recordValue)) await markVerified(deps, claim, actor);
  else await markUnproven(deps, claim, actor, recordName, found);
  const checked = await deps.store.find(tenantId, domain);
  if (checked === null) throw unknownDomain(domain);
  return toView(checked);
}

const NO_RECORD = new Set(['ENOTFOUND', 'ENODATA']);

async function lookUp(deps: DomainsDeps, name: string): Promise<readonly string[]> {
  try {
    return (await deps.resolveTxt(name)).map((chunks) => chunks.join(''));
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_RECORD.has(String(error.code))) return [];
    throw new AppError(
      'unavailable',
      `DNS did not answer for ${name}. Nothing was changed; try again in a minute.`,
      {
        cause: error,
      },
    );
  }
}

async function markVerified(deps: DomainsDeps, claim: DomainClaim, actor: string): Promise<void> {
  const audit = auditOf(deps, 'domain.verified', claim.domain, actor);
  if (await deps.store.markVerified(claim.tenantId, claim.domain, audit)) return;
  throw new AppError(
    'conflict',
    `Another organisation here has proven ${claim.domain} already. If it is yours, ask the operator of this service.`,
  );
}

async function markUnproven(
  deps: DomainsDeps,
  claim: DomainClaim,
  actor: string,
  recordName: string,
  found: readonly string[],
): Promise<void> {
  const problem =
    found.length === 0
      ? `There is no TXT record at ${recordName} yet. New records can take an hour to be seen.`
      : `The TXT record at ${recordName} holds another value.`;
  const action = claim.verifiedAt === null ? 'domain.not-verified' : 'domain.proof-lost';
  await deps.store.markUnproven(
    claim.tenantId,
    claim.domain,
    problem,
    auditOf(deps, action, claim.domain, actor),
  );
}

/** The domain of an address, as domains are stored; empty when there is none. */
export function domainOf(email: string): string {
  return email.includes('@')
    ? domainToASCII(email.slice(email.lastIndexOf('@') + 1).trim()).toLowerCase()
    : '';
}

async function signInFor(deps: DomainsDeps, email: string): ReturnType<Domains['signInFor']> {
  const domain = domainOf(email);
  const owner = domain === '' ? null : await deps.store.ownerOf(domain);
  if (owner === null) return null;
  const active = (await deps.connections.list(owner.tenantId)).filter(({ state }) => state === 'active');
  return { tenantSlug: owner.tenantSlug, connections: active.map(({ name }) => name) };
}

function auditOf(deps: DomainsDeps, action: string, domain: string, actor: string): AuditEntry {
  return { at: deps.now(), actor, action, targetType: 'domain', targetId: domain };
}
