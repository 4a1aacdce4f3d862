import type { Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import type { OnRunProgress, RunOutcome } from '../../report/comparisons/run.js';
import { seatWords } from '../../report/model/seat-words.js';
import { makeProgress, type Terminal } from '../terminal.js';
import { print, type CommandContext } from './context.js';

export const COMPARED_EXIT_CODES =
  'Exit code 1: it could not be read as a whole, so nothing was concluded. 3: there are findings.';

/** A bar where it is known how much there is, else one line for each thing it is at. */
export function tellProgress(terminal: Terminal): OnRunProgress {
  const bar = makeProgress(terminal);
  let last = '';
  return ({ phase, done, total }) => {
    if (done !== undefined && total !== undefined) return bar(phase, done, total);
    if (phase !== last) terminal.err(`${phase}…\n`);
    last = phase;
  };
}

/** There are findings. */
const DIFFERS = 3;

/**
 * Prints how a comparison went and sets the exit code. `at`: the options that name its source. Throws AppError
 * `conflict` where another one was under way.
 */
export function printOutcome(
  context: CommandContext,
  command: Command,
  outcome: RunOutcome,
  at: string,
): void {
  switch (outcome.type) {
    case 'busy':
      throw new AppError(
        'conflict',
        'A comparison is under way already. Look at it with: patchbay comparisons status',
      );
    case 'incomplete':
      process.exitCode = 1;
      return print(context, command, outcome, `Incomplete: ${outcome.reason}`);
    case 'complete': {
      const { people, agents, open, opened, resolved, seats } = outcome.figures;
      const total = Object.values(open).reduce((sum, count) => sum + count, 0);
      if (total > 0) process.exitCode = DIFFERS;
      const compared = people === undefined ? `${agents ?? 0} agents` : `${people} people`;
      const text = `${compared} compared: ${total} findings open, ${opened} new, ${resolved} resolved.`;
      const held = seats === undefined ? '' : `\nSeats: ${seatWords(seats)}.`;
      const see = total === 0 ? '' : `\nSee: patchbay findings list ${at}`;
      return print(context, command, outcome, text + held + see);
    }
  }
}
