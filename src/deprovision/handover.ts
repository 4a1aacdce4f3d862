import { findHandover, type ChosenSuccessor, type Handover, type Successor } from '../domain/handover.js';
import type { RuleSet } from '../domain/mapping.js';
import type { ActualState } from '../domain/state.js';
import type { DeletionTurn } from '../reconcile/ports.js';
import { isUuid } from '../lib/ids.js';
import type { Deletion, DeletionDeps } from './ports.js';
import type { HandoverDeps, HandoverTask, Successorship } from './handover-ports.js';
import { hold } from './waiting.js';

/**
 * Looks at what somebody who was just parked leaves without anybody, so that it is said while it can be handed over,
 * not when the agent is gone. False: nobody is left to look at.
 */
export async function reviewNext(deps: DeletionDeps, turn: DeletionTurn): Promise<boolean> {
  const deletion = await deps.handover.store.nextUnreviewed(turn.account, deps.clock.now());
  if (deletion === null) return false;
  return (await review(deps, turn, deletion, false)) !== null;
}

/** False: a line rings nobody, and this account's deletions wait for that. */
export async function isHandedOver(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
): Promise<boolean> {
  const mustWait = turn.account.settings.deletion.handover === 'wait';
  const handover = await review(deps, turn, deletion, mustWait);
  if (!mustWait || handover === null || handover.lines.length === 0) return true;
  const numbers = handover.lines.map(({ number }) => number).join(', ');
  await hold(deps, turn, deletion, `Nobody answers ${numbers} since this person left. Hand it over first.`);
  return false;
}

/** null: the account was never read as a whole, so who rings where is not known. */
async function review(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  mustKnow: boolean,
): Promise<Handover | null> {
  const { handover: ports, clock } = deps;
  const known = await ports.readings.latest(turn.account);
  const actual = known ?? (mustKnow ? await turn.vendor.provider.readAll() : null);
  if (actual === null) return null;
  const handover = await find(ports, turn, deletion, actual);
  const chosen = await ports.store.successorOf(turn.account, deletion.id);
  const task = { ...taskOf(turn, deletion, { handover, chosen }), id: deps.newId() };
  await ports.store.record(turn.account, deletion, { handover, at: clock.now(), task });
  return handover;
}

async function find(
  { directory, rules, store }: HandoverDeps,
  { account }: DeletionTurn,
  { subjectId, providerUserId, held }: Deletion,
  actual: ActualState,
): Promise<Handover> {
  const ruleSet = await rules.current(account.tenantId);
  return findHandover({
    leaver: { providerUserId, held },
    actual,
    managerEmail: await managerOf(directory, account.tenantId, subjectId),
    leaving: await store.listLeaving(account),
    lineTeams: lineTeamsOf(ruleSet),
  });
}

/** The enterprise attribute `manager` holds the id of a user of the same directory (RFC 7643, section 4.3). */
async function managerOf(
  directory: HandoverDeps['directory'],
  tenantId: string,
  subjectId: string,
): Promise<string | null> {
  const { users } = await directory.snapshot(tenantId, [subjectId]);
  const attributes = users[0]?.attributes ?? {};
  const [managerId] =
    Object.entries(attributes).find(([path]) => /(?:^|:)manager\.value$/.test(path))?.[1] ?? [];
  if (managerId === undefined || !isUuid(managerId)) return null;
  const managers = (await directory.snapshot(tenantId, [managerId])).users;
  return managers.find(({ status }) => status === 'active')?.email ?? null;
}

function lineTeamsOf(ruleSet: RuleSet | null): ReadonlyMap<string, string> {
  const grants = (ruleSet?.rules ?? []).flatMap(({ grant }) => grant.numbers);
  return new Map(
    grants.flatMap(({ number, viaTeam }): readonly (readonly [string, string])[] =>
      viaTeam === null ? [] : [[number, viaTeam]],
    ),
  );
}

function taskOf(
  { vendor }: DeletionTurn,
  { email }: Deletion,
  { handover, chosen }: { readonly handover: Handover; readonly chosen: Successorship | null },
): Omit<HandoverTask, 'id'> {
  const numbers = handover.lines.map(({ number }) => number).join(', ');
  return {
    title: `Nobody answers ${numbers} since ${email} left`,
    steps: [
      `Open ${numbers} in the ${vendor.displayName} dashboard.`,
      chosen === null ? chooseStep(handover) : `Let it ring ${nameOf(chosen)}, as ${chosen.by} decided.`,
      'Save. Patchbay closes this task when it sees that somebody answers.',
    ],
    link: vendor.dashboardLink({ page: 'numbers' }),
  };
}

function chooseStep({ successors }: Handover): string {
  if (successors.length === 0) return 'Choose who answers it from now on.';
  return `Choose who answers it from now on; these would fit: ${successors.map(nameOf).join(', ')}.`;
}

function nameOf(one: ChosenSuccessor | Successor): string {
  return one.type === 'person' ? one.email : `the team "${one.team}"`;
}
