import type { Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import type { RunOutcome } from '../../report/comparisons/run.js';
import { print, type CommandContext } from './context.js';

export const COMPARED_EXIT_CODES =
  'Exit code 1: it could not be read as a whole, so nothing was concluded. 3: there are findings.';

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
      const { people, agents, open, opened, resolved } = outcome.figures;
      const total = Object.values(open).reduce((sum, count) => sum + count, 0);
      if (total > 0) process.exitCode = DIFFERS;
      const compared = people === undefined ? `${agents ?? 0} agents` : `${people} people`;
      const text = `${compared} compared: ${total} findings open, ${opened} new, ${resolved} resolved.`;
      const see = total === 0 ? '' : `\nSee: patchbay findings list ${at}`;
      return print(context, command, outcome, text + see);
    }
  }
}
