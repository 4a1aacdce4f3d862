import type { CallRecord } from './records.js';

/** Calls in the order in which they began, over all and by user. */
export interface CallIndex {
  readonly size: number;
  get(id: number): CallRecord | undefined;
  add(calls: readonly CallRecord[]): void;
  /** Calls that began within [from, to], both in seconds, oldest first; of one user when given. */
  between(from: number, to: number, userId?: number): readonly CallRecord[];
  all(): readonly CallRecord[];
}

export function makeCallIndex(initial: readonly CallRecord[]): CallIndex {
  const byId = new Map<number, CallRecord>();
  const ordered: CallRecord[] = [];
  const byUser = new Map<number, CallRecord[]>();

  function listOf(userId: number): CallRecord[] {
    const known = byUser.get(userId);
    if (known !== undefined) return known;
    const created: CallRecord[] = [];
    byUser.set(userId, created);
    return created;
  }

  function add(calls: readonly CallRecord[]): void {
    const touched = new Set<CallRecord[]>([ordered]);
    for (const call of calls) {
      byId.set(call.id, call);
      ordered.push(call);
      if (call.userId === null) continue;
      const list = listOf(call.userId);
      list.push(call);
      touched.add(list);
    }
    for (const list of touched) list.sort(byStart);
  }

  add(initial);
  return {
    get size() {
      return ordered.length;
    },
    get: (id) => byId.get(id),
    all: () => ordered,
    add,
    between(from, to, userId) {
      const list = userId === undefined ? ordered : (byUser.get(userId) ?? []);
      return list.slice(firstFrom(list, from), firstFrom(list, to + 1));
    },
  };
}

function byStart(a: CallRecord, b: CallRecord): number {
  return a.startedAt - b.startedAt || a.id - b.id;
}

function firstFrom(calls: readonly CallRecord[], startedAt: number): number {
  let low = 0;
  let high = calls.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((calls[middle]?.startedAt ?? 0) >= startedAt) high = middle;
    else low = middle + 1;
  }
  return low;
}
