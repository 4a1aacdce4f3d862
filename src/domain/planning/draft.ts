import type { Reason } from '../mapping.js';
import type { AgentFields, Change, ChangeAction, ChangeBase, Notice } from '../plan.js';

/** A plan in the making: steps append to it, ordering comes last. */
export interface Draft {
  readonly changes: Change[];
  readonly notices: Notice[];
  /** Teams that somebody should be in and that do not exist, by key, with the person named in the change. */
  readonly missingTeams: Map<string, Target>;
  /** What was said already about the account as a whole. */
  readonly said: Set<string>;
}

export function makeDraft(): Draft {
  return { changes: [], notices: [], missingTeams: new Map(), said: new Set() };
}

export interface Target {
  readonly subjectId: string;
  readonly email: string;
}

/** A part of an update: only the named fields are written. */
export interface FieldChange {
  readonly before: AgentFields;
  readonly after: AgentFields;
}

/** The fields that every change has. `what` tells apart changes of one action for one person. */
export function baseOf(
  target: Target,
  action: ChangeAction,
  what: string,
  why: { readonly reason: string; readonly because?: readonly Reason[]; readonly urgent?: boolean },
): ChangeBase {
  return {
    key: `${action}:${target.subjectId}:${what}`,
    subjectId: target.subjectId,
    email: target.email,
    reason: why.reason,
    because: why.because ?? [],
    urgent: why.urgent ?? false,
  };
}

export function addNotice(
  draft: Draft,
  code: Notice['code'],
  about: { readonly subjectId?: string; readonly providerUserId?: string },
  message: string,
): void {
  draft.notices.push({
    code,
    subjectId: about.subjectId ?? null,
    providerUserId: about.providerUserId ?? null,
    message,
  });
}

/** A notice about the account: said once, however many people are concerned. */
export function addAccountNotice(draft: Draft, code: Notice['code'], message: string): void {
  const key = `${code}:${message}`;
  if (draft.said.has(key)) return;
  draft.said.add(key);
  addNotice(draft, code, {}, message);
}

/** Remembers that a team is missing. The first person by id stands for it, whatever the order of the input. */
export function needTeam(draft: Draft, key: string, target: Target): void {
  const known = draft.missingTeams.get(key);
  if (known === undefined || target.subjectId < known.subjectId) draft.missingTeams.set(key, target);
}
