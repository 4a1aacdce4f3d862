import type { Logger } from 'pino';
import type { AccountKey } from '../account.js';
import type { StopReason } from '../run.js';
import type { ObservedComparison, ReconcileObserver } from './ports.js';

const done = (): Promise<void> => Promise.resolve();
const NOBODY: ObservedComparison = {
  progress: () => undefined,
  compared: done,
  failed: done,
  postponed: done,
};

export interface Observed extends Pick<ObservedComparison, 'progress' | 'compared' | 'failed'> {
  /** The run ended before there was a plan; null: by something unforeseen. */
  stopped(reason: StopReason | null): Promise<void>;
}

/** Tells the observer, if there is one. A report that cannot be written must not keep a leaver inside. */
export async function observe(
  { observer, log }: { readonly observer?: ReconcileObserver; readonly log: Logger },
  account: AccountKey,
  trigger: string,
): Promise<Observed> {
  const quietly = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      log.error({ err: error, accountId: account.accountId }, 'comparison not recorded');
      return null;
    }
  };
  const observed =
    (await quietly(() => observer?.begin(account, trigger) ?? Promise.resolve(NOBODY))) ?? NOBODY;
  return {
    progress: (step) => observed.progress(step),
    compared: async (comparison) => void (await quietly(() => observed.compared(comparison))),
    failed: async (reason) => void (await quietly(() => observed.failed(reason))),
    async stopped(reason) {
      const message = messageOf(reason);
      await quietly(() => (message === null ? observed.postponed() : observed.failed(message)));
    },
  };
}

/** null: it is only put off. */
function messageOf(reason: StopReason | null): string | null {
  if (reason === null) return 'Something unexpected happened; the log says what.';
  switch (reason.type) {
    case 'paused':
    case 'vendor-ill':
      return reason.message;
    case 'wait':
    case 'lost':
    case 'over':
      return null;
  }
}
