import type { AccountPacing, LimitSignal } from '../../providers/port.js';

/** One account's budget, shared by all processes. Times are milliseconds since the epoch. */
export interface PaceState {
  readonly tokens: number;
  readonly refilledAt: number;
  /** No request before this moment; 0 when nobody asked for a pause. */
  readonly blockedUntil: number;
  /** The limit that the vendor named last; null until it does. */
  readonly limitPerMinute: number | null;
  /** 0.1..1: how far unexplained 429s have slowed us; grows back with time. */
  readonly slowdown: number;
}

export interface Turn {
  readonly state: PaceState;
  /** 0: the request may go now and is paid for. Otherwise nothing was taken: ask again after so many milliseconds. */
  readonly waitMs: number;
}

const MINUTE_MS = 60_000;
/**
 * One request takes longer to arrive than the next. The vendor counts arrivals, so that a minute's requests are
 * spread over this much more than its minute; without it the exact limit is met by a 429 now and then.
 */
const ARRIVAL_JITTER_MS = 500;
/** A vendor's pause is believed up to here; a date further off is a mistake that would stop the account for good. */
const LONGEST_BLOCK_MS = 3_600_000;
/** How much of a minute's requests may go at once. Every one of them is missing from the steady rate. */
const BURST_SHARE = 0.02;
const SLOWDOWN_STEP = 0.75;
const SLOWDOWN_MIN = 0.1;
const RECOVERY_PER_MINUTE = 0.02;
/** Sums of fractions of a token; a thousandth of a token is a fraction of a millisecond of waiting. */
const ROUNDING = 1e-6;

/** A full bucket for an account that nobody has called yet. */
export function initialPace(settings: AccountPacing, now: number): PaceState {
  const empty = { tokens: 0, refilledAt: now, blockedUntil: 0, limitPerMinute: null, slowdown: 1 };
  return { ...empty, tokens: burstOf(empty, settings) };
}

/**
 * Requests that may start in any 60 seconds. The burst and the steady rate are cut from it together, so that no
 * window anywhere holds more, wherever the vendor lets its own window begin.
 */
export function allowedPerMinute(
  state: Pick<PaceState, 'limitPerMinute' | 'slowdown'>,
  settings: AccountPacing,
): number {
  const limit = Math.min(settings.limitPerMinute, state.limitPerMinute ?? Infinity);
  return Math.max(1, Math.floor(limit * (1 - settings.shareForOthers) * state.slowdown));
}

/** Asks for one request at `now`. */
export function takeTurn(state: PaceState, settings: AccountPacing, now: number): Turn {
  const filled = refill(state, settings, now);
  if (filled.blockedUntil > now) return { state: filled, waitMs: filled.blockedUntil - now };
  if (filled.tokens < 1 - ROUNDING) {
    return { state: filled, waitMs: Math.ceil((1 - filled.tokens) / ratePerMs(filled, settings)) };
  }
  return { state: { ...filled, tokens: Math.max(0, filled.tokens - 1) }, waitMs: 0 };
}

/** Learns from what the vendor said with an answer that arrived at `now`. */
export function observeLimit(
  state: PaceState,
  settings: AccountPacing,
  now: number,
  signal: LimitSignal,
): PaceState {
  const filled = refill(state, settings, now);
  const learned = { ...filled, limitPerMinute: signal.limitPerMinute ?? filled.limitPerMinute };
  const capped = { ...learned, tokens: Math.min(learned.tokens, burstOf(learned, settings)) };
  if (signal.retryAt !== undefined) return afterRefusal(filled, capped, settings, now, signal.retryAt);
  return leaveRest(capped, settings, now, signal);
}

/**
 * After a 429. A limit that turned out lower explains it; otherwise somebody else spends from the same budget,
 * or the setting is too high, and we give way. Answers to requests that were under way together count once.
 */
function afterRefusal(
  before: PaceState,
  state: PaceState,
  settings: AccountPacing,
  now: number,
  retryAt: number,
): PaceState {
  const isExplained = allowedPerMinute(state, settings) < allowedPerMinute(before, settings);
  const isRepeated = before.blockedUntil > now;
  const slowdown =
    isExplained || isRepeated ? state.slowdown : Math.max(SLOWDOWN_MIN, state.slowdown * SLOWDOWN_STEP);
  return block({ ...state, slowdown, tokens: 0 }, retryAt);
}

/** Stops before the others' share is touched, where the vendor tells what is left of its window. */
function leaveRest(state: PaceState, settings: AccountPacing, now: number, signal: LimitSignal): PaceState {
  const { remaining, resetAt } = signal;
  if (remaining === undefined || resetAt === undefined) return state;
  const limit = state.limitPerMinute ?? settings.limitPerMinute;
  if (remaining > Math.ceil(limit * settings.shareForOthers)) return state;
  return block(state, Math.min(resetAt, now + MINUTE_MS));
}

function block(state: PaceState, until: number): PaceState {
  return { ...state, blockedUntil: Math.max(state.blockedUntil, until) };
}

function refill(state: PaceState, settings: AccountPacing, now: number): PaceState {
  // Two machines' clocks differ a little: time never runs backwards here. A leap is a clock that was set right.
  const isLeap = state.refilledAt > now + MINUTE_MS;
  const refilledAt = isLeap ? now : Math.max(state.refilledAt, now);
  const elapsedMs = isLeap ? 0 : refilledAt - state.refilledAt;
  const tokens = state.tokens + elapsedMs * ratePerMs(state, settings);
  return {
    ...state,
    refilledAt,
    tokens: Math.min(burstOf(state, settings), tokens),
    blockedUntil: Math.min(state.blockedUntil, now + LONGEST_BLOCK_MS),
    slowdown: Math.min(1, state.slowdown + (elapsedMs / MINUTE_MS) * RECOVERY_PER_MINUTE),
  };
}

function burstOf(state: PaceState, settings: AccountPacing): number {
  const burst = 1 + Math.floor(allowedPerMinute(state, settings) * BURST_SHARE);
  return Math.min(burst, settings.burstMax ?? burst);
}

/** A full burst and then this rate make the allowed number within a minute, however unevenly they arrive. */
function ratePerMs(state: PaceState, settings: AccountPacing): number {
  return (allowedPerMinute(state, settings) - burstOf(state, settings) + 1) / (MINUTE_MS + ARRIVAL_JITTER_MS);
}
