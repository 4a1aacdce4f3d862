/** How many requests are left to spend. Times are the sandbox's, in milliseconds. */
export interface Budget {
  take(): boolean;
  remaining(): number;
  /** When requests are possible again. */
  resetAt(): number;
}

export interface Rate {
  /** Requests in each period; Infinity for no limit. */
  readonly limit: number;
  readonly periodMs: number;
}

/** So many requests in a window that begins with its first request. */
export function makeWindow({ limit, periodMs }: Rate, now: () => number): Budget {
  let startedAt = -Infinity;
  let used = 0;
  function roll(): void {
    if (now() < startedAt + periodMs) return;
    startedAt = now();
    used = 0;
  }
  return {
    take() {
      roll();
      if (used >= limit) return false;
      used += 1;
      return true;
    },
    remaining: () => limit - used,
    resetAt: () => startedAt + periodMs,
  };
}

/** Refills evenly; a full bucket may be spent at once. */
export function makeBucket({ limit, periodMs }: Rate, now: () => number): Budget {
  let tokens = limit;
  let filledAt = now();
  function fill(): void {
    const gained = ((now() - filledAt) / periodMs) * limit;
    tokens = Math.min(limit, tokens + gained);
    filledAt = now();
  }
  return {
    take() {
      if (limit === Infinity) return true;
      fill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    remaining: () => Math.floor(tokens),
    resetAt: () => Math.ceil(filledAt + (Math.max(0, 1 - tokens) * periodMs) / limit),
  };
}
