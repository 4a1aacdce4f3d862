import type { Command } from 'commander';
import type { ManyAction, ManyOutcome } from '../../administration/worklist-many.js';
import { AppError } from '../../domain/errors.js';
import { print, type CommandContext } from './context.js';

interface ManyOptions {
  readonly tenant: string;
  readonly to?: string;
  readonly reason?: string;
}

type ChangeMany = (
  tenantSlug: string,
  about: { readonly taskIds: readonly string[]; readonly action: ManyAction },
) => Promise<ManyOutcome>;

const ACTIONS = ['assign', 'done', 'dismiss'] as const;
export const MANY_WORDS = `with several tasks at once: ${ACTIONS.join(', ')}; what one refuses stops none of the others`;

/** `patchbay worklist many <action> <tasks...>` */
export function addManyCommand(command: Command, context: CommandContext, change: ChangeMany): void {
  command
    .option('--to <name>', 'with assign: whose they are from now on; without it they are given back')
    .option('--reason <text>', 'with dismiss: why they are not needed')
    .action(async (name: string, taskIds: readonly string[], options: ManyOptions, self: Command) => {
      const outcome = await change(options.tenant, { taskIds, action: actionOf(name, options) });
      const refused = outcome.refused.map(({ id, message }) => `${id}: ${message}`);
      const said = `${String(outcome.changed.length)} changed, ${String(refused.length)} not.`;
      print(context, self, outcome, [said, ...refused].join('\n'));
    });
}

function actionOf(name: string, { to, reason = '' }: ManyOptions): ManyAction {
  const type = ACTIONS.find((one) => one === name);
  switch (type) {
    case 'assign':
      return { type, assignee: to ?? null };
    case 'done':
      return { type };
    case 'dismiss':
      return { type, reason };
    case undefined:
      throw new AppError('invalid', `There is no action "${name}". Choose one of ${ACTIONS.join(', ')}.`);
  }
}
