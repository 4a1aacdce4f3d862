import type { ActualAgent, LastWritten, WantedSubject } from '../state.js';
import type { Target } from './draft.js';

/** A wanted person together with the agent that is or will be theirs. */
export interface Holder {
  readonly subject: WantedSubject;
  readonly target: Target;
  /** null: created by this very plan. */
  readonly agent: ActualAgent | null;
  /** null: nothing has been written yet. */
  readonly written: LastWritten | null;
}

export interface AgentHolder extends Holder {
  readonly agent: ActualAgent;
  readonly ids: { readonly subjectId: string; readonly providerUserId: string };
}

export function makeAgentHolder(
  subject: WantedSubject,
  agent: ActualAgent,
  written: LastWritten | null,
): AgentHolder {
  const { subjectId } = subject;
  return {
    subject,
    target: { subjectId, email: subject.email ?? agent.email },
    agent,
    written,
    ids: { subjectId, providerUserId: agent.providerUserId },
  };
}
