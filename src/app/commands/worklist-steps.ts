import type { Command } from 'commander';
import { AppError } from '../../domain/errors.js';
import type { Checklists } from '../../manual/confirm.js';
import type { Step } from '../../manual/ports.js';
import { buildByHand } from '../by-hand.js';
import { renderTable } from '../terminal.js';
import { print, type CommandContext } from './context.js';

interface StepOptions {
  readonly tenant: string;
  readonly typed?: string;
}

/** `patchbay worklist steps | confirm | undo`: checklists of phone systems without an API. */
export function addStepCommands(worklist: Command, context: CommandContext): void {
  stepCommand(
    worklist,
    'steps <task>',
    'list the steps of a checklist, in the order in which they are done',
  ).action(async (taskId: string, { tenant }: StepOptions, command: Command) => {
    const steps = await withChecklists(context, tenant, (lists, tenantId) => lists.steps(tenantId, taskId));
    print(context, command, steps, renderSteps(steps));
  });
  stepCommand(
    worklist,
    'confirm <task> <step>',
    'say that a step was done; <step> is its id or its place in the list',
  )
    .option('--typed <text>', 'what the phone system asked you to type, where the step says so')
    .action(async (taskId: string, wanted: string, { tenant, typed = '' }: StepOptions, command: Command) => {
      const step = await withChecklists(context, tenant, async (lists, tenantId) => {
        const found = chooseStep(await lists.steps(tenantId, taskId), wanted);
        await lists.confirm({ tenantId, taskId, stepId: found.id, actor: context.actor, typed });
        return found;
      });
      print(context, command, { task: taskId, step: step.id }, `Confirmed: ${step.title}`);
    });
  stepCommand(worklist, 'undo <task> <step>', 'say that a confirmed step was not done after all').action(
    async (taskId: string, wanted: string, { tenant }: StepOptions, command: Command) => {
      const step = await withChecklists(context, tenant, async (lists, tenantId) => {
        const found = chooseStep(await lists.steps(tenantId, taskId), wanted);
        await lists.undo({ tenantId, taskId, stepId: found.id, actor: context.actor });
        return found;
      });
      const said = `Taken back: ${step.title}. Patchbay asks for it again if it is still wanted.`;
      print(context, command, { task: taskId, step: step.id }, said);
    },
  );
}

function stepCommand(parent: Command, nameAndArguments: string, description: string): Command {
  return parent
    .command(nameAndArguments)
    .description(description)
    .requiredOption('--tenant <slug>', 'tenant');
}

function withChecklists<Result>(
  context: CommandContext,
  slug: string,
  work: (checklists: Checklists, tenantId: string) => Promise<Result>,
): Promise<Result> {
  return context.withServices(async (services) => {
    const { id } = await services.tenants.bySlug(slug);
    return work(buildByHand(services, () => undefined).checklists, id);
  });
}

function chooseStep(steps: readonly Step[], wanted: string): Step {
  const step = steps.find(({ id }) => id === wanted) ?? steps[Number(wanted) - 1];
  if (step !== undefined) return step;
  throw new AppError(
    'notFound',
    `There is no step "${wanted}". Nothing was changed. Look at them with: patchbay worklist steps <task>`,
  );
}

function renderSteps(steps: readonly Step[]): string {
  if (steps.length === 0) return 'This task has no checklist.';
  const rows = steps.map(({ state, title, typed, confirmedBy, id }, index) => [
    String(index + 1),
    STATES[state],
    title + (typed === null ? '' : ` (--typed ${typed})`),
    confirmedBy ?? '',
    id,
  ]);
  return renderTable(['', '', 'what', 'by', 'step'], rows);
}

const STATES: Readonly<Record<Step['state'], string>> = {
  open: 'open',
  confirmed: 'done',
  settled: 'done',
  withdrawn: 'not wanted',
};
