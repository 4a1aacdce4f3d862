import type { ManualAct } from '../domain/manual-record.js';
import type { Change } from '../domain/plan.js';
import { changeDigestInput } from '../domain/planning/digest.js';
import { digestOf } from '../lib/canonical-json.js';
import type { ManualStep } from '../providers/manual.js';

/** One thing that a person is asked to do. `key` is that of its change, and unique among the account's open ones. */
export interface NewStep {
  readonly id: string;
  /** Of the worklist item, should the person have no open checklist yet. */
  readonly taskId: string;
  readonly digest: string;
  readonly change: Change;
  readonly act: ManualAct;
  /** The row that waits for it; null where there is none, such as for a deletion. */
  readonly row: { readonly planId: string; readonly changeId: string } | null;
  readonly vendorName: string;
  readonly words: ManualStep;
}

/** The step for a change that the vendor has no API for. */
export function newStep(
  { newId }: { readonly newId: () => string },
  { displayName: vendorName }: { readonly displayName: string },
  asked: Pick<NewStep, 'change' | 'act' | 'row' | 'words'>,
): NewStep {
  return { id: newId(), taskId: newId(), digest: digestOfChange(asked.change), vendorName, ...asked };
}

/** What tells one question to a person from the next. */
export function digestOfChange(change: Change): string {
  return digestOf(changeDigestInput(change));
}

/** One open checklist a person and account. */
export function checklistKey(subjectId: string): string {
  return `checklist:${subjectId}`;
}

/** What a person's checklist is about, by the actions of its steps. */
export function checklistTitle(
  actions: readonly string[],
  about: { readonly email: string; readonly vendorName: string; readonly isUrgent: boolean },
): string {
  const { email, vendorName, isUrgent } = about;
  if (actions.includes('delete')) return `Remove ${email} from ${vendorName} for good`;
  if (isUrgent) return `Shut ${email} out of ${vendorName}`;
  if (actions.includes('create')) return `Bring ${email} into ${vendorName}`;
  return `Change what ${email} has in ${vendorName}`;
}
