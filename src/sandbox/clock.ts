/** The time inside a sandbox: real (or given) time plus whatever a person has advanced it by. */
export interface SandboxClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves the sandbox into the future; going back is refused, since expiries would come undone. */
  advance(ms: number): void;
  /** What `advance` added up to; kept in the state file. */
  offsetMs(): number;
}

export function makeSandboxClock({
  now,
  offsetMs,
}: {
  readonly now: () => number;
  readonly offsetMs: number;
}): SandboxClock {
  let offset = offsetMs;
  return {
    now: () => now() + offset,
    offsetMs: () => offset,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) {
        throw new RangeError(`The sandbox clock only moves forward; got ${ms} ms.`);
      }
      offset += ms;
    },
  };
}
