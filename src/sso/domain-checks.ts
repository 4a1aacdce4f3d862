import type { AuditEntry } from '../tenancy/ports.js';
import type { DomainClaim, DomainStore } from './domain-ports.js';
import { recordOf, type RecordState } from './domain-record.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A proof is looked at again a day later, one that is missing within the hour: DNS is changed in several steps. */
export function nextCheckAfter(state: RecordState, { lostAt }: DomainClaim, now: Date): Date {
  const isFirstMiss = state !== 'there' && lostAt === null;
  return new Date(now.getTime() + (isFirstMiss ? HOUR_MS : DAY_MS));
}

/**
 * Keeps what a look into DNS found out. A proof that was made stands although its record is gone: signing in with an
 * address of the domain must not end because of a mistake in DNS. An owner decides, by removing the domain, unless
 * somebody else proves it in the meantime (domain-takeover.ts).
 */
export async function keepMiss(
  store: Pick<DomainStore, 'recordMissing'>,
  claim: DomainClaim,
  { state, actor, now }: { readonly state: RecordState; readonly actor: string; readonly now: Date },
): Promise<void> {
  const isNewlyLost = claim.verifiedAt !== null && claim.lostAt === null;
  const action = claim.verifiedAt === null ? 'domain.not-verified' : 'domain.proof-lost';
  const audit: AuditEntry = { at: now, actor, action, targetType: 'domain', targetId: claim.domain };
  await store.recordMissing(claim.tenantId, claim.domain, {
    at: now,
    problem: problemOf(state, claim),
    nextCheckAt: nextCheckAfter(state, claim, now),
    audit: isNewlyLost || claim.verifiedAt === null ? audit : null,
  });
}

function problemOf(state: RecordState, claim: DomainClaim): string {
  const { recordName } = recordOf(claim);
  if (state === 'other') return `The TXT record at ${recordName} holds another value.`;
  return claim.verifiedAt === null
    ? `There is no TXT record at ${recordName} yet. New records can take an hour to be seen.`
    : `There is no TXT record at ${recordName} any more.`;
}
