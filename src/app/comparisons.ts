import { setTimeout as sleep } from 'node:timers/promises';
import { isAppError, AppError } from '../domain/errors.js';
import { makeUserDirectory } from '../directory/users.js';
import { IDP_DEFINITIONS } from '../idp/registry.js';
import { makeAddressResolver } from '../lib/address-resolver.js';
import { decryptSecret, encryptSecret, SecretUnreadableError, type Keyring } from '../lib/crypto.js';
import { makeHttpClient } from '../lib/http-client.js';
import type { FindingRuleReader, ReconcileObserver } from '../reconcile/observing/ports.js';
import type { AccountKey, VendorOpener } from '../reconcile/ports.js';
import type { EngineDeps } from '../reconcile/run.js';
import { makeAccountComparison } from '../report/comparisons/account.js';
import { makeAskComparison, type AskComparison } from '../report/comparisons/ask.js';
import { makeRequestedComparisons, type RequestedComparisons } from '../report/comparisons/requested.js';
import type { OnRunProgress, RunOutcome } from '../report/comparisons/run.js';
import { makeFindingRules, makeFindings, type Findings, type Fixer } from '../report/findings.js';
import type { IdpDeps } from '../report/idp-port.js';
import { makeMissedPushes } from '../report/missed-pushes/compare.js';
import type { IdpSourceStore } from '../report/missed-pushes/ports.js';
import { makeIdpSources, type IdpSources } from '../report/missed-pushes/sources.js';
import { makeCompareSeats, type SeatSettings } from '../report/seats/compare.js';
import type { ComparisonSource, FindingStore, PolicyStore, RunStore } from '../report/ports.js';
import type { ComparisonsView } from '../report/read-model.js';
import { makeDirectoryStore } from '../store/directory/store.js';
import { makeAccountFactsReader } from '../store/report/account-facts.js';
import { listsCalls } from '../providers/registry.js';
import { makeComparisonsView } from '../store/report/comparisons-view.js';
import { makeFindingStore } from '../store/report/findings.js';
import { makeIdpSourceStore } from '../store/report/idp-sources.js';
import { makePolicyStore } from '../store/report/policies.js';
import { makeComparisonRequestStore } from '../store/report/requests.js';
import { makeRunStore } from '../store/report/runs.js';
import { makeUseStore } from '../store/report/use.js';
import type { Services } from './services.js';

/** What is kept of comparisons, and what planning is told of it. */
export interface ComparisonParts {
  readonly runs: RunStore;
  readonly findingStore: FindingStore;
  readonly policies: PolicyStore;
  readonly observer: ReconcileObserver;
  readonly findingRules: FindingRuleReader;
}

export function buildComparisonParts({ database, clock, newId, log }: Services): ComparisonParts {
  const runs = makeRunStore(database);
  const findingStore = makeFindingStore(database);
  const policies = makePolicyStore(database);
  const facts = makeAccountFactsReader(database);
  return {
    runs,
    findingStore,
    policies,
    observer: makeAccountComparison({ runs, findings: findingStore, facts, clock, newId, log }),
    findingRules: makeFindingRules({ findings: findingStore, policies }),
  };
}

/** Comparisons, what they found, and what is done about it. */
export interface Comparisons {
  readonly view: ComparisonsView;
  readonly findings: Findings;
  readonly requested: RequestedComparisons;
  readonly idpSources: IdpSources;
  readonly idpStore: IdpSourceStore;
  readonly ask: AskComparison;
  /** One comparison in this process, whether or not it was asked for in the rows. */
  readonly compareNow: (
    source: ComparisonSource,
    trigger: string,
    onProgress?: OnRunProgress,
  ) => Promise<RunOutcome>;
  /** Now and then forgets what was resolved and compared too long ago. */
  prune(): Promise<void>;
  /** Whoever waits for a limit waits no longer: the comparison is asked for again. */
  stop(): void;
}

const RESPONSE_MAX_BYTES = 50_000_000;
const TIMEOUT_MS = 60_000;

export function buildComparisons(
  services: Services,
  engine: EngineDeps,
  vendors: VendorOpener,
  { runs, findingStore, policies }: ComparisonParts,
): Comparisons {
  const stopping = new AbortController();
  const interruptible = makeInterruptibleSleep(stopping.signal, services.clock);
  const { database, clock, newId, log, keyring, allowLoopback, config } = services;
  const http = makeHttpClient({
    allowLoopback,
    maxConnections: 4,
    timeoutMs: TIMEOUT_MS,
    maxResponseBytes: RESPONSE_MAX_BYTES,
  });
  const fixer = makeFixer(services, engine);
  const idpStore = makeIdpSourceStore(database);
  const idpSources = makeIdpSources({
    sources: idpStore,
    definitions: IDP_DEFINITIONS,
    open: openReader({
      http,
      resolve: makeAddressResolver({ allowLoopback, allowPrivate: config.allowPrivateDirectories }),
      now: () => clock.now().getTime(),
      sleep: interruptible,
    }),
    encrypt: (plain, context) => encryptSecret(plain, keyring, context),
    decrypt: decryptWith(keyring),
    clock,
    newId,
  });
  const compareWithIdp = makeMissedPushes({
    sources: idpStore,
    open: (source) => idpSources.open(source),
    displayName: ({ kind, name }) =>
      kind === 'ldap' || kind === 'scim' ? name : IDP_DEFINITIONS[kind].displayName,
    directory: engine.directory,
    findings: findingStore,
    policies,
    runs,
    fixer,
    clock,
    newId,
    log,
  });
  const compareSeats = makeCompareSeats({
    runs,
    findings: findingStore,
    facts: makeAccountFactsReader(database),
    readings: engine.readings,
    links: engine.links,
    vendors,
    use: makeUseStore(database),
    settingsOf: (account) => seatSettings(services, account),
    sleep: interruptible,
    clock,
    newId,
  });
  const compare: Comparisons['compareNow'] = async (source, trigger, onProgress) => {
    if (source.type === 'seats') return compareSeats(source, trigger, onProgress);
    if (source.type === 'account') throw new AppError('notFound', 'Accounts are compared by their applier.');
    return compareWithIdp(await idpSources.get(source.tenantId, source.id), trigger, onProgress);
  };
  const requested = makeRequestedComparisons({
    requests: makeComparisonRequestStore(database),
    runs,
    compare,
    clock,
  });
  return {
    view: makeComparisonsView(database, listsCalls),
    findings: makeFindings({ findings: findingStore, policies, fixer, clock }),
    requested,
    ask: makeAskComparison({ accounts: engine.accounts, requested, clock }),
    idpSources,
    idpStore,
    compareNow: compare,
    prune: makePruner(services, findingStore),
    stop: () => stopping.abort(),
  };
}

function openReader(deps: IdpDeps): Parameters<typeof makeIdpSources>[0]['open'] {
  return (definition, config, secrets) =>
    definition.open(definition.configSchema.parse(config), definition.secretSchema.parse(secrets), deps);
}

function decryptWith(keyring: Keyring): (envelope: string, context: readonly string[]) => string {
  return (envelope, context) => {
    try {
      return decryptSecret(envelope, keyring, context);
    } catch (error) {
      if (!(error instanceof SecretUnreadableError)) throw error;
      throw new AppError(
        'credential',
        `The stored credential cannot be decrypted with the present keys. Put the key "${error.keyId ?? 'unknown'}" ` +
          'back into PATCHBAY_ENCRYPTION_KEYS, or enter the credential again.',
        { cause: error },
      );
    }
  };
}

/** Puts things right through the directory's and the planner's own doors. The rows tell the workers. */
function makeFixer({ database, clock, newId }: Services, { accounts, marks }: EngineDeps): Fixer {
  const store = makeDirectoryStore(database);
  const users = makeUserDirectory({ store, clock, newId, onDirectoryChange: () => undefined });
  return {
    async replan(account, subjectIds) {
      if (subjectIds.length === 0) await accounts.requestReconcile(account, 'manual', clock.now());
      else await marks.mark(account, subjectIds, { reason: 'finding', at: clock.now() });
    },
    async deactivate(tenantId, subjectId, actor) {
      const context = { tenantId, actor, correlationId: null };
      try {
        await users.modify(context, subjectId, (user) => ({ ...user, active: false }), { refBase: null });
      } catch (error) {
        // Deleted meanwhile: that takes more than a deactivation would.
        if (!isAppError(error, 'notFound')) throw error;
      }
    },
  };
}

function makeInterruptibleSleep(
  signal: AbortSignal,
  clock: Services['clock'],
): (ms: number) => Promise<void> {
  return async (ms) => {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) return;
    throw new AppError('rateLimited', 'The process was stopped. The comparison begins again by itself.', {
      retryAt: clock.now(),
    });
  };
}

async function seatSettings(
  { accountStore }: Services,
  { tenantId, accountId }: AccountKey,
): Promise<SeatSettings> {
  const account = await accountStore.find(tenantId, accountId);
  if (account === null) throw new AppError('notFound', 'This account does not exist any more.');
  const { seatPrice, seatsContracted, seatsMinimum, unusedAfterDays, safety } = account.settings;
  return {
    isPaused: account.state === 'paused',
    unusedAfterDays,
    contracted: seatsContracted ?? safety.seatCeiling,
    minimum: seatsMinimum,
    price: seatPrice === null ? null : { amount: seatPrice.amountPerMonth, currency: seatPrice.currency },
  };
}

/** Long enough for a report on a whole year. */
const KEPT_MS = 400 * 24 * 60 * 60 * 1000;
const PRUNE_EVERY_MS = 60 * 60 * 1000;

function makePruner({ tenants, clock }: Services, findings: FindingStore): () => Promise<void> {
  let due = 0;
  return async () => {
    const now = clock.now().getTime();
    if (now < due) return;
    due = now + PRUNE_EVERY_MS;
    for (const { id } of await tenants.list()) await findings.prune(id, new Date(now - KEPT_MS));
  };
}
