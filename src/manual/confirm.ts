import { AppError } from '../domain/errors.js';
import { emailKey } from '../domain/email.js';
import { agentAfter, findRecorded, type ManualRecord, type RecordedAgent } from '../domain/manual-record.js';
import type { RecordChange, Step, StepStore } from './ports.js';
import { undoChange } from './undo.js';

export interface Confirmation {
  readonly tenantId: string;
  readonly taskId: string;
  readonly stepId: string;
  /** Who says that it is done, for the audit trail. */
  readonly actor: string;
  /** What the person typed, where the step asks for it. */
  readonly typed: string;
}

export interface Checklists {
  steps(tenantId: string, taskId: string): Promise<readonly Step[]>;
  /**
   * A person says that they did it. Throws AppError `notFound`; `conflict` where it was confirmed before, or an
   * earlier step has to come first; `invalid` where something else had to be typed.
   */
  confirm(confirmation: Confirmation): Promise<void>;
  /**
   * A person says that they ticked what they did not do. Throws AppError `notFound`; `conflict` where nobody ticked it,
   * or where something that cannot be taken back followed from it.
   */
  undo(confirmation: Omit<Confirmation, 'typed'>): Promise<void>;
}

/** Ticking the steps of a checklist: nothing in a phone system without an API becomes true in any other way but this and imports. */
export function makeChecklists(deps: {
  readonly steps: StepStore;
  readonly now: () => Date;
  /** Tells the workers that there is something to do. */
  readonly nudge: (tenantId: string) => void;
}): Checklists {
  return {
    steps: (tenantId, taskId) => deps.steps.list(tenantId, taskId),
    async confirm({ actor, typed, ...step }) {
      const at = deps.now();
      await deps.steps.confirm(step, { actor, at }, (found, record) => {
        refuseUnlessOpen(found);
        refuseOtherText(found, typed);
        return changeFor(found, record, at);
      });
      deps.nudge(step.tenantId);
    },
    async undo({ actor, ...step }) {
      const at = deps.now();
      await deps.steps.undo(step, { actor, at }, (found, record) => undoChange(found, record, at));
      deps.nudge(step.tenantId);
    },
  };
}

/**
 * What was withdrawn may have been done all the same, a moment before: then the record has to know. Only a look at
 * somebody who is to stay says nothing any more.
 */
function refuseUnlessOpen({ state, act }: Step): void {
  if (state === 'open' || (state === 'withdrawn' && act.type !== 'suspend-agent')) return;
  const why = state === 'withdrawn' ? 'is not wanted any more' : 'was confirmed already';
  throw new AppError('conflict', `Nothing was changed: this step ${why}. Look at the checklist again.`);
}

function refuseOtherText({ typed: wanted }: Step, typed: string): void {
  if (wanted === null || emailKey(typed) === emailKey(wanted)) return;
  throw new AppError(
    'invalid',
    `Nothing was changed. Type “${wanted}” to say that exactly this person was removed.`,
  );
}

function changeFor(
  { act }: Step,
  { agents }: ManualRecord,
  at: Date,
): RecordChange & { readonly before: RecordedAgent | null } {
  if (act.type === 'create-team') return { put: [], drop: [], before: null };
  const email = act.type === 'create-agent' ? act.profile.email : act.providerUserId;
  const before = findRecorded(agents, email) ?? null;
  if (before === null && needsPerson(act.type)) {
    throw new AppError(
      'conflict',
      'Nothing was changed. The person is not in the phone system yet as far as anybody said: tick the invitation first.',
    );
  }
  const after = agentAfter(before, act, { newId: newMemberId(email, agents), at: at.getTime() });
  if (after !== null) return { put: [after], drop: [], before };
  return { put: [], drop: before === null ? [] : [before.id], before };
}

function needsPerson(type: Step['act']['type']): boolean {
  return type === 'update-agent' || type === 'grant';
}

/** An id of ours, because the vendor shows none; told apart from that of somebody who had the address before. */
export function newMemberId(email: string, agents: ManualRecord['agents']): string {
  const taken = new Set(agents.map(({ id }) => id));
  const base = `member:${emailKey(email)}`;
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base}:${String(count)}`;
    if (!taken.has(id)) return id;
  }
}
