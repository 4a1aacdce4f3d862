import { linkAfter, linkFrom } from '../../domain/link-after.js';
import type { Change, CreateChange } from '../../domain/plan.js';
import type { Link } from '../../domain/state.js';
import { auditOfChange } from '../audit.js';
import type { ConfirmedStep } from '../checklists.js';
import type { Effect } from '../effects.js';
import { RunStopped, type Run } from '../run.js';
import { effectsOf } from './effects-of.js';

/**
 * Takes over into our own records what people or an import confirmed since the last look: the links follow here, and
 * nowhere else, so that none of them ever says more than somebody said first.
 */
export async function settleConfirmed(run: Run): Promise<void> {
  const { deps, account, vendor } = run;
  if (vendor.capabilities.writes !== 'manual') return;
  for (const step of await deps.checklists.listConfirmed(account)) await settle(run, step);
}

async function settle(run: Run, step: ConfirmedStep): Promise<void> {
  const { deps, account, lease } = run;
  const { change, subjectId, planId, confirmedBy, through } = step;
  const links = await deps.links.listLive(account, { subjectIds: [subjectId], providerUserIds: [] });
  const link = links.find((one) => one.subjectId === subjectId) ?? null;
  const effects = await effectsOfConfirmed(run, step, link);
  const providerUserId = link?.providerUserId ?? null;
  const about = {
    planId: planId ?? step.id,
    accountId: account.accountId,
    result: 'confirmed',
    providerUserId,
  };
  const audit = auditOfChange(change, about);
  const isOurs = await deps.checklists.settle(account, {
    step,
    holder: lease.holder,
    effects,
    audit: { ...audit, data: { ...audit.data, confirmedBy, through } },
    at: deps.clock.now(),
  });
  if (!isOurs) throw new RunStopped({ type: 'lost' });
  run.announce(effects);
}

async function effectsOfConfirmed(
  run: Run,
  { change, confirmedAt }: ConfirmedStep,
  link: Link | null,
): Promise<readonly Effect[]> {
  if (change.action === 'create') return createdEffects(run, change, link, confirmedAt);
  if (link === null || !isAboutLink(change, link)) return [];
  return effectsOf({
    change,
    outcome: null,
    link,
    isOursAlready: true,
    accountId: run.account.accountId,
    canDelete: run.vendor.capabilities.delete === 'permanent',
    // A grace period begins when somebody saw to it that the person is out, not when we heard of it.
    at: confirmedAt,
    newId: run.deps.newId,
    vendor: run.vendor,
  });
}

/** The deletion has a procedure of its own, which finds that the agent is gone. A second park is none. */
function isAboutLink(change: Change, link: Link): boolean {
  if (change.action === 'delete') return false;
  return change.action !== 'park' || link.state === 'active';
}

async function createdEffects(
  { deps, account, vendor }: Run,
  change: CreateChange,
  link: Link | null,
  at: Date,
): Promise<readonly Effect[]> {
  const agent = await vendor.provider.findAgent({ by: 'email', email: change.email });
  if (agent === null) return [];
  const { providerUserId } = agent;
  const created = linkFrom(change, { id: deps.newId(), accountId: account.accountId, providerUserId });
  if (link === null) return [{ type: 'link-created', link: created }];
  if (link.providerUserId !== providerUserId || link.state !== 'active') return [];
  // Found by a plan in the very moment in which it was confirmed: adopted, and known to be ours from now on.
  const { origin, lastWritten } = created;
  const merged = { ...linkAfter(link, change, at.getTime()), origin, lastWritten };
  return [{ type: 'link-changed', link: merged }];
}
