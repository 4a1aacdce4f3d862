import type { Logger } from 'pino';
import type { DirectoryChangeListener } from '../directory/ports.js';
import type { AccountKey } from '../reconcile/account.js';

export interface DrainHintsDeps {
  readonly listAccounts: (tenantId: string) => Promise<readonly AccountKey[]>;
  readonly enqueueDrain: (account: AccountKey, options: { readonly urgent: boolean }) => Promise<void>;
  readonly log: Logger;
  /** Ordinary changes of one tenant within this time share one hint. Leavers never wait. */
  readonly gatherMs: number;
}

export interface DrainHints {
  readonly onDirectoryChange: DirectoryChangeListener;
  /** Sends what is gathered and resolves when no hint is under way any more. */
  stop(): Promise<void>;
}

/**
 * Tells the queue that a tenant's accounts have work. The marks in the database are what counts; a hint that is
 * lost only costs the time until the next sweep.
 */
export function makeDrainHints(deps: DrainHintsDeps): DrainHints {
  const gathering = new Map<string, NodeJS.Timeout>();
  const underWay = new Set<Promise<void>>();
  const send = (tenantId: string, urgent: boolean): void => {
    const hint = hintAll(deps, tenantId, urgent).finally(() => underWay.delete(hint));
    underWay.add(hint);
  };
  const sendGathered = (tenantId: string): void => {
    clearTimeout(gathering.get(tenantId));
    gathering.delete(tenantId);
    send(tenantId, false);
  };
  return {
    onDirectoryChange(tenantId, { urgent }) {
      if (urgent) send(tenantId, true);
      else if (!gathering.has(tenantId)) {
        gathering.set(tenantId, setTimeout(() => sendGathered(tenantId), deps.gatherMs)); // prettier-ignore
      }
    },
    async stop() {
      for (const tenantId of gathering.keys()) sendGathered(tenantId);
      await Promise.all(underWay);
    },
  };
}

async function hintAll(deps: DrainHintsDeps, tenantId: string, urgent: boolean): Promise<void> {
  try {
    for (const account of await deps.listAccounts(tenantId)) await deps.enqueueDrain(account, { urgent });
  } catch (error) {
    deps.log.warn({ err: error, tenantId }, 'no hint to the queue; the sweep makes up for it');
  }
}
