import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../domain/errors.js';
import type { Clock } from '../lib/clock.js';
import type { Pacer } from '../providers/port.js';
import { makePacer } from '../reconcile/pacing/pacer.js';
import type { VendorOpener } from '../reconcile/ports.js';
import type { TenantDatabase } from '../store/database.js';
import { makePaceStore } from '../store/pace.js';
import type { AccountStore } from '../tenancy/ports.js';
import type { ProviderAccess } from './provider-access.js';

export interface VendorOpenerDeps {
  readonly accounts: AccountStore;
  readonly providers: ProviderAccess;
  readonly database: TenantDatabase;
  readonly clock: Clock;
}

/** Opens an account's vendor for the engine: its credential, its capabilities, its shared request budget. */
export function makeVendorOpener({ accounts, providers, database, clock }: VendorOpenerDeps): VendorOpener {
  return {
    async open(key, { sliceEndsAt, signal, assertMayCall }) {
      const account = await accounts.find(key.tenantId, key.accountId);
      if (account === null) throw new AppError('notFound', 'This account does not exist any more.');
      const definition = providers.definition(account.provider);
      const config = definition.configSchema.parse(account.config);
      const pacer = makePacer({
        store: makePaceStore(database, key),
        settings: definition.pacingFor(config),
        now: () => clock.now().getTime(),
        // Woken by a stop, the pacer asks again and finds that the slice is over.
        sleep: (ms) => sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
        sliceEndsAt,
      });
      return {
        displayName: definition.displayName,
        provider: providers.open(account, guardCalls(pacer, assertMayCall)),
        capabilities: definition.capabilitiesFor(config),
        limits: definition.limits,
        // Owners and the last administrator are found in the readings; the credential's own user is an e-mail on
        // the account's list of protected people, because no API tells whose the credential is.
        protections: [],
        dashboard: definition.dashboard,
        dashboardLink: (place) => definition.dashboardLink(config, place),
      };
    },
  };
}

/** The wait for the budget may be long: whether we may still call is asked after it, right before the request. */
function guardCalls(pacer: Pacer, assertMayCall: () => void | Promise<void>): Pacer {
  return {
    async take(requests) {
      await pacer.take(requests);
      await assertMayCall();
    },
    observe: (signal) => pacer.observe(signal),
  };
}
