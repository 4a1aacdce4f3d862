import { planDigestInput } from '../../domain/planning/digest.js';
import type { ActualState } from '../../domain/state.js';
import { digestOf } from '../../lib/canonical-json.js';
import type { EngineAccount } from '../account.js';
import type { DeletionJudgement, DeletionTurn } from '../ports.js';
import type { Run } from '../run.js';
import { planInRun } from './plan-in-run.js';

/** The last look at the agent itself is made by the procedure, in the moment before the call. */
const READING_AGE_MAX_MS = 60_000;

/** What the drain lends to the procedure of permanent deletion. */
export function makeDeletionTurn(run: Run, account: EngineAccount): DeletionTurn {
  const current: Run = { ...run, account };
  return {
    account,
    vendor: run.vendor,
    holder: run.lease.holder,
    isOver: () => run.isOver() || !run.lease.isHeld(),
    isUrgentWaiting: async () => (await run.deps.marks.listUrgent(account, run.deps.clock.now())).length > 0,
    forgetAgent: (providerUserId) => run.reader.forget(providerUserId),
    readWhole: (need) => readWhole(run, need),
    judge: (subjectId, linkId) => judgeDeletion(current, subjectId, linkId),
  };
}

async function readWhole(
  { deps, reader, whileReading }: Run,
  { ageMaxMs, newerThan }: Parameters<DeletionTurn['readWhole']>[0],
): Promise<ActualState> {
  const now = Math.max(deps.clock.now().getTime(), await reader.now());
  const freshSince = Math.max(now - ageMaxMs, newerThan);
  const { actual } = await whileReading('giving-way', () =>
    reader.read({ refs: [], freshSince, now, isWhole: true }),
  );
  return actual;
}

async function judgeDeletion(run: Run, subjectId: string, linkId: string): Promise<DeletionJudgement> {
  const planned = await planInRun(run, {
    subjectIds: [subjectId],
    trigger: 'deletion-due',
    readingAgeMaxMs: READING_AGE_MAX_MS,
    includes: (change) => change.action === 'delete' && change.linkId === linkId,
  });
  const link = planned?.links.find(({ id }) => id === linkId);
  if (planned === null || link === undefined) return notWanted('The link has ended.');
  const { plan, verdict, actual, states } = planned;
  if (plan.changes.length > 0) {
    return { type: 'delete', plan, digest: digestOf(planDigestInput(plan)), verdict, link, actual };
  }
  const protection = plan.notices.find(
    ({ code, subjectId: about }) => code === 'protected' && about === subjectId,
  );
  if (protection !== undefined) return { ...notWanted(protection.message), isProtected: true };
  const isLeaver = states.get(subjectId)?.type === 'leaver';
  return notWanted(
    isLeaver
      ? 'The rules ask for no deletion now.'
      : 'The person is wanted, or nothing certain is known of them.',
  );
}

function notWanted(reason: string): DeletionJudgement & { type: 'not-wanted' } {
  return { type: 'not-wanted', reason, isProtected: false };
}
