import { AppError } from '../domain/errors.js';
import { utcMinute } from '../lib/utc.js';
import type { Mail } from '../mail/ports.js';
import type { AuditEntry } from '../tenancy/ports.js';
import { keepMiss } from './domain-checks.js';
import type { DomainClaim, DomainStore } from './domain-ports.js';
import { lookForRecord, recordOf, type ResolveTxt } from './domain-record.js';

export interface DomainTakeoverDeps {
  readonly store: Pick<DomainStore, 'find' | 'provenClaim' | 'recordMissing' | 'endProof'>;
  readonly resolveTxt: ResolveTxt;
  /** Writes into the outbox; one that was written before is not written again. */
  readonly writeMail: (tenantId: string, mail: Mail) => Promise<boolean>;
  readonly now: () => Date;
}

const DAY_MS = 86_400_000;
/** How long the record of a proven domain is gone until the proof of somebody else counts instead. */
const TAKEOVER_DAYS = 14;

/**
 * Frees a domain that another tenant has proven, for a tenant whose record stands in DNS now: only where the other one's
 * record has been gone for so long that it is no mistake. Throws AppError `conflict` that says what to do, `unavailable`
 * when DNS does not answer.
 */
export async function freeDomain(deps: DomainTakeoverDeps, domain: string): Promise<void> {
  const holder = await deps.store.provenClaim(domain);
  if (holder === null) return;
  const now = deps.now();
  const state = await lookForRecord(deps.resolveTxt, recordOf(holder));
  if (state === 'there') throw stillTheirs(domain);
  await keepMiss(deps.store, holder, { state, actor: ACTOR, now });
  const { lostAt } = (await deps.store.find(holder.tenantId, domain)) ?? holder;
  const freeAt = new Date((lostAt ?? now).getTime() + TAKEOVER_DAYS * DAY_MS);
  if (now < freeAt) throw notYetFree(domain, lostAt ?? now, freeAt);
  await endProof(deps, holder, now);
}

const ACTOR = 'system';

async function endProof(deps: DomainTakeoverDeps, holder: DomainClaim, now: Date): Promise<void> {
  const { tenantId, domain } = holder;
  const problem = `Another organisation proved ${domain} on ${utcMinute(now)}, after your record had been gone for ${TAKEOVER_DAYS} days.`;
  const audit: AuditEntry = {
    at: now,
    actor: ACTOR,
    action: 'domain.proof-ended',
    targetType: 'domain',
    targetId: domain,
  };
  const lostBefore = new Date(now.getTime() - TAKEOVER_DAYS * DAY_MS);
  if (!(await deps.store.endProof(tenantId, domain, { lostBefore, problem, audit }))) return;
  await deps.writeMail(tenantId, {
    kind: 'security',
    recipients: null,
    subject: `${domain} is proven by another organisation now`,
    text: `${[
      problem,
      'Addresses of it lead to your sign-in no more, and are not believed in sign-ins any more. The sign-in itself, by the name of your organisation, works as before.',
      `What to do: nothing if you gave ${domain} up. If it is yours, put your record back into DNS, take the other one out, and look for it again under “Domains”.`,
    ].join('\n\n')}\n`,
    dedupeKey: `domain-ended:${domain}:${now.toISOString()}`,
  });
}

function stillTheirs(domain: string): AppError {
  const { recordName } = recordOf({ domain, token: '' });
  return new AppError(
    'conflict',
    `Another organisation here has proven ${domain}, and its record still stands beside yours. If the domain is yours alone, take the other value out of the TXT record at ${recordName}, and look for yours again.`,
  );
}

function notYetFree(domain: string, lostAt: Date, freeAt: Date): AppError {
  return new AppError(
    'conflict',
    `Your record was found, but another organisation here had proven ${domain} before. Its record has been missing since ${utcMinute(lostAt)}. Leave yours in DNS and look for it again after ${utcMinute(freeAt)}: then the domain is yours. If you cannot wait, the operator of this service can take it from them.`,
  );
}
