import type { Change, ChangeAction } from '../../domain/plan.js';
import type { Link } from '../../domain/state.js';
import type { MarkedSubject } from '../marks.js';
import type { StoredChange } from '../plan-store.js';
import { RunStopped, type Run, type StopReason } from '../run.js';
import { applyChange, type ChangeResult } from './apply-change.js';
import type { Failure } from './failure.js';
import { makeLinkBook, type LinkBook } from './link-book.js';
import { stopFor } from './stop.js';

/** So many calls in a row without an answer: the vendor is ill, not this one person's data. */
const ILL_AFTER = 3;

export interface Application {
  readonly planId: string;
  readonly changes: readonly StoredChange[];
  readonly links: readonly Link[];
  /** The marks of the people in the plan; a change of somebody whose mark was renewed is stale. */
  readonly marks: ReadonlyMap<string, MarkedSubject>;
  /** People whose agent an earlier create of ours may have made. */
  readonly ownEmails: ReadonlySet<string>;
  /** Runs between changes: whoever is more urgent goes first. */
  readonly between: () => Promise<void>;
}

/** How the people of a plan fared. Where `stop` is null, whoever is in neither list had every change applied. */
export interface ApplicationReport {
  readonly failed: ReadonlyMap<string, Failure>;
  readonly stale: ReadonlySet<string>;
  /** People for whom at least one change was carried out. */
  readonly touched: ReadonlySet<string>;
  /** People of whom something was asked that nobody has confirmed yet. */
  readonly awaiting: ReadonlySet<string>;
  /** Why the rest of the plan was left; null when it was gone through. */
  readonly stop: StopReason | null;
}

interface Progress {
  readonly failed: Map<string, Failure>;
  readonly stale: Set<string>;
  readonly touched: Set<string>;
  readonly awaiting: Set<string>;
  /** Calls without an answer, in a row. */
  unanswered: number;
}

/**
 * Carries out a plan's changes one after another. What fails for one person does not stop the others; what concerns
 * the whole account stops the plan.
 */
export async function applyPlan(run: Run, application: Application): Promise<ApplicationReport> {
  const book = makeLinkBook(application.links);
  const progress: Progress = {
    failed: new Map(),
    stale: new Set(),
    touched: new Set(),
    awaiting: new Set(),
    unanswered: 0,
  };
  for (const [index, stored] of application.changes.entries()) {
    // Whoever was begun is finished: left half-way, they would need another reading.
    const isBegun = application.changes[index - 1]?.change.subjectId === stored.change.subjectId;
    if (!isBegun && run.isOver()) return { ...progress, stop: { type: 'over' } };
    const stop = await applyNext(run, application, { stored, book, progress });
    if (stop !== null) return { ...progress, stop };
  }
  return { ...progress, stop: null };
}

interface Next {
  readonly stored: StoredChange;
  readonly book: LinkBook;
  readonly progress: Progress;
}

async function applyNext(
  run: Run,
  application: Application,
  { stored, book, progress }: Next,
): Promise<StopReason | null> {
  const { subjectId, action } = stored.change;
  const isOne = isForOne(action);
  if (isOne && isLeftAlone(stored.change, progress)) return null;
  const { planId, marks, ownEmails } = application;
  const mark = isOne ? (marks.get(subjectId) ?? null) : null;
  const isOursAlready = ownEmails.has(subjectId);
  const result = await applyChange({ run, book, planId, mark, isOursAlready }, stored);
  note(result, subjectId, progress);
  return (await stopAfter(run, result, progress)) ?? (await giveWay(application));
}

/**
 * What follows for somebody may need what failed. A leaver's removals need nothing of one another: whatever the vendor
 * lets us take is taken, though it refused the rest.
 */
function isLeftAlone({ subjectId, urgent }: Change, { failed, stale }: Progress): boolean {
  return stale.has(subjectId) || (failed.has(subjectId) && !urgent);
}

/** A team is made for whoever needs it, not just for the person whom the change names. */
function isForOne(action: ChangeAction): boolean {
  return action !== 'create-team';
}

function note(result: ChangeResult, subjectId: string, progress: Progress): void {
  const isIll = result.type === 'failed' && result.failure.isVendorIll;
  progress.unanswered = isIll ? progress.unanswered + 1 : 0;
  if (result.type === 'done') progress.touched.add(subjectId);
  if (result.type === 'done' && result.isAwaiting) progress.awaiting.add(subjectId);
  if (result.type === 'stale') progress.stale.add(subjectId);
  if (result.type !== 'failed') return;
  if (result.failure.course === 'replan') progress.stale.add(subjectId);
  // Of several, the one that passes decides when they are tried again.
  else if (progress.failed.get(subjectId)?.course !== 'skip') progress.failed.set(subjectId, result.failure);
}

async function stopAfter(
  run: Run,
  result: ChangeResult,
  { unanswered }: Progress,
): Promise<StopReason | null> {
  if (result.type === 'lost') return { type: 'lost' };
  if (result.type !== 'failed') return null;
  const stop = await stopFor(run, result.failure);
  if (stop !== null || unanswered < ILL_AFTER) return stop;
  return { type: 'vendor-ill', message: result.failure.message };
}

async function giveWay({ between }: Application): Promise<StopReason | null> {
  try {
    await between();
    return null;
  } catch (error) {
    if (error instanceof RunStopped) return error.reason;
    throw error;
  }
}
