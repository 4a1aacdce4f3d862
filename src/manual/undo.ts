import { AppError } from '../domain/errors.js';
import { agentWithout, findRecorded, type ManualRecord } from '../domain/manual-record.js';
import type { RecordChange, Step } from './ports.js';

/** What the record is once a tick is taken back. Throws AppError `conflict`, and says what to do instead. */
export function undoChange(step: Step, { agents }: ManualRecord, at: Date): RecordChange {
  refuseUndo(step);
  const { act, recordBefore: before } = step;
  if (act.type === 'create-team') return { put: [], drop: [] };
  const email = act.type === 'create-agent' ? act.profile.email : act.providerUserId;
  const agent = findRecorded(agents, email);
  if (agent === undefined)
    throw refusal('the person is not in the phone system any more as far as is known.');
  if (act.type === 'create-agent' && before === null && (agent.numbers ?? []).length > 0) {
    throw refusal('later steps of this person were ticked. Take those back first.');
  }
  const after = agentWithout(agent, act, { before, at: at.getTime() });
  return after === null ? { put: [], drop: [agent.id] } : { put: [after], drop: [] };
}

function refuseUndo({ state, act, confirmedThrough }: Step): void {
  if (state !== 'confirmed' && state !== 'settled') throw refusal('nobody ticked this step.');
  if (confirmedThrough !== 'person') {
    throw refusal('an imported list showed this step to be done. Import a list that shows otherwise.');
  }
  if (act.type === 'suspend-agent') {
    throw refusal(
      'the person counts as parked since then. Take back the steps that were not done: Patchbay asks for them again at once.',
    );
  }
  if (act.type !== 'delete-agent') return;
  throw refusal(
    'their removal for good was recorded. If they are still there, import a complete list: it shows them again.',
  );
}

function refusal(why: string): AppError {
  return new AppError('conflict', `Nothing was changed: ${why}`);
}
