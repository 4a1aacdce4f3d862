/** What was seen of the vendor after a deletion. Moments are milliseconds since the epoch. */
export interface Proof {
  /** The vendor answered a look by id with "does not exist". */
  readonly goneAt: number;
  /** The vendor's list of agents did not hold it; `listed`: how many it held. */
  readonly absence: { readonly at: number; readonly listed: number } | null;
  /** Recordings asked for at the line; null where the vendor offers no such look. */
  readonly samples: readonly Sample[] | null;
}

export interface Sample {
  readonly callId: string;
  readonly at: number;
  readonly answers: boolean;
}

/**
 * Which of the recorded calls are asked for: spread evenly from the first to the last, the same ones every time, so
 * that a crash does not ask for others until some happen to answer.
 */
export function chooseSamples<Call>(recorded: readonly Call[], count: number): readonly Call[] {
  if (recorded.length <= count) return recorded;
  if (count === 1) return recorded.slice(0, 1);
  const step = (recorded.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => recorded[Math.round(index * step)]).filter(
    (one) => one !== undefined,
  );
}
