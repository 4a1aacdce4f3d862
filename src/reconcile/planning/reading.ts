import type { ActualState } from '../../domain/state.js';
import type { AgentRef, OnReadProgress } from '../../providers/port.js';
import type { AccountKey } from '../account.js';
import type { OpenVendor, ReadingStore } from '../ports.js';

/** What a plan needs to know of the account, and how fresh. */
export interface ReadingNeed {
  readonly refs: readonly AgentRef[];
  /** Epoch milliseconds by the shared clock: a reading from before is not good enough. */
  readonly freshSince: number;
  /** This moment: a reading from after it was made before a clock was set back, and of unknown age. */
  readonly now: number;
  /** Every agent is needed, such as for the number of seats. */
  readonly isWhole: boolean;
  readonly onProgress?: OnReadProgress | undefined;
}

export interface Reading {
  readonly actual: ActualState;
  /** Ids that a partial reading asked for: asked and not read means gone at the vendor. */
  readonly askedAgents: readonly string[];
}

/** Reads an account as rarely as the plans allow. */
export interface AccountReader {
  read(need: ReadingNeed): Promise<Reading>;
  /** Epoch milliseconds by the clock of `freshSince`. */
  now(): Promise<number>;
  /** The last reading is not true any more, in ways that no link tells: the next one is made anew. */
  distrust(): Promise<void>;
  /**
   * One agent was deleted since: whoever comes back must not be taken for them. What is stored was corrected by what
   * recorded the deletion; this corrects what is in memory.
   */
  forget(providerUserId: string): Promise<void>;
}

/** Users on one page of a vendor's list, for the choice between a few looks and the whole list. */
const PAGE_SIZE = 50;

/** Keeps the last whole reading, here and in the store: pushes that follow one another share it. */
export function makeAccountReader(deps: {
  readonly account: AccountKey;
  readonly vendor: OpenVendor;
  readonly readings: ReadingStore;
}): AccountReader {
  const { account, vendor, readings } = deps;
  let known: Promise<ActualState | null> | null = null;

  async function readWhole(onProgress?: OnReadProgress): Promise<Reading> {
    const readAt = await readings.now(account);
    const actual = { ...(await vendor.provider.readAll(onProgress)), readAt };
    known = Promise.resolve(actual);
    await readings.save(account, actual);
    return { actual, askedAgents: [] };
  }

  return {
    now: () => readings.now(account),
    async distrust() {
      known = Promise.resolve(null);
      await readings.drop(account);
    },
    async forget(providerUserId) {
      const last = await known;
      if (last === null) return;
      const agents = last.agents.filter((agent) => agent.providerUserId !== providerUserId);
      known = Promise.resolve({ ...last, agents });
    },
    async read({ refs, freshSince, now, isWhole, onProgress }) {
      known ??= readings.latest(account);
      const last = await known;
      if (last !== null && last.readAt >= freshSince && last.readAt <= now) {
        vendor.provider.recall?.(last);
        return { actual: last, askedAgents: [] };
      }
      const pages = last === null ? 1 : Math.max(1, Math.ceil(last.agents.length / PAGE_SIZE));
      if (isWhole || refs.length >= pages) return readWhole(onProgress);
      const actual = await vendor.provider.readSubjects(refs);
      const askedAgents = refs.flatMap((ref) => (ref.by === 'id' ? [ref.providerUserId] : []));
      return { actual, askedAgents };
    },
  };
}
