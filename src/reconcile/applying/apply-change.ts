import { emailKey } from '../../domain/email.js';
import { AppError, isAppError } from '../../domain/errors.js';
import type { AdoptChange, Change, CreateChange, ForgetChange } from '../../domain/plan.js';
import type { ProviderWrite, WriteOutcome } from '../../providers/port.js';
import { auditOfChange } from '../audit.js';
import { newStep } from '../steps.js';
import type { Effect } from '../effects.js';
import type { MarkedSubject } from '../marks.js';
import type { ChangeEnd, StoredChange } from '../plan-store.js';
import type { Run } from '../run.js';
import { refusalTask } from '../tasks.js';
import { effectsOf } from './effects-of.js';
import { readFailure, type Failure } from './failure.js';
import type { LinkBook } from './link-book.js';
import { operationFor } from './operation.js';

export interface ChangeContext {
  readonly run: Run;
  readonly planId: string;
  readonly book: LinkBook;
  /** The mark the plan was made for; null where the change stands for nobody in particular. */
  readonly mark: MarkedSubject | null;
  /** A create of ours may have made this person's agent before. */
  readonly isOursAlready: boolean;
}

export type ChangeResult =
  /** `isAwaiting`: a person was asked to do it, and nothing has happened yet. */
  | { readonly type: 'done'; readonly isAwaiting: boolean }
  /** The person changed since the plan was made: plan again. */
  | { readonly type: 'stale' }
  | { readonly type: 'lost' }
  | { readonly type: 'failed'; readonly failure: Failure };

/**
 * Carries out one change: row `applying`, vendor call, row ended together with all that follows from it. Killed at
 * any point between them, the row tells the next worker what is unknown, and the next plan finds out.
 */
export async function applyChange(context: ChangeContext, stored: StoredChange): Promise<ChangeResult> {
  const { run } = context;
  const { deps, lease } = run;
  if (!lease.isHeld()) return { type: 'lost' };
  const start = {
    ...keyOf(run),
    changeId: stored.id,
    holder: lease.holder,
    policy: run.account.policy,
    mark: context.mark,
  };
  const answer = await deps.plans.startChange({ ...start, at: deps.clock.now() });
  if (answer === 'not-ours') return { type: 'lost' };
  if (answer === 'stale') {
    await endAs(context, stored, 'stale', null, []);
    return { type: 'stale' };
  }
  deps.checkpoint(`${stored.change.action}:started`);
  const written = await write(context, stored.change);
  deps.checkpoint(`${stored.change.action}:written`);
  const result = written.type === 'failed' ? written : await record(context, stored, written);
  if (result.type === 'failed') await endFailed(context, stored, result.failure);
  deps.checkpoint(`${stored.change.action}:ended`);
  return result;
}

type Written =
  | {
      readonly type: 'written';
      readonly outcome: WriteOutcome | null;
      /** What was asked of the vendor; null where nothing was. */
      readonly operation: ProviderWrite | null;
    }
  | { readonly type: 'failed'; readonly failure: Failure };

async function write(context: ChangeContext, change: Change): Promise<Written> {
  const { run, book } = context;
  try {
    await assertStillTrue(context, change);
    const providerUserId = book.get(change.subjectId)?.providerUserId ?? null;
    const operation = operationFor(change, providerUserId, run.vendor.capabilities);
    const outcome = operation === null ? null : await run.vendor.provider.write(operation);
    if (change.action === 'create' && outcome !== null) assertOurs(context, change, outcome);
    return { type: 'written', outcome, operation };
  } catch (error) {
    const failure = readFailure(error);
    if (failure.kind === 'bug') run.log.error({ err: error, changeId: change.key }, 'change failed');
    return { type: 'failed', failure };
  }
}

/** Our records refuse what contradicts them, such as an agent that belongs to somebody else: a failed change. */
async function record(
  context: ChangeContext,
  stored: StoredChange,
  written: Extract<Written, { type: 'written' }>,
): Promise<ChangeResult> {
  const { outcome } = written;
  try {
    const effects = effectsIn(context, stored, written);
    const isOurs = await endAs(context, stored, outcome?.result ?? 'applied', null, effects);
    if (!isOurs) return { type: 'lost' };
    context.book.note(effects);
    context.run.announce(effects);
    return { type: 'done', isAwaiting: outcome?.result === 'awaiting' };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { type: 'failed', failure: readFailure(error) };
  }
}

function effectsIn(
  context: ChangeContext,
  { id: changeId, change }: StoredChange,
  { outcome, operation }: Extract<Written, { type: 'written' }>,
): readonly Effect[] {
  const { run, planId } = context;
  const { deps, vendor } = run;
  if (outcome?.result === 'awaiting' && operation !== null) {
    const row = { planId, changeId };
    return [
      {
        type: 'step-opened',
        step: newStep(deps, vendor, { change, act: operation, row, words: outcome.step }),
      },
    ];
  }
  return effectsIfDone(context, change, outcome);
}

function effectsIfDone(
  { run: { deps, account, vendor }, book, isOursAlready }: ChangeContext,
  change: Change,
  outcome: WriteOutcome | null,
): readonly Effect[] {
  return effectsOf({
    change,
    outcome,
    link: book.get(change.subjectId),
    isOursAlready,
    accountId: account.accountId,
    canDelete: vendor.capabilities.delete === 'permanent',
    at: deps.clock.now(),
    newId: deps.newId,
    vendor,
  });
}

async function assertStillTrue({ run }: ChangeContext, change: Change): Promise<void> {
  if (change.action === 'adopt') return assertNobodyMadeIt(run, change);
  if (change.action === 'forget' && change.cause === 'missing-at-vendor') return assertGone(run, change);
}

/**
 * What people make for us turns up in their phone system before our records follow: an imported list shows an agent
 * that a step of ours asked for. It is recorded as made by us first, and is no agent that was found there.
 */
async function assertNobodyMadeIt({ deps, account, vendor }: Run, { subjectId }: AdoptChange): Promise<void> {
  if (vendor.capabilities.writes !== 'manual') return;
  const confirmed = await deps.checklists.listConfirmed(account);
  if (!confirmed.some((step) => step.subjectId === subjectId && step.change.action === 'create')) return;
  throw new AppError('stale', 'The agent was made because we asked for it; that is recorded first.');
}

/** A link is ended for good only after one more look: the reading may have been older than the agent. */
async function assertGone(run: Run, change: ForgetChange): Promise<void> {
  const found = await run.vendor.provider.findAgent({ by: 'id', providerUserId: change.providerUserId });
  if (found === null) return;
  throw new AppError('stale', 'The agent exists after all; the reading was too old.');
}

/** An agent that was there before us is taken over only where adoption is allowed, or where we made it ourselves. */
function assertOurs(
  { run, isOursAlready }: ChangeContext,
  change: CreateChange,
  outcome: WriteOutcome,
): void {
  if (outcome.result !== 'already' || isOursAlready || run.account.settings.adoptExisting) return;
  throw new AppError(
    'conflict',
    `${run.vendor.displayName} has an agent with the address ${emailKey(change.email)} already, and this account does not take over existing agents. Remove that agent, or allow adoption in the account's settings.`,
  );
}

function keyOf({ account }: Run) {
  return { tenantId: account.tenantId, accountId: account.accountId };
}

async function endFailed(context: ChangeContext, stored: StoredChange, failure: Failure): Promise<void> {
  const { run } = context;
  const about = {
    id: run.deps.newId(),
    providerUserId: context.book.get(stored.change.subjectId)?.providerUserId ?? null,
    vendor: run.vendor,
  };
  const effects: readonly Effect[] =
    failure.course === 'ask'
      ? [
          { type: 'task-opened', task: refusalTask(stored.change, failure.message, about) },
          ...afterRefusal(context, stored.change),
        ]
      : [];
  if (!(await endAs(context, stored, stateAfter(failure), failure, effects))) return;
  context.book.note(effects);
  run.announce(effects);
}

/**
 * A leaver whom the vendor does not suspend is parked all the same, like one whose vendor knows no suspension: what
 * they held is remembered before the rest is taken, and their deletion gets its date. The suspension is tried again.
 */
function afterRefusal(context: ChangeContext, change: Change): readonly Effect[] {
  return change.action === 'park' ? effectsIfDone(context, change, null) : [];
}

function stateAfter({ course }: Failure): ChangeEnd['state'] {
  switch (course) {
    case 'replan':
      return 'stale';
    case 'wait':
    case 'lost':
      return 'planned';
    case 'pause':
    case 'skip':
    case 'ask':
      return 'failed';
  }
}

async function endAs(
  context: ChangeContext,
  { id, change }: StoredChange,
  state: ChangeEnd['state'],
  failure: Failure | null,
  effects: readonly Effect[],
): Promise<boolean> {
  const { run, planId } = context;
  const providerUserId = context.book.get(change.subjectId)?.providerUserId ?? null;
  const isDone = state === 'applied' || state === 'already';
  const about = { planId, accountId: run.account.accountId, result: state, providerUserId };
  const isOurs = await run.deps.plans.endChange({
    ...keyOf(run),
    changeId: id,
    planId,
    holder: run.lease.holder,
    state,
    error: failure === null ? null : { kind: failure.kind, message: failure.message },
    effects,
    audit: isDone ? auditOfChange(change, about) : null,
    at: run.deps.clock.now(),
  });
  run.log.info({ planId, changeId: id, action: change.action, state, kind: failure?.kind }, 'change ended');
  return isOurs;
}
