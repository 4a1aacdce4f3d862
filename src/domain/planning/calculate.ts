import { type Wish, calculateDrift } from '../drift.js';
import type { Plan } from '../plan.js';
import { makeDraft } from './draft.js';
import type { PlanInput } from './input.js';
import { planLeaver } from './leaver.js';
import { orderChanges, orderNotices } from './order.js';
import { suppressRemovals } from './policy.js';
import { planMissingTeams } from './missing-teams.js';
import { noticeUnmanaged } from './unmanaged.js';
import { planWanted } from './wanted.js';
import { wantedTeams } from './wish.js';
import { makeWorld } from './world.js';

/**
 * The changes that lead from the actual account to what the rules want, in the order in which they are to be
 * applied. Pure and linear in the input; throws nothing.
 */
export function calculatePlan(input: PlanInput): Plan {
  const world = makeWorld(input);
  const draft = makeDraft();
  for (const subject of input.subjects) {
    if (subject.type === 'wanted') planWanted(world, subject, draft);
    else planLeaver(world, subject, draft);
  }
  planMissingTeams(world, draft);
  noticeUnmanaged(world, draft);
  const { changes, notices } = input.policy === 'upsert-only' ? suppressRemovals(draft) : draft;
  return {
    accountId: input.accountId,
    trigger: input.trigger,
    scope: input.scope,
    inputs: {
      directoryVersion: input.directoryVersion,
      ruleSetVersion: input.ruleSetVersion,
      actualReadAt: input.actual.readAt,
      policy: input.policy,
    },
    changes: orderChanges(changes, input.capabilities),
    drift: calculateDrift({ ...input, wishOf: wishesOf(input) }),
    notices: orderNotices([...input.notices, ...notices]),
  };
}

/** Teams through which numbers ring are wanted like any other. */
function wishesOf({ subjects, capabilities }: PlanInput): (subjectId: string) => Wish | undefined {
  const wanted = new Map(
    subjects.flatMap((one) => (one.type === 'wanted' ? [[one.subjectId, one] as const] : [])),
  );
  return (subjectId) => {
    const subject = wanted.get(subjectId);
    if (subject === undefined) return undefined;
    const teams = [...wantedTeams(subject.derived, capabilities).values()];
    const { settings, entitlements } = subject.derived;
    return { ...subject, entitlements: { ...entitlements, teams }, ...(settings && { settings }) };
  };
}
