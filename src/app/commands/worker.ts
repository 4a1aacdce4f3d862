import type { Command } from 'commander';
import { waitForSignal } from '../shutdown.js';
import { startWorker } from '../worker.js';
import { print, type CommandContext } from './context.js';

/** `patchbay worker`: plans, applies and deletes, without HTTP, until a signal. */
export function addWorkerCommand(program: Command, context: CommandContext): void {
  program
    .command('worker')
    .description('work on accounts without serving requests; start as many as you like beside "serve"')
    .action(async (_options: object, command: Command) => {
      const stopped = waitForSignal();
      const worker = await startWorker(context.config);
      print(context, command, { working: true }, 'Patchbay works on its accounts. Ctrl+C stops.');
      await stopped;
      await worker.stop();
    });
}
