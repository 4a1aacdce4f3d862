import type { AgentRef } from '../../providers/port.js';
import type { Clock } from '../../lib/clock.js';
import type { EngineAccount } from '../account.js';
import type { StoredLink } from '../links.js';
import type { OpenVendor } from '../ports.js';
import type { People } from './people.js';
import type { AccountReader, ReadingNeed } from './reading.js';
import type { PlanRequest } from './request.js';

export interface ReadingNeedDeps {
  readonly account: EngineAccount;
  readonly vendor: OpenVendor;
  readonly reader: AccountReader;
  readonly clock: Clock;
}

/** What a plan for these people has to see of the account, and how fresh. */
export async function readingNeed(
  { account, clock, reader, vendor }: ReadingNeedDeps,
  request: PlanRequest,
  { states }: People,
  links: readonly StoredLink[],
): Promise<ReadingNeed> {
  const linked = new Set(links.map(({ subjectId }) => subjectId));
  const byId = links.map(({ providerUserId }): AgentRef => ({ by: 'id', providerUserId }));
  const byEmail = [...states.values()].flatMap(({ subjectId, email }): readonly AgentRef[] =>
    linked.has(subjectId) || email === null ? [] : [{ by: 'email', email }],
  );
  // What we wrote after the reading it does not show; a link younger than it would look like a missing agent.
  const lastWrite = links.reduce((latest, { updatedAt }) => Math.max(latest, updatedAt + 1), 0);
  // What people confirm is true at once, and costs no request to read.
  const readingAgeMaxMs = vendor.capabilities.writes === 'manual' ? 0 : request.readingAgeMaxMs;
  const now = Math.max(clock.now().getTime(), await reader.now());
  const age = readingAgeMaxMs === 0 ? Infinity : now - readingAgeMaxMs;
  const isAll = request.subjectIds === 'all';
  const hasNewcomer = [...states.values()].some(
    ({ type, subjectId }) => type === 'wanted' && !linked.has(subjectId),
  );
  // Agents that are parked, or nobody's, have a seat as well, and no active link tells of them.
  const countsSeats = hasNewcomer && account.settings.safety.seatCeiling !== null;
  return {
    refs: [...byId, ...byEmail],
    freshSince: Math.max(age, isAll ? 0 : lastWrite),
    now,
    isWhole: isAll || countsSeats || links.some((link) => losesAdmin(link, states)),
    onProgress: request.onProgress,
  };
}

/** Whether an administrator is to be one no longer: who else is one shows only in a reading of everybody. */
function losesAdmin({ subjectId, lastWritten }: StoredLink, states: People['states']): boolean {
  const state = states.get(subjectId);
  if (state === undefined || lastWritten?.entitlements.role !== 'admin') return false;
  return state.type === 'leaver' || state.derived.entitlements.role !== 'admin';
}
