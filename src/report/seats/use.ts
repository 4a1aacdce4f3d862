import { AppError } from '../../domain/errors.js';
import type { AgentUse } from '../../domain/findings/seats.js';
import type { ActualAgent } from '../../domain/state.js';
import type { Clock } from '../../lib/clock.js';
import type { CallQuery, Provider } from '../../providers/port.js';
import type { AccountKey } from '../../reconcile/ports.js';
import type { RunProgress } from '../ports.js';
import type { UseStore } from './ports.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A call is listed when it is over: the end of the last look is looked at again. */
const OVERLAP_MS = 6 * 60 * 60 * 1000;
/** How often it is looked whether something more urgent waits no longer. */
const GIVE_WAY_MS = 2_000;
const GIVE_WAY_MAX_MS = 10 * 60_000;

export interface UseDeps {
  readonly use: UseStore;
  readonly clock: Clock;
  /** Throws when the process is to stop. */
  readonly sleep: (ms: number) => Promise<void>;
}

export interface UseRequest {
  readonly account: AccountKey;
  readonly provider: Pick<Provider, 'calls' | 'lastCall'>;
  readonly agents: readonly ActualAgent[];
  /** Looked at every time: people who left. */
  readonly watched: ReadonlySet<string>;
  readonly unusedAfterDays: number;
  readonly progress: (progress: RunProgress) => Promise<void>;
}

/**
 * Looks up who called since the last look, one request for each agent that may be without use; whoever called lately
 * is not asked about. Each answer is kept at once, so that an interrupted look goes on where it was. Whatever else
 * waits in the account goes first. null: the vendor does not list calls.
 */
export async function measureUse(
  deps: UseDeps,
  request: UseRequest,
): Promise<ReadonlyMap<string, AgentUse> | null> {
  const { account, agents, provider, progress } = request;
  if (provider.lastCall === undefined && provider.calls === undefined) return null;
  await deps.use.keepOnly(
    account,
    agents.map(({ providerUserId }) => providerUserId),
  );
  const known = new Map(await deps.use.list(account));
  const now = deps.clock.now().getTime();
  const asked = agents.flatMap(({ providerUserId }) => {
    const query = queryFor(request, providerUserId, known.get(providerUserId), now);
    return query === null ? [] : [query];
  });
  for (const [index, query] of asked.entries()) {
    await giveWay(deps, request);
    const before = known.get(query.providerUserId);
    const found = await lastCallOf(provider, query);
    const use = {
      lastCallAt: latest(before?.lastCallAt ?? null, found),
      searchedFrom: Math.min(before?.searchedFrom ?? query.from, query.from),
      searchedTo: query.to,
    };
    await deps.use.save(account, query.providerUserId, use);
    known.set(query.providerUserId, use);
    await progress({ phase: 'looking up calls', done: index + 1, total: asked.length });
  }
  return known;
}

/** null: there is nothing to learn about this agent. */
function queryFor(
  { watched, unusedAfterDays }: UseRequest,
  providerUserId: string,
  known: AgentUse | undefined,
  now: number,
): CallQuery | null {
  const horizon = now - unusedAfterDays * DAY_MS;
  const isFresh = (known?.lastCallAt ?? 0) > now - (unusedAfterDays * DAY_MS) / 2;
  if (isFresh && !watched.has(providerUserId)) return null;
  // Where more days count than were looked at so far, all of it is looked at again.
  const reachesBack = known !== undefined && known.searchedFrom <= horizon;
  const from = reachesBack ? Math.max(horizon, known.searchedTo - OVERLAP_MS) : horizon;
  return { providerUserId, from, to: now };
}

async function giveWay({ use, clock, sleep }: UseDeps, { account, progress }: UseRequest): Promise<void> {
  const givenUpAt = new Date(clock.now().getTime() + GIVE_WAY_MAX_MS);
  while (await use.isBusy(account, clock.now())) {
    if (clock.now() >= givenUpAt) {
      throw new AppError(
        'rateLimited',
        'Other changes of this account went first all the time. The look at its calls goes on later where it was.',
        { retryAt: new Date(givenUpAt.getTime() + GIVE_WAY_MAX_MS) },
      );
    }
    await progress({ phase: 'waiting until more urgent changes are made' });
    await sleep(GIVE_WAY_MS);
  }
}

async function lastCallOf(provider: UseRequest['provider'], query: CallQuery): Promise<number | null> {
  if (provider.lastCall !== undefined) return provider.lastCall(query);
  let last: number | null = null;
  for await (const call of provider.calls?.(query) ?? []) last = latest(last, call.startedAt);
  return last;
}

function latest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
