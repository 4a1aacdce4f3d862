import { Option, type Command } from 'commander';
import type { HandoverStanding } from '../../deprovision/handover-ports.js';
import { AppError } from '../../domain/errors.js';
import type { ChosenSuccessor, Successor, SuccessorWish } from '../../domain/handover.js';
import { describeTakenOver } from '../../domain/takeover.js';
import { print, type CommandContext } from './context.js';
import { tenantCommand, type TenantOption, type WithLeavers } from './leaver-command.js';

interface HandoverOptions extends TenantOption {
  readonly to?: string;
  readonly toTeam?: string;
  readonly clear?: boolean;
}

/** Shows what a leaver leaves without anybody, and records who takes it over. */
export function addHandover(parent: Command, context: CommandContext, withLeavers: WithLeavers): void {
  tenantCommand(
    parent,
    'handover <deletion>',
    'show lines that nobody answers, and choose who takes them over',
  )
    .option('--to <email>', 'a person who takes over')
    .addOption(new Option('--to-team <name>', 'a team that takes over').conflicts('to'))
    .addOption(new Option('--clear', 'take the choice back').conflicts(['to', 'toTeam']))
    .action(async (deletionId: string, options: HandoverOptions, command: Command) => {
      const standing = await withLeavers(options, async ({ successors, tenantId }) => {
        const of = { tenantId, deletionId };
        const to = wishOf(options);
        if (to !== undefined) await successors.choose({ ...of, to, actor: context.actor });
        return successors.find(of);
      });
      if (standing === null) {
        throw new AppError(
          'notFound',
          'There is no such deletion: patchbay leavers list shows those there are.',
        );
      }
      const { handover, chosen, takeovers } = standing;
      print(context, command, { handover, chosen, takeovers }, describe(standing));
    });
}

function wishOf({ to, toTeam, clear }: HandoverOptions): SuccessorWish | null | undefined {
  if (clear === true) return null;
  if (to !== undefined) return { type: 'person', email: to };
  return toTeam === undefined ? undefined : { type: 'team', team: toTeam };
}

function describe({ handover, chosen, takeovers }: HandoverStanding): string {
  if (handover === null) return 'Their lines were not looked at yet.';
  const { lines, emptyTeams, successors, isPartial } = handover;
  return [
    lines.length === 0 ? 'Every line is answered by somebody else.' : null,
    ...lines.map(({ number, why }) => `${number} rings nobody: ${LINE_WORDS[why]}`),
    emptyTeams.length === 0 ? null : `Teams without a member: ${emptyTeams.join(', ')}.`,
    successors.length === 0 ? null : `Could take over: ${successors.map(suggestion).join(', ')}.`,
    chosen === null ? null : `Takes over: ${nameOf(chosen)}, as ${chosen.by} decided.`,
    takeovers.length === 0 ? null : `Given by plan: ${takeovers.map(describeTakenOver).join(', ')}.`,
    isPartial ? 'Who is on which number was not read: only lines that ring teams are known.' : null,
  ]
    .filter((line) => line !== null)
    .join('\n');
}

const LINE_WORDS = {
  'only-person': 'it rang this person alone',
  'team-empty': 'its team is empty now',
  'default-number': 'it is their own number',
} as const;

function suggestion(one: Successor): string {
  if (one.type === 'team') return nameOf(one);
  return `${nameOf(one)} (${one.because === 'manager' ? 'their manager' : 'same team'})`;
}

function nameOf(one: Successor | ChosenSuccessor): string {
  return one.type === 'team' ? `the team "${one.team}"` : one.email;
}
