import { byHandOf } from '../by-hand.js';
import type { ActualAgent, ByHand, LastWritten, Link, WantedSubject } from '../state.js';
import type { Target } from './draft.js';

/** A wanted person together with the agent that is or will be theirs. */
export interface Holder {
  readonly subject: WantedSubject;
  readonly target: Target;
  /** null: created by this very plan. */
  readonly agent: ActualAgent | null;
  /** null: nothing has been written yet. */
  readonly written: LastWritten | null;
  readonly byHand: ByHand;
  /** Milliseconds since the epoch; null: nothing suggests that somebody changed the role. */
  readonly roleSuspectedAt?: number | null;
}

export interface AgentHolder extends Holder {
  readonly agent: ActualAgent;
  readonly ids: { readonly subjectId: string; readonly providerUserId: string };
}

export function makeAgentHolder(
  subject: WantedSubject,
  agent: ActualAgent,
  link: Pick<Link, 'lastWritten' | 'facts'> | undefined,
): AgentHolder {
  const { subjectId } = subject;
  return {
    subject,
    target: { subjectId, email: subject.email ?? agent.email },
    agent,
    written: link?.lastWritten ?? null,
    byHand: byHandOf(link ?? {}),
    roleSuspectedAt: link?.facts?.roleSuspectedAt ?? null,
    ids: { subjectId, providerUserId: agent.providerUserId },
  };
}
