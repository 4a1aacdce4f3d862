import type { Hold, HoldCode, Verdict } from '../safety.js';
import { type RemovalCensus, takeCensus } from './census.js';
import { flappingChanges } from './flapping.js';
import type { SafetyInput } from './input.js';
import { lastAdminHold, protectedHold } from './protected.js';

/** Share rules are about many people going at once; one leaver must go whatever the share. */
const ONE_LEAVER = 1;

/**
 * Judges a whole plan before its first write. Held plans wait for a person's approval; every reason is named at
 * once.
 */
export function assessPlan(input: SafetyInput): Verdict {
  const census = takeCensus(input.plan);
  const holds = [
    shareHold(input, census),
    ceilingHold(input, census),
    emptyHold(input, census),
    shrinkHold(input, census),
    protectedHold(input),
    lastAdminHold(input),
    rulesHold(input, census),
    seatHold(input),
    budgetHold(input, census),
    flappingHold(input),
  ].filter((hold) => hold !== null);
  return holds.length === 0 ? { type: 'allowed' } : { type: 'held', holds };
}

function shareHold({ settings, activeLinks }: SafetyInput, { losers }: RemovalCensus): Hold | null {
  const { removalFloor, removalShareMax } = settings;
  const isFew = losers.size <= Math.max(removalFloor, ONE_LEAVER);
  if (isFew || !isMoreThan(losers.size, removalShareMax, activeLinks)) return null;
  return hold(
    'removal-share',
    `${losers.size} of ${activeLinks} linked agents would lose access; more than ${removalFloor} and more than ${percent(removalShareMax)} at once need an approval. Check the directory, then approve the plan.`,
  );
}

function ceilingHold({ settings }: SafetyInput, { losers }: RemovalCensus): Hold | null {
  const { removalCeiling } = settings;
  if (removalCeiling === null || losers.size <= removalCeiling) return null;
  return hold(
    'removal-ceiling',
    `${losers.size} agents would lose access; this account allows ${removalCeiling} in one plan. Check the directory, then approve the plan.`,
  );
}

function emptyHold({ current, activeLinks }: SafetyInput, { losers }: RemovalCensus): Hold | null {
  if (current.desiredCount > 0 || activeLinks <= ONE_LEAVER || losers.size === 0) return null;
  return hold(
    'empty-desired',
    `The rules want nobody in this account, but ${activeLinks} agents are linked. This is more often a broken group push or rule than a decision. Check both, then approve the plan.`,
  );
}

function shrinkHold({ settings, previous, current }: SafetyInput, { losers }: RemovalCensus): Hold | null {
  if (previous === null || losers.size <= ONE_LEAVER) return null;
  const lost = previous.activeUsers - current.activeUsers;
  if (!isMoreThan(lost, settings.directoryShrinkShareMax, previous.activeUsers)) return null;
  return hold(
    'directory-shrank',
    `The directory shrank from ${previous.activeUsers} to ${current.activeUsers} active people since the last applied plan; more than ${percent(settings.directoryShrinkShareMax)} needs an approval. Check the identity provider's assignments.`,
  );
}

function rulesHold({ plan, appliedRuleSetVersion }: SafetyInput, { byRules }: RemovalCensus): Hold | null {
  const { ruleSetVersion } = plan.inputs;
  if (appliedRuleSetVersion === ruleSetVersion || byRules.size === 0) return null;
  const since =
    appliedRuleSetVersion === null
      ? 'No plan was ever applied here'
      : `The rules changed since the last applied plan (version ${appliedRuleSetVersion} to ${ruleSetVersion})`;
  return hold(
    'rules-changed',
    `${since}, and ${byRules.size} people would lose something by the rules. Read the plan, then approve it.`,
  );
}

/**
 * Seats that deletions of the same plan would free are not counted: a failed deletion would be billed. Seats that
 * earlier plans ask for are: approved one by one, each within the ceiling, they would be over it together.
 */
function seatHold({ plan, settings, agentCount, waitingCreates }: SafetyInput): Hold | null {
  const { seatCeiling } = settings;
  const creates = plan.changes.filter(({ action }) => action === 'create').length;
  if (seatCeiling === null || creates === 0 || agentCount + waitingCreates + creates <= seatCeiling)
    return null;
  const extent = Math.min(creates, agentCount + waitingCreates + creates - seatCeiling);
  const waiting = waitingCreates === 0 ? '' : ` and ${waitingCreates} that wait in other plans`;
  return hold(
    'seat-ceiling',
    `${creates} new agents on top of ${agentCount}${waiting} make more than the ${seatCeiling} seats of this account, which the vendor bills at once. Free seats, raise the ceiling or approve the plan.`,
    { extent },
  );
}

function budgetHold({ settings, recentRemovals }: SafetyInput, { departures }: RemovalCensus): Hold | null {
  const { removalsPerHourMax } = settings;
  if (departures === 0 || recentRemovals + departures <= removalsPerHourMax) return null;
  return hold(
    'removal-budget',
    `${recentRemovals} agents were parked or deleted within the last hour and ${departures} more would be; this account allows ${removalsPerHourMax} an hour. Check the directory, then approve the plan.`,
  );
}

function flappingHold({ plan, settings, recentHistory, now }: SafetyInput): Hold | null {
  const max = settings.flapsPerDayMax;
  const flapping = flappingChanges(plan, recentHistory, { max, now });
  const people = [...new Set(flapping.map(({ email }) => email))];
  if (people.length === 0) return null;
  return hold(
    'flapping',
    `The same access was given and taken ${max} times or more within a day for ${people.slice(0, 5).join(', ')}${people.length > 5 ? ` and ${people.length - 5} more` : ''}. Two sources may be at odds. Find out which, then approve the plan.`,
    { about: people },
  );
}

/** Whether `count` is more than this share of `total`; 29 of 100 is not more than 0.29, whatever floats say. */
function isMoreThan(count: number, share: number, total: number): boolean {
  return count - share * total > 1e-9;
}

function hold(code: HoldCode, message: string, more: Pick<Hold, 'about' | 'extent'> = {}): Hold {
  return { code, message, ...more };
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
