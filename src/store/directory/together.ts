import { setImmediate } from 'node:timers/promises';

/** How long an item waits at most for others' statements: one of them may be waiting for somebody's lock. */
const PATIENCE_MS = 50;
/** Statements of one lane at a time: while the database works on it, the next one fills. */
const MAX_RUNNING = 1;
const MAX_ITEMS = 20;

export interface TogetherOptions<Item, Result> {
  /** Items of different lanes never share a statement. */
  readonly laneOf: (item: Item) => string;
  /** Items of the same identity never share a statement: the later one begins from what the earlier one left. */
  readonly identityOf: (item: Item) => string;
  /** One statement, all or nothing. Results in the order of the items. */
  readonly write: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Whether a failure may be due to a single item, and surely nothing was written: then each is tried alone. */
  readonly isOnesFault: (error: unknown) => boolean;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

interface Lane<Item, Result> {
  running: number;
  waiting: readonly Waiting<Item, Result>[];
  /** Until the next statement begins by itself. */
  timer: NodeJS.Timeout | null;
  isAwake: boolean;
}

/**
 * Writes that arrive while others of their lane are under way go into one statement: an IdP that pushes over several
 * connections costs one commit and one round trip for all of them. Whoever comes alone waits for nobody. Every promise
 * is kept only after its own statement was committed; somebody else's bad item makes no other one fail.
 */
export function makeTogether<Item, Result>(
  options: TogetherOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  const lanes = new Map<string, Lane<Item, Result>>();

  const begin = (name: string, lane: Lane<Item, Result>): void => {
    if (lane.timer !== null) clearTimeout(lane.timer);
    [lane.timer, lane.isAwake] = [null, false];
    if (lane.waiting.length === 0) return;
    const { taken, left } = takeTogether(lane.waiting, options.identityOf);
    lane.waiting = left;
    lane.running += 1;
    void settle(taken, options, () => {
      lane.running -= 1;
      const hasNext = lane.waiting.length > 0;
      if (hasNext) begin(name, lane);
      else if (lane.running === 0) lanes.delete(name);
      return hasNext;
    });
    if (left.length > 0) wake(name, lane);
  };

  const wake = (name: string, lane: Lane<Item, Result>): void => {
    if (lane.isAwake) return;
    if (lane.running < MAX_RUNNING) {
      lane.isAwake = true;
      // What is read from other connections in this very turn comes along.
      void setImmediate().then(() => begin(name, lane));
    } else lane.timer ??= setTimeout(() => begin(name, lane), PATIENCE_MS);
  };

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      const name = options.laneOf(item);
      const lane = lanes.get(name) ?? { running: 0, waiting: [], timer: null, isAwake: false };
      lanes.set(name, lane);
      lane.waiting = [...lane.waiting, { item, resolve, reject }];
      wake(name, lane);
    });
}

function takeTogether<Item, Result>(
  waiting: readonly Waiting<Item, Result>[],
  identityOf: (item: Item) => string,
) {
  const taken = new Map<string, Waiting<Item, Result>>();
  const left: Waiting<Item, Result>[] = [];
  for (const one of waiting) {
    const identity = identityOf(one.item);
    if (taken.size < MAX_ITEMS && !taken.has(identity)) taken.set(identity, one);
    else left.push(one);
  }
  return { taken: [...taken.values()], left };
}

/**
 * `ended` is told before anybody gets a result, and says whether it began another statement. Then results wait until
 * that one was sent, a few promises later: the database works on it while answers are made, and would idle otherwise.
 */
async function settle<Item, Result>(
  group: readonly Waiting<Item, Result>[],
  options: TogetherOptions<Item, Result>,
  ended: () => boolean,
): Promise<void> {
  try {
    const results = await options.write(group.map(({ item }) => item));
    if (ended()) await setImmediate();
    group.forEach(({ resolve }, index) => resolve(results[index] as Result));
  } catch (error) {
    if (group.length > 1 && options.isOnesFault(error)) {
      for (const one of group) await settle([one], options, () => false);
      ended();
      return;
    }
    ended();
    group.forEach(({ reject }) => reject(error));
  }
}
