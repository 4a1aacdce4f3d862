import { isAppError } from '../domain/errors.js';
import { utcMinute } from '../lib/utc.js';
import type { Mail } from '../mail/ports.js';
import { keepMiss, nextCheckAfter } from './domain-checks.js';
import type { DomainClaim, DomainStore } from './domain-ports.js';
import { lookForRecord, recordOf, type ResolveTxt } from './domain-record.js';

export interface DomainRecheckDeps {
  readonly store: DomainStore;
  readonly resolveTxt: ResolveTxt;
  /** Writes into the outbox; one that was written before is not written again. */
  readonly writeMail: (tenantId: string, mail: Mail) => Promise<boolean>;
  /** Origin of the service, without a trailing slash. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

/** Looks at the proven domains that were not looked at for a day, of every tenant. Returns how many answered. */
export type DomainRecheck = () => Promise<number>;

/** Side by side: where DNS is silent, each of them takes its time. */
const AT_ONCE = 20;
/** Until then nobody else looks; and then it is tried again, where DNS did not answer. */
const RETRY_MS = 3_600_000;
const ACTOR = 'system';

/**
 * Tells a tenant when the record that proved a domain is gone: in the console at once, by e-mail once a second look an
 * hour later finds it missing still. Takes nothing away. Safe to run at any time and by several processes.
 */
export function makeDomainRecheck(deps: DomainRecheckDeps): DomainRecheck {
  return async () => {
    const now = deps.now();
    const due = await deps.store.takeDue(now, new Date(now.getTime() + RETRY_MS), AT_ONCE);
    const answers = await Promise.all(due.map((claim) => recheck(deps, claim)));
    return answers.filter((isAnswered) => isAnswered).length;
  };
}

async function recheck(deps: DomainRecheckDeps, claim: DomainClaim): Promise<boolean> {
  const { store, resolveTxt } = deps;
  const now = deps.now();
  try {
    const state = await lookForRecord(resolveTxt, recordOf(claim));
    if (state === 'there') await keepFound(store, claim, now);
    else await keepMiss(store, claim, { state, actor: ACTOR, now });
    if (state !== 'there' && claim.lostAt !== null) await tell(deps, claim, claim.lostAt);
    return true;
  } catch (error) {
    if (!isAppError(error, 'unavailable')) throw error;
    return false;
  }
}

async function keepFound(store: DomainStore, claim: DomainClaim, now: Date): Promise<void> {
  const target = { targetType: 'domain', targetId: claim.domain };
  await store.recordFound(claim.tenantId, claim.domain, {
    at: now,
    nextCheckAt: nextCheckAfter('there', claim, now),
    audit: claim.lostAt === null ? null : { at: now, actor: ACTOR, action: 'domain.proof-found', ...target },
  });
}

function tell(
  { writeMail, publicUrl }: DomainRecheckDeps,
  claim: DomainClaim,
  lostAt: Date,
): Promise<boolean> {
  const { domain, tenantId } = claim;
  const { recordName, recordValue } = recordOf(claim);
  const paragraphs = [
    `The DNS record that proves that ${domain} is yours is gone. It was missing first at ${utcMinute(lostAt)}.`,
    `Nothing has changed for your people: those with an address of ${domain} sign in as before. But whoever owns ${domain} now, if it is not you, could make such addresses.`,
    'What to do: put the record back if the domain is yours, or remove the domain in Patchbay if it is not any more. An owner decides. Patchbay takes nothing away, unless another organisation here proves the domain when its record has been gone for two weeks.',
    `  name   ${recordName}\n  type   TXT\n  value  ${recordValue}`,
    `${publicUrl}/console/sso/domains`,
  ];
  return writeMail(tenantId, {
    kind: 'security',
    recipients: null,
    subject: `The DNS record of ${domain} is gone`,
    text: `${paragraphs.join('\n\n')}\n`,
    dedupeKey: `domain-lost:${domain}:${lostAt.toISOString()}`,
  });
}
