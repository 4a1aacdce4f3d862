import { AppError } from '../domain/errors.js';
import type { Clock } from '../lib/clock.js';
import type { AccountKey } from './account.js';
import type { MarkStore } from './marks.js';
import type { ApprovalResult, PlanStore, StoredPlan } from './plan-store.js';
import type { EngineAccountStore } from './ports.js';

export interface DecisionDeps {
  readonly accounts: Pick<EngineAccountStore, 'load'>;
  readonly plans: PlanStore;
  readonly marks: MarkStore;
  readonly clock: Clock;
}

export interface Decision {
  readonly account: AccountKey;
  readonly planId: string;
  /** Who decides, for the audit trail. */
  readonly actor: string;
}

export interface Decisions {
  /**
   * Approves exactly the plan whose digest is given; the account's drain carries it out if it would still do the
   * same. Where the account asks for four eyes, the plan stays held until a second person has approved it; whoever
   * saved the rules or asked for the change is one person like any other. Throws AppError `notFound`, `conflict` when
   * it is not held any more or this person approved it before, `stale` for another digest.
   */
  approve(decision: Decision & { readonly digest: string }): Promise<ApprovalResult>;
  /** Turns a plan down: its people stay as they are until they change or a reconciliation plans them again. */
  reject(decision: Decision): Promise<void>;
}

/** A person's say over held plans. */
export function makeDecisions(deps: DecisionDeps): Decisions {
  return {
    async approve(decision) {
      const plan = await heldPlan(deps, decision);
      if (plan.digest !== decision.digest) {
        throw new AppError(
          'stale',
          'This approval names another version of the plan. Nothing was approved. Read the plan again and approve what it says now.',
        );
      }
      const result = await addApproval(deps, decision);
      if (result === null) throw notHeld('decided or replaced');
      if (!result.isRepeated || result.isApproved) return result;
      throw new AppError(
        'conflict',
        'You have approved this plan already. This account asks for two different people: somebody else has to approve it as well.',
      );
    },
    async reject(decision) {
      await heldPlan(deps, decision);
      const { account, planId, actor } = decision;
      const marks = await deps.marks.listHeldBy(account, planId);
      await turnDown(deps, decision);
      const error = `The plan was rejected by ${actor}.`;
      await deps.marks.defer(account, marks, { until: 'change', error, countsAttempt: false });
      await deps.marks.release(account, planId);
    },
  };
}

async function heldPlan({ plans }: DecisionDeps, { account, planId }: Decision): Promise<StoredPlan> {
  const plan = await plans.find(account, planId);
  if (plan === null) throw new AppError('notFound', 'There is no such plan in this account.');
  if (plan.state === 'held') return plan;
  throw notHeld(plan.state);
}

async function addApproval(
  { accounts, plans, clock }: DecisionDeps,
  { account, planId, actor, digest }: Decision & { readonly digest: string },
): Promise<ApprovalResult | null> {
  const stored = await accounts.load(account);
  const needed = stored?.settings.fourEyes === true ? 2 : 1;
  return plans.addApproval(account, planId, { approver: actor, digest, needed, at: clock.now() });
}

async function turnDown({ plans, clock }: DecisionDeps, { account, planId, actor }: Decision): Promise<void> {
  const moved = await plans.move(account, planId, {
    from: ['held'],
    to: 'rejected',
    at: clock.now(),
    decidedBy: actor,
    audit: {
      actor,
      action: 'plan.rejected',
      targetType: 'plan',
      targetId: planId,
      correlationId: planId,
      data: { accountId: account.accountId },
    },
  });
  if (!moved) throw notHeld('decided or replaced');
}

function notHeld(state: string): AppError {
  return new AppError(
    'conflict',
    `This plan does not wait for a decision any more (it is ${state}). List the held plans to see what does.`,
  );
}
