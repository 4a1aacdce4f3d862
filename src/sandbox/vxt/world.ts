import type { SandboxClock } from '../clock.js';
import type { JournalEntry } from './records.js';
import type { VxtSandboxSettings } from './settings.js';
import type { VxtState } from './state.js';

/** What every part of the simulated organisation works on; one per sandbox. */
export interface World {
  readonly settings: VxtSandboxSettings;
  readonly clock: SandboxClock;
  readonly state: VxtState;
}

/** Notes what somebody did, and forgets the oldest beyond what is kept. */
export function note(
  { state, settings, clock }: World,
  entry: Pick<JournalEntry, 'action' | 'email'> & { readonly detail?: string },
): void {
  const { action, email, detail = '' } = entry;
  state.journal.push({ seq: state.next.entry++, at: clock.now(), action, email, detail });
  if (state.journal.length > settings.journalKept) state.journal.shift();
}
