import type { Command } from 'commander';
import { print, type CommandContext } from './context.js';

/** `patchbay migrate`: brings the database to the newest schema. `serve` and `worker` do so themselves. */
export function addMigrateCommand(program: Command, context: CommandContext): void {
  program
    .command('migrate')
    .description('bring the database to the newest schema, or say that it is')
    .action(async (_options: object, command: Command) => {
      const { applied } = await context.withServices(({ migrations }) => Promise.resolve(migrations));
      const text = applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}`;
      print(context, command, { applied }, text);
    });
}
