import type { AccessKind } from '../domain/entitlement.js';
import type { ChosenSuccessor, Handover, Successor } from '../domain/handover.js';
import { fillSteps, type DashboardJob } from '../providers/dashboard.js';
import type { DeletionTurn } from '../reconcile/ports.js';
import type { Deletion } from './deletion.js';
import type { HandoverTask, Successorship } from './handover-ports.js';

interface TaskAbout {
  readonly handover: Handover;
  readonly chosen: Successorship | null;
  /** Lines that no write of the vendor can put on the chosen person; null: all of them. */
  readonly byHand: ReadonlyMap<string, AccessKind> | null;
}

const AT_THE_END = 'Patchbay closes this task when it sees that somebody answers.';

/** What is left to a person so that somebody answers, step by step. */
export function handoverTask(
  turn: Pick<DeletionTurn, 'vendor'>,
  { id, email }: Deletion,
  about: TaskAbout,
): Omit<HandoverTask, 'id'> {
  const numbers = about.handover.lines.map(({ number }) => number);
  return {
    title: `Nobody answers ${numbers.join(', ')} since ${email} left`,
    steps: [...stepsOf(turn, id, about), AT_THE_END],
    link: turn.vendor.dashboardLink({ page: 'numbers' }),
  };
}

function stepsOf(
  turn: Pick<DeletionTurn, 'vendor'>,
  deletionId: string,
  about: TaskAbout,
): readonly string[] {
  const { handover, chosen, byHand } = about;
  if (chosen === null) return chooseSteps(turn, deletionId, handover);
  const numbers = handover.lines.map(({ number }) => number);
  const given = byHand === null ? [] : numbers.filter((number) => !byHand.has(number));
  const left = numbers.filter((number) => !given.includes(number));
  return [
    `${nameOf(chosen)} takes over, as ${chosen.by} decided.`,
    ...(given.length === 0
      ? []
      : [`Patchbay gives them ${given.join(', ')} by plan: nothing is to be done about it here.`]),
    ...left.flatMap((number) => lineSteps(turn, number, chosen, byHand?.get(number) ?? 'assigned')),
  ];
}

function chooseSteps(
  { vendor }: Pick<DeletionTurn, 'vendor'>,
  deletionId: string,
  { lines, successors }: Handover,
): readonly string[] {
  const fitting = successors.length === 0 ? '' : ` These would fit: ${successors.map(nameOf).join(', ')}.`;
  return [
    `Choose who answers from now on.${fitting}`,
    `Say so on the leaver's page, or with: patchbay leavers handover ${deletionId} --to <e-mail> or --to-team <name>. What ${vendor.displayName} has an API for is then done by plan, and the rest is said here.`,
    `Or let ${lines.map(({ number }) => number).join(', ')} ring somebody in the ${vendor.displayName} dashboard yourself.`,
  ];
}

/** As the vendor's own pages and buttons are called. */
function lineSteps(
  { vendor }: Pick<DeletionTurn, 'vendor'>,
  number: string,
  chosen: ChosenSuccessor,
  kind: AccessKind,
): readonly string[] {
  const job: DashboardJob = chosen.type === 'team' ? 'grant-number:via-team' : `grant-number:${kind}`;
  const instructions = vendor.dashboard[job];
  if (instructions === undefined) {
    return [
      `Open ${number} in the ${vendor.displayName} dashboard.`,
      `Let it ring ${nameOf(chosen)}, and save.`,
    ];
  }
  const who = chosen.type === 'team' ? { team: chosen.team } : { email: chosen.email };
  return fillSteps(instructions.steps, { number, ...who });
}

function nameOf(one: ChosenSuccessor | Successor): string {
  return one.type === 'person' ? one.email : `the team "${one.team}"`;
}
