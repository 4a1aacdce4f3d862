import { AppError } from '../../domain/errors.js';
import { SEAT_CLASSES } from '../../domain/findings/finding.js';
import { findSeats, type AgentUse, type SeatCounts } from '../../domain/findings/seats.js';
import type { ActualState, Link } from '../../domain/state.js';
import type { AccountKey, OpenVendor, ReadingStore, VendorOpener } from '../../reconcile/ports.js';
import { runComparison, type OnRunProgress, type RunDeps, type RunOutcome } from '../comparisons/run.js';
import type {
  AccountFactsReader,
  ComparisonFigures,
  ComparisonSource,
  FindingStore,
  Money,
  RunProgress,
  SeatFigures,
  UseKnown,
} from '../ports.js';
import { measureUse, type UseDeps } from './use.js';

/** What the account's settings say of seats. */
export interface SeatSettings {
  readonly isPaused: boolean;
  readonly unusedAfterDays: number | null;
  readonly contracted: number | null;
  readonly minimum: number | null;
  /** For one seat and month; null: not entered. */
  readonly price: Money | null;
}

export interface SeatDeps extends RunDeps, UseDeps {
  readonly findings: FindingStore;
  readonly facts: AccountFactsReader;
  readonly readings: ReadingStore;
  readonly links: { listLive(account: AccountKey, which: 'all'): Promise<readonly Link[]> };
  readonly vendors: VendorOpener;
  /** Throws AppError `notFound`. */
  readonly settingsOf: (account: AccountKey) => Promise<SeatSettings>;
}

/** Compares what an account pays for with what of it is used. Throws AppError `conflict` for a paused account. */
export type CompareSeats = (
  source: ComparisonSource,
  trigger: string,
  onProgress?: OnRunProgress,
) => Promise<RunOutcome>;

export function makeCompareSeats(deps: SeatDeps): CompareSeats {
  return async (source, trigger, onProgress) => {
    const account = { tenantId: source.tenantId, accountId: source.id };
    const settings = await deps.settingsOf(account);
    if (settings.isPaused)
      throw new AppError('conflict', 'The account is paused: no call is made to its vendor.');
    return runComparison(deps, {
      source,
      trigger,
      onProgress,
      work: (runId, progress) => compare(deps, source, account, settings, runId, progress),
    });
  };
}

async function compare(
  deps: SeatDeps,
  source: ComparisonSource,
  account: AccountKey,
  settings: SeatSettings,
  runId: string,
  progress: (progress: RunProgress) => Promise<void>,
): Promise<ComparisonFigures> {
  const reading = await deps.readings.latest(account);
  if (reading === null) {
    throw new AppError(
      'unavailable',
      'The phone system was not read yet. The next comparison follows its first reading.',
    );
  }
  const vendor = await deps.vendors.open(account, ANY_TIME);
  const links = await deps.links.listLive(account, 'all');
  const parked = links.flatMap(({ state, providerUserId }) => (state === 'active' ? [] : [providerUserId]));
  const use = await useOf(deps, { account, vendor, reading, settings, progress, watched: new Set(parked) });
  const { invitedAt } = await deps.facts.read(account);
  const { findings, counts } = findSeats({
    agents: reading.agents,
    links,
    use,
    createdAt: invitedAt,
    invitationStateReadable: vendor.capabilities.invitationStateReadable,
    unusedAfterDays: settings.unusedAfterDays,
    contracted: settings.contracted,
    now: deps.clock.now().getTime(),
  });
  return deps.findings.record(source, {
    runId,
    at: deps.clock.now(),
    covers: SEAT_CLASSES,
    findings,
    newId: deps.newId,
    figures: {
      agents: counts.held,
      parked: counts.parked,
      seats: { ...figuresOf(counts, settings), use: useKnown(vendor, settings, counts) },
    },
    baseline: null,
  });
}

/** Nobody waits for this one: it takes what the request budget leaves. */
const ANY_TIME = { sliceEndsAt: () => Infinity, assertMayCall: () => undefined };

interface Measured {
  readonly account: AccountKey;
  readonly vendor: OpenVendor;
  readonly reading: ActualState;
  readonly settings: SeatSettings;
  readonly watched: ReadonlySet<string>;
  readonly progress: (progress: RunProgress) => Promise<void>;
}

async function useOf(
  deps: SeatDeps,
  { account, vendor, reading, settings: { unusedAfterDays }, watched, progress }: Measured,
): Promise<ReadonlyMap<string, AgentUse> | null> {
  if (unusedAfterDays === null) return null;
  const days = Math.min(unusedAfterDays, vendor.limits.callHistoryDays ?? unusedAfterDays);
  return measureUse(deps, {
    account,
    provider: vendor.provider,
    agents: reading.agents,
    watched,
    unusedAfterDays: days,
    progress,
  });
}

function useKnown(
  { capabilities }: OpenVendor,
  { unusedAfterDays }: SeatSettings,
  { unused }: SeatCounts,
): UseKnown {
  if (capabilities.listsCalls === false) return 'not-listed';
  if (unusedAfterDays === null) return 'off';
  return unused === null ? 'partly' : 'measured';
}

function figuresOf(counts: SeatCounts, { contracted, minimum, price }: SeatSettings): SeatFigures {
  const billed = Math.max(counts.held, contracted ?? 0, minimum ?? 0);
  const cost = (seats: number): Money | null =>
    price === null
      ? null
      : { amount: Math.round(seats * price.amount * 100) / 100, currency: price.currency };
  return {
    ...counts,
    contracted,
    minimum,
    billed,
    nextInvoice: cost(billed),
    idleCost: cost(counts.parked + (counts.unused ?? 0)),
  };
}
