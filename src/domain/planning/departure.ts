import type { ActualAgent, LeaverSubject, Link } from '../state.js';
import type { Target } from './draft.js';

/** A leaver who still has an agent under our link. */
export interface Departure {
  readonly subject: LeaverSubject;
  readonly link: Link;
  readonly agent: ActualAgent;
  readonly target: Target;
}
