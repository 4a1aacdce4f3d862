import { derivePublicUrl } from '../config/config.js';
import { makeHints, type Hints } from '../report/hints/hints.js';
import { makeWebhooks, type Webhooks } from '../report/hints/webhooks.js';
import type { VendorOpener } from '../reconcile/ports.js';
import type { EngineDeps } from '../reconcile/run.js';
import { listsCalls } from '../providers/registry.js';
import { makeComparisonsView } from '../store/report/comparisons-view.js';
import { makeHintStore } from '../store/report/hints.js';
import { makeAgentHintStore } from '../store/vendor-hints.js';
import type { Services } from './services.js';

/** What vendors tell of changes, on this process's database and vendors. */
export interface VendorHints {
  readonly hints: Hints;
  readonly webhooks: Webhooks;
}

export function buildHints(services: Services, engine: EngineDeps, vendors: VendorOpener): VendorHints {
  const { database, clock, accountStore, providers, config } = services;
  const hints = makeHintStore(database);
  const agents = makeAgentHintStore(database);
  const view = makeComparisonsView(database, listsCalls);
  return {
    hints: makeHints({
      hints,
      async readEvent({ tenantId, accountId }, body) {
        const account = await accountStore.find(tenantId, accountId);
        return account === null
          ? null
          : (providers.definition(account.provider).readDelivery?.(body) ?? null);
      },
      async lookAgain(account, subjectIds) {
        // Made before the vendor said that something happened, so they do not show it.
        await engine.readings.drop(account);
        const at = clock.now();
        await agents.suspectRoles(account, subjectIds, at);
        await engine.marks.mark(account, subjectIds, { reason: 'webhook', at });
      },
      noteUse: (account, providerUserId) => agents.noteUse(account, providerUserId, clock.now()),
      compareAt: (account, at) => engine.accounts.scheduleReconcile(account, 'webhook', at),
      async lastComparedAt({ tenantId, accountId }) {
        const source = { tenantId, type: 'account', id: accountId } as const;
        return (await view.runs(tenantId, { source, limit: 1 }))[0]?.startedAt ?? null;
      },
      clock,
    }),
    webhooks: makeWebhooks({ hints, vendors, publicUrl: derivePublicUrl(config, config.port), clock }),
  };
}
