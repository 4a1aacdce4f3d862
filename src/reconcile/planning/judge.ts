import type { Change, Plan } from '../../domain/plan.js';
import { knownAdmins, type Protection } from '../../domain/protection.js';
import { assessPlan } from '../../domain/safeguards/assess.js';
import { takeCensus } from '../../domain/safeguards/census.js';
import { flapStep } from '../../domain/safeguards/flapping.js';
import type { Verdict } from '../../domain/safety.js';
import type { ActualState, Link, SubjectState } from '../../domain/state.js';
import type { Clock } from '../../lib/clock.js';
import type { AccountKey, EngineAccount } from '../account.js';
import type { LinkStore } from '../links.js';
import type { DirectoryReader } from '../ports.js';
import { derivePeople, type PeopleDeps } from './people.js';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** How many linked people are asked first whether the rules want them, before everybody is. */
const SAMPLE = 50;

/** What happened lately, as far as the safety rules ask for it. */
export interface HistoryReader {
  /** Parks and deletes applied since then. */
  countRemovals(account: AccountKey, since: Date): Promise<number>;
  /** Creates applied since then. */
  countCreates(account: AccountKey, since: Date): Promise<number>;
  /** Whom people were asked to create and have not confirmed yet: subject ids. */
  listAwaitedCreates(account: AccountKey): Promise<readonly string[]>;
  /** Whom plans made up to this moment would create that wait for approval or are approved: subject ids. */
  listWaitingCreates(account: AccountKey, before: Date): Promise<readonly string[]>;
  /** Changes applied for these people since then. */
  listApplied(
    account: AccountKey,
    subjectIds: readonly string[],
    since: Date,
  ): Promise<readonly { readonly change: Change; readonly at: Date }[]>;
}

/** What is to be judged, and what it was derived from. */
export interface Judged {
  readonly plan: Plan;
  readonly states: ReadonlyMap<string, SubjectState>;
  readonly links: readonly Link[];
  /** The whole reading, where there is one. */
  readonly actual: ActualState;
  readonly protections: readonly Protection[];
  /** When a plan that is judged again was made: plans that came after it take nothing from it. */
  readonly madeAt?: Date;
}

/** Gives the safety verdict on a plan. */
export type Judge = (judged: Judged) => Promise<Verdict>;

export interface JudgeDeps extends PeopleDeps {
  readonly account: EngineAccount;
  readonly directory: DirectoryReader;
  readonly links: LinkStore;
  readonly history: HistoryReader;
  readonly clock: Clock;
}

/** Gathers the facts that the safety rules ask for, no more of them than the plan makes matter. */
export function makeJudge(deps: JudgeDeps): Judge {
  return async (judged) => {
    const { account, links, clock, history } = deps;
    const { plan, actual, protections } = judged;
    if (plan.changes.length === 0) return { type: 'allowed' };
    const now = clock.now();
    const activeLinks = await links.countActive(account);
    const activeUsers = await deps.directory.countActive(account.tenantId);
    const recentRemovals = await history.countRemovals(account, new Date(now.getTime() - HOUR_MS));
    return assessPlan({
      plan,
      settings: account.settings.safety,
      activeLinks,
      previous: account.appliedActiveUsers === null ? null : { activeUsers: account.appliedActiveUsers },
      current: { activeUsers, desiredCount: await countDesired(deps, judged) },
      appliedRuleSetVersion: account.appliedRuleSetVersion,
      recentRemovals,
      protections,
      knownAdmins: actual.scope === 'all' ? knownAdmins(actual, judged.links) : [],
      agentCount: await countAgents(deps, judged, activeLinks),
      waitingCreates: await countWaiting(deps, judged, now),
      recentHistory: await recentSteps(deps, plan, now),
      now: now.getTime(),
    });
  };
}

/** Seats may be billed at once, so our own creates since the reading count, and so do those that people will make. */
async function countAgents(
  { account, history }: JudgeDeps,
  { actual, plan }: Judged,
  activeLinks: number,
): Promise<number> {
  if (account.settings.safety.seatCeiling === null) return actual.agents.length;
  // A create of this plan replaces what was asked for the same person before.
  const created = new Set(plan.changes.flatMap((one) => (one.action === 'create' ? [one.subjectId] : [])));
  const awaited = (await history.listAwaitedCreates(account)).filter((id) => !created.has(id)).length;
  if (actual.scope !== 'all') return Math.max(actual.agents.length, activeLinks) + awaited;
  return actual.agents.length + awaited + (await history.countCreates(account, new Date(actual.readAt)));
}

/** A plan of everybody takes the place of all that wait. */
async function countWaiting(
  { account, history }: JudgeDeps,
  { plan, states, madeAt }: Judged,
  now: Date,
): Promise<number> {
  const isOfInterest = plan.changes.some(({ action }) => action === 'create');
  if (account.settings.safety.seatCeiling === null || plan.scope === 'all' || !isOfInterest) return 0;
  const waiting = await history.listWaitingCreates(account, madeAt ?? now);
  return waiting.filter((subjectId) => !states.has(subjectId)).length;
}

async function recentSteps({ account, history }: JudgeDeps, plan: Plan, now: Date) {
  const adding = plan.changes.filter((change) => flapStep(change)?.direction === 'add');
  if (adding.length === 0) return [];
  const subjectIds = [...new Set(adding.map(({ subjectId }) => subjectId))];
  const applied = await history.listApplied(account, subjectIds, new Date(now.getTime() - DAY_MS));
  return applied.flatMap(({ change, at }) => {
    const step = flapStep(change);
    return step === null ? [] : [{ ...step, at: at.getTime() }];
  });
}

/**
 * How many people the rules want, as far as it matters: whether it is anybody at all. Counted only for plans that
 * take something, and over as few people as will answer it.
 */
async function countDesired(deps: JudgeDeps, { plan, states }: Judged): Promise<number> {
  const here = wantedAmong(states);
  if (here > 0 || takeCensus(plan).losers.size === 0) return here;
  const links = await deps.links.listLive(deps.account, 'all');
  const sample = links.filter(({ state }) => state === 'active').map(({ subjectId }) => subjectId);
  const some = await derivePeople(deps, deps.account, sample.slice(0, SAMPLE));
  const inSample = some === null ? 0 : wantedAmong(some.states);
  if (inSample > 0) return inSample;
  const everybody = await derivePeople(deps, deps.account, 'all');
  return everybody === null ? 0 : wantedAmong(everybody.states);
}

function wantedAmong(states: ReadonlyMap<string, SubjectState>): number {
  return [...states.values()].filter(({ type }) => type === 'wanted').length;
}
