import { domainToASCII } from 'node:url';
import { AppError } from '../domain/errors.js';
import type { Mail } from '../mail/ports.js';
import type { AuditEntry } from '../tenancy/ports.js';
import { keepMiss, nextCheckAfter } from './domain-checks.js';
import type { DomainClaim, DomainStore } from './domain-ports.js';
import { lookForRecord, recordOf, type DomainRecord, type ResolveTxt } from './domain-record.js';
import { freeDomain } from './domain-takeover.js';
import type { ConnectionStore } from './ports.js';
import { makeSecret } from './secrets.js';

export interface DomainsDeps {
  readonly store: DomainStore;
  readonly connections: Pick<ConnectionStore, 'list'>;
  readonly resolveTxt: ResolveTxt;
  /** Writes into the outbox; one that was written before is not written again. */
  readonly writeMail: (tenantId: string, mail: Mail) => Promise<boolean>;
  readonly now: () => Date;
}

/** A claim with what to put into DNS. */
export interface DomainView extends Omit<DomainClaim, 'token'>, DomainRecord {}

export interface Domains {
  /** Throws AppError `invalid` for what is no domain. Claiming again keeps the record's value. */
  claim(tenantId: string, domain: string, actor: string): Promise<DomainView>;
  /**
   * Looks for the record. The view says what is missing when it is not there; an earlier proof stands all the same.
   * Throws AppError `notFound`, `conflict` while another tenant's proof counts, `unavailable` when DNS does not answer.
   */
  verify(tenantId: string, domain: string, actor: string): Promise<DomainView>;
  list(tenantId: string): Promise<readonly DomainView[]>;
  /**
   * Throws AppError `notFound`, and `invalid` where `confirmation` does not name a domain that is proven: its people
   * lose their way to the sign-in.
   */
  remove(tenantId: string, domain: string, actor: string, confirmation: string | null): Promise<void>;
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
      const empty = { verifiedAt: null, checkedAt: null, problem: null, lostAt: null };
      const claim = { tenantId, domain, token: makeSecret(), createdAt: deps.now(), ...empty };
      return toView(await deps.store.claim(claim, auditOf(deps, 'domain.claimed', domain, actor)));
    },
    verify: (tenantId, typed, actor) => verifyDomain(deps, tenantId, readDomain(typed), actor),
    async list(tenantId) {
      return (await deps.store.list(tenantId)).map(toView);
    },
    remove: (tenantId, typed, actor, confirmation) =>
      removeDomain(deps, tenantId, readDomain(typed), { actor, confirmation }),
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
  return { ...claim, ...recordOf({ domain: claim.domain, token }) };
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
  const state = await lookForRecord(deps.resolveTxt, recordOf(claim));
  if (state === 'there') await markVerified(deps, claim, actor);
  else await keepMiss(deps.store, claim, { state, actor, now: deps.now() });
  const checked = await deps.store.find(tenantId, domain);
  if (checked === null) throw unknownDomain(domain);
  return toView(checked);
}

async function markVerified(deps: DomainsDeps, claim: DomainClaim, actor: string): Promise<void> {
  const audit = auditOf(deps, 'domain.verified', claim.domain, actor);
  const nextCheckAt = nextCheckAfter('there', claim, audit.at);
  const mark = () => deps.store.markVerified(claim.tenantId, claim.domain, nextCheckAt, audit);
  if (await mark()) return;
  await freeDomain(deps, claim.domain);
  if (await mark()) return;
  throw new AppError('conflict', `Somebody else proved ${claim.domain} in this moment. Look for it again.`);
}

async function removeDomain(
  deps: DomainsDeps,
  tenantId: string,
  domain: string,
  { actor, confirmation }: { readonly actor: string; readonly confirmation: string | null },
): Promise<void> {
  const claim = await deps.store.find(tenantId, domain);
  const isConfirmed = domainToASCII((confirmation ?? '').trim()).toLowerCase() === domain;
  if (claim !== null && claim.verifiedAt !== null && !isConfirmed) throw unconfirmed(domain);
  const audit = auditOf(deps, 'domain.removed', domain, actor);
  if (!(await deps.store.remove(tenantId, domain, audit))) throw unknownDomain(domain);
}

function unconfirmed(domain: string): AppError {
  return new AppError(
    'invalid',
    `Nothing was changed. ${domain} is proven: without it, its addresses lead nobody to your sign-in any more, and are not believed in sign-ins. Confirm it by naming the domain once more: ${domain}`,
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
