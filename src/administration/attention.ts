import { counted } from '../lib/counted.js';
import type { AccountStatus } from './accounts.js';
import type { Overview } from './overview.js';

/** `todo`: set-up that is not finished. `warning`: look when there is time. `trouble`: provisioning stands still. */
export type Severity = 'todo' | 'warning' | 'trouble';

/** Where a matter is settled. */
export type Place =
  | { readonly page: 'plan'; readonly id: string }
  | { readonly page: 'account'; readonly name: string }
  | { readonly page: 'people'; readonly filter: 'waiting' | 'failing' }
  | { readonly page: 'accounts' | 'plans' | 'leavers' | 'worklist' | 'rules' | 'scim' | 'domains' | 'audit' };

/** A certificate of an identity provider that runs out soon. */
export interface ExpiringCertificate {
  readonly connection: string;
  readonly daysLeft: number;
  /** Another one is there already and holds longer. */
  readonly hasSuccessor: boolean;
}

/** One thing that needs a person. */
export interface Matter {
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  readonly place: Place;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Schedules are at most a day apart unless an admin chose otherwise. */
const RECONCILE_AGE_MAX_MS = 26 * HOUR_MS;
const QUEUE_AGE_WARNING_MS = HOUR_MS / 4;
const QUEUE_AGE_TROUBLE_MS = 2 * HOUR_MS;
const TOKEN_EXPIRY_WARNING_MS = 14 * DAY_MS;
const SEVERITIES: readonly Severity[] = ['trouble', 'warning', 'todo'];

/** What needs a person now, the gravest first. Empty: everything is all right. */
export function listMatters(
  overview: Overview,
  certificates: readonly ExpiringCertificate[],
  now: Date,
): readonly Matter[] {
  const matters = [
    ...overview.accounts.flatMap((account) => accountMatters(account, now)),
    ...planMatters(overview),
    ...leaverMatters(overview),
    ...taskMatters(overview),
    ...tokenMatters(overview, now),
    ...certificates.filter(({ hasSuccessor }) => !hasSuccessor).map(certificateMatter),
    ...overview.lostDomains.map(domainMatter),
    ...auditMatters(overview),
    ...setUpMatters(overview),
  ];
  return matters.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function accountMatters(account: AccountStatus, now: Date): readonly Matter[] {
  const { name, pausedReason } = account;
  const place: Place = { page: 'account', name };
  if (pausedReason !== null) {
    const detail = `${pausedReason} No call is made to the vendor until somebody resumes the account.`;
    return [{ severity: 'trouble', title: `${name} is paused`, detail, place }];
  }
  return [...queueMatters(account, now), ...reconcileMatters(account, now, place)];
}

function queueMatters({ name, queue }: AccountStatus, now: Date): readonly Matter[] {
  const matters: Matter[] = [];
  const ageMs = queue.oldestAt === null ? 0 : now.getTime() - queue.oldestAt.getTime();
  if (ageMs > QUEUE_AGE_WARNING_MS) {
    matters.push({
      severity: ageMs > QUEUE_AGE_TROUBLE_MS ? 'trouble' : 'warning',
      title: `${counted(queue.waiting, 'person waits', 'people wait')} for ${name}`,
      detail: `The oldest change has not reached the phone system for ${duration(ageMs)}.`,
      place: { page: 'people', filter: 'waiting' },
    });
  }
  if (queue.failing > 0) {
    matters.push({
      severity: 'warning',
      title: `${counted(queue.failing, 'person', 'people')} could not be provisioned in ${name}`,
      detail: 'The last try failed. Each person says why; it is tried again when the person changes.',
      place: { page: 'people', filter: 'failing' },
    });
  }
  return matters;
}

function reconcileMatters(account: AccountStatus, now: Date, place: Place): readonly Matter[] {
  const { name, reconciledAt, reconcileAskedAt } = account;
  if (reconciledAt === null) {
    const isOnItsWay = reconcileAskedAt !== null;
    const detail = isOnItsWay ? 'The first one is on its way.' : 'Ask for one to see what would change.';
    return [{ severity: 'todo', title: `${name} was never reconciled`, detail, place }];
  }
  const ageMs = now.getTime() - reconciledAt.getTime();
  if (ageMs <= RECONCILE_AGE_MAX_MS) return [];
  const detail = `The last complete comparison with the phone system is ${duration(ageMs)} old: drift goes unseen.`;
  return [{ severity: 'warning', title: `${name} was not reconciled lately`, detail, place }];
}

/** The overview names the first few; the rest are told as a number. */
function planMatters({ heldPlans, accounts }: Overview): readonly Matter[] {
  const more = accounts.reduce((sum, account) => sum + account.heldPlans, 0) - heldPlans.length;
  const rest: Matter = {
    severity: 'warning',
    title: `${counted(more, 'more plan waits', 'more plans wait')} for approval`,
    detail: 'Each says why it waits.',
    place: { page: 'plans' },
  };
  const named: readonly Matter[] = heldPlans.map((plan) => ({
    severity: 'warning',
    title: `A plan for ${plan.account} waits for approval`,
    detail: plan.holds[0]?.message ?? counted(plan.changeCount, 'change', 'changes'),
    place: { page: 'plan', id: plan.id },
  }));
  return more > 0 ? [...named, rest] : named;
}

function leaverMatters({ leavers }: Overview): readonly Matter[] {
  if (leavers.held === 0) return [];
  const title = `${counted(leavers.held, 'deletion waits', 'deletions wait')} for a decision`;
  const detail = 'The grace period is over, and a guard stopped the permanent deletion.';
  return [{ severity: 'warning', title, detail, place: { page: 'leavers' } }];
}

function taskMatters({ tasks }: Overview): readonly Matter[] {
  if (tasks.urgent === 0 && tasks.overdue === 0) return [];
  const parts = [
    ...(tasks.urgent > 0 ? [`${String(tasks.urgent)} urgent`] : []),
    ...(tasks.overdue > 0 ? [`${String(tasks.overdue)} overdue`] : []),
  ];
  const title = `${counted(tasks.open, 'task', 'tasks')} on the worklist, ${parts.join(', ')}`;
  const detail = 'Only a person in the vendor’s dashboard can do them. Urgent ones keep a leaver inside.';
  return [{ severity: 'warning', title, detail, place: { page: 'worklist' } }];
}

function tokenMatters({ scimTokens }: Overview, now: Date): readonly Matter[] {
  return scimTokens.flatMap(({ name, expiresAt }): readonly Matter[] => {
    if (expiresAt === null) return [];
    const leftMs = expiresAt.getTime() - now.getTime();
    if (leftMs > TOKEN_EXPIRY_WARNING_MS) return [];
    const title = `SCIM token “${name}” ${leftMs <= 0 ? 'has expired' : `expires in ${duration(leftMs)}`}`;
    const detail = 'Create a second token, put it into the identity provider, then revoke this one.';
    return [{ severity: leftMs <= 0 ? 'trouble' : 'warning', title, detail, place: { page: 'scim' } }];
  });
}

function auditMatters({ isAuditBroken }: Overview): readonly Matter[] {
  if (!isAuditBroken) return [];
  const detail = 'Its hash chain is broken: somebody changed the database past Patchbay.';
  return [{ severity: 'trouble', title: 'The audit trail was altered', detail, place: { page: 'audit' } }];
}

function certificateMatter({ connection, daysLeft }: ExpiringCertificate): Matter {
  const title =
    daysLeft <= 0
      ? `The certificate of SSO connection “${connection}” has run out`
      : `The certificate of SSO connection “${connection}” runs out in ${counted(daysLeft, 'day', 'days')}`;
  const detail = 'Nobody can sign in through it then. Add the identity provider’s new certificate.';
  return { severity: daysLeft <= 7 ? 'trouble' : 'warning', title, detail, place: { page: 'scim' } };
}

function domainMatter(domain: string): Matter {
  const title = `The DNS record that proves ${domain} is gone`;
  const detail =
    'Its people sign in as before. Put the record back, or remove the domain if it is not yours any more: an owner decides.';
  return { severity: 'warning', title, detail, place: { page: 'domains' } };
}

function setUpMatters({ accounts, scimTokens, rules, lastPushAt }: Overview): readonly Matter[] {
  const matters: Matter[] = [];
  const todo = (title: string, detail: string, place: Place): void => {
    matters.push({ severity: 'todo', title, detail, place });
  };
  if (accounts.length === 0)
    todo('Connect a phone system', 'It starts in report-only: nothing is changed there.', {
      page: 'accounts',
    });
  if (scimTokens.length === 0)
    todo('Create a SCIM token', 'The identity provider needs it to push people and groups.', {
      page: 'scim',
    });
  else if (lastPushAt === null)
    todo('Wait for the first push', 'No identity provider has used a token yet.', { page: 'scim' });
  if (rules === null)
    todo('Write mapping rules', 'Until there are rules, nobody gets an agent.', { page: 'rules' });
  return matters;
}

/** In the largest whole unit, for a sentence: `3 hours`. */
export function duration(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 90) return counted(minutes, 'minute', 'minutes');
  const hours = Math.round(ms / HOUR_MS);
  return hours < 48 ? counted(hours, 'hour', 'hours') : counted(Math.round(ms / DAY_MS), 'day', 'days');
}
