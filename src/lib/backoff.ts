export interface Backoff {
  /** Longest wait before the first retry, milliseconds. */
  readonly baseMs: number;
  /** Longest wait of all, milliseconds. */
  readonly capMs: number;
  /** In [0, 1), like Math.random. */
  readonly random: () => number;
}

/**
 * How long to wait before retry number `retry` (0 is the first): anything between nothing and a bound that doubles
 * each time. Spreading over the whole range keeps many clients that failed together from returning together.
 */
export function backoffDelayMs(retry: number, { baseMs, capMs, random }: Backoff): number {
  const boundMs = Math.min(capMs, baseMs * 2 ** Math.max(0, retry));
  return Math.floor(random() * boundMs);
}
