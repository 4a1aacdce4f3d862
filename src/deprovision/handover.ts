import { entitlementKey, listEntitlements, type EntitlementSet } from '../domain/entitlement.js';
import type { Handover } from '../domain/handover.js';
import type { ActualState } from '../domain/state.js';
import { describeTakenOver, takeoverWrites, type TakenOver } from '../domain/takeover.js';
import type { DeletionTurn } from '../reconcile/ports.js';
import { findInReading } from './handover-find.js';
import type { TakeoverStanding } from './handover-ports.js';
import { handoverTask } from './handover-task.js';
import type { Deletion, DeletionDeps } from './ports.js';
import { hold, putOff } from './waiting.js';

const SOON_MS = 60_000;
/** Who rings where may have changed since; the last look before a deletion is not made in an old reading. */
const READING_AGE_MAX_MS = 60 * 60_000;

/**
 * Looks at what somebody who was just parked leaves without anybody, so that it is said while it can be handed over,
 * not when the agent is gone; and again whenever the account was read anew. False: nobody is left to look at.
 */
export async function reviewNext(deps: DeletionDeps, turn: DeletionTurn): Promise<boolean> {
  const { readings, store } = deps.handover;
  const deletion = await store.nextUnreviewed(turn.account, deps.clock.now());
  if (deletion === null) return false;
  const known = await readings.latest(turn.account);
  const isChosen = known === null && (await store.successorOf(turn.account, deletion.id)) !== null;
  const actual = isChosen ? await turn.readWhole({ ageMaxMs: 0, newerThan: 0 }) : known;
  if (actual === null) return false;
  await review(deps, turn, deletion, actual);
  return true;
}

/**
 * The last look before a deletion. False: what was to be handed over is not yet, or a line rings nobody and this
 * account's deletions wait for that.
 */
export async function isHandedOver(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
): Promise<boolean> {
  const mustWait = turn.account.settings.deletion.handover === 'wait';
  const actual = await lastReading(deps, turn, deletion, mustWait);
  const handover = actual === null ? null : await review(deps, turn, deletion, actual);
  if (!(await isTakenOver(deps, turn, deletion, actual))) return false;
  if (!mustWait || handover === null || handover.lines.length === 0) return true;
  const numbers = handover.lines.map(({ number }) => number).join(', ');
  await hold(deps, turn, deletion, `Nobody answers ${numbers} since this person left. Hand it over first.`);
  return false;
}

/**
 * null: who rings where is not known now, but it was looked at since somebody chose the last time, and what was found
 * then stands.
 */
async function lastReading(
  { handover: { readings, store } }: DeletionDeps,
  turn: DeletionTurn,
  { id }: Deletion,
  mustWait: boolean,
): Promise<ActualState | null> {
  const takeover = await store.takeoverOf(turn.account, id);
  const need = { ageMaxMs: READING_AGE_MAX_MS, newerThan: (takeover?.link?.updatedAt ?? -1) + 1 };
  if (mustWait || takeover !== null) return turn.readWhole(need);
  const known = await readings.latest(turn.account);
  if (known !== null || (await store.isReviewed(turn.account, id))) return known;
  return turn.readWhole(need);
}

async function review(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  actual: ActualState,
): Promise<Handover> {
  const { store } = deps.handover;
  const { account, vendor } = turn;
  const { handover, lineTeams } = await findInReading(deps.handover, turn, deletion, actual);
  const chosen = await store.successorOf(account, deletion.id);
  const person = chosen?.type === 'person' ? chosen : null;
  const subjectId = person === null ? null : await store.subjectOf(account, person.providerUserId);
  const { capabilities } = vendor;
  // Who is nobody's in the directory is not ours to change: a person gives it to them.
  const isOurs = person !== null && subjectId !== null;
  const writes = isOurs ? takeoverWrites({ handover, held: deletion.held, capabilities, lineTeams }) : null;
  const task = handoverTask(turn, deletion, { handover, chosen, byHand: writes?.byHand ?? null });
  await store.record(account, deletion, {
    handover,
    chosen,
    takeover:
      isOurs && writes !== null
        ? { subjectId, providerUserId: person.providerUserId, grants: writes.grants }
        : null,
    task: { ...task, id: deps.newId() },
    at: deps.clock.now(),
  });
  deps.checkpoint('handover:recorded');
  return handover;
}

/** Whether everything is in place that plans give the successor; if not, the deletion waits and says for what. */
async function isTakenOver(
  deps: DeletionDeps,
  turn: DeletionTurn,
  deletion: Deletion,
  actual: ActualState | null,
): Promise<boolean> {
  const takeover = await deps.handover.store.takeoverOf(turn.account, deletion.id);
  const missing = takeover === null ? [] : missingOf(takeover, actual);
  if (takeover === null || missing.length === 0) return true;
  const obstacle = obstacleTo(turn, takeover, missing.map(describeTakenOver).join(', '));
  if (obstacle.isPassing) await putOff(deps, turn, deletion, obstacle.reason, SOON_MS);
  else await hold(deps, turn, deletion, obstacle.reason);
  return false;
}

interface Obstacle {
  readonly reason: string;
  /** Nobody has to do anything about it. */
  readonly isPassing: boolean;
}

const CHOOSE = 'Choose somebody else, or take the choice back.';

function obstacleTo(
  { vendor }: DeletionTurn,
  { email, link, plan }: TakeoverStanding,
  what: string,
): Obstacle {
  const lasting = (reason: string): Obstacle => ({ reason, isPassing: false });
  if (link === null) return lasting(`${email} was to take over ${what}, but is leaving as well. ${CHOOSE}`);
  if (plan.type === 'held')
    return lasting(`${email} takes over ${what} as soon as the held plan about them is approved.`);
  if (plan.type === 'refused') return lasting(`${email} cannot be given ${what}: ${plan.reason} ${CHOOSE}`);
  if (vendor.capabilities.writes === 'manual')
    return lasting(`${email} is given ${what} by a checklist on the worklist: tick it first.`);
  if (plan.type === 'ahead') return { reason: `${email} is being given ${what}.`, isPassing: true };
  return lasting(
    `${email} was to take over ${what}, but the rules deny it, or the phone system took it away again. ${CHOOSE}`,
  );
}

/** What we wrote is there, and so is what a reading shows. */
function missingOf({ grants, link }: TakeoverStanding, actual: ActualState | null): readonly TakenOver[] {
  const agent = actual?.agents.find(({ providerUserId }) => providerUserId === link?.providerUserId);
  const held = new Set([...keysOf(link?.written ?? null), ...keysOf(agent ?? null)]);
  return grants.filter((grant) => !held.has(entitlementKey(grant)));
}

function keysOf(
  holder: { readonly teams: readonly string[]; readonly numbers: EntitlementSet['numbers'] | null } | null,
): readonly string[] {
  if (holder === null) return [];
  const { teams, numbers } = holder;
  return listEntitlements({ role: null, owner: false, teams, numbers: numbers ?? [] }).map(entitlementKey);
}
