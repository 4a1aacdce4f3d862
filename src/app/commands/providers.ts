import type { Command } from 'commander';
import { capabilityMatrix, matrixMarkdown } from '../../providers/matrix.js';
import { PROVIDERS } from '../../providers/registry.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';

/** `patchbay providers`: which phone systems there are, and what each of them can do. */
export function addProvidersCommand(program: Command, context: CommandContext): void {
  program
    .command('providers')
    .description('which phone systems are supported and what each can do, with default settings')
    .option('--markdown', 'as a Markdown table')
    .action((options: { markdown?: boolean }, command: Command) => {
      const providers = Object.values(PROVIDERS);
      const value = providers.map(({ id, displayName, capabilities, limits }) => ({
        id,
        displayName,
        capabilities,
        limits,
      }));
      const rows = capabilityMatrix(providers).map(({ capability, cells }) => [capability, ...cells]);
      const table = renderTable(['', ...providers.map(({ displayName }) => displayName)], rows);
      print(context, command, value, options.markdown === true ? matrixMarkdown(providers) : table);
    });
}
