import { setTimeout as sleep } from 'node:timers/promises';
import { isAppError, AppError } from '../domain/errors.js';
import { makeUserDirectory } from '../directory/users.js';
import { IDP_DEFINITIONS } from '../idp/registry.js';
import { makeAddressResolver } from '../lib/address-resolver.js';
import { decryptSecret, encryptSecret, SecretUnreadableError, type Keyring } from '../lib/crypto.js';
import { makeHttpClient } from '../lib/http-client.js';
import type { FindingRuleReader, ReconcileObserver } from '../reconcile/observing/ports.js';
import type { EngineDeps } from '../reconcile/run.js';
import { makeAccountComparison } from '../report/comparisons/account.js';
import { makeAskComparison, type AskComparison } from '../report/comparisons/ask.js';
import { makeRequestedComparisons, type RequestedComparisons } from '../report/comparisons/requested.js';
import type { RunOutcome } from '../report/comparisons/run.js';
import { makeFindingRules, makeFindings, type Findings, type Fixer } from '../report/findings.js';
import type { IdpDeps } from '../report/idp-port.js';
import { makeMissedPushes } from '../report/missed-pushes/compare.js';
import type { IdpSourceStore } from '../report/missed-pushes/ports.js';
import { makeIdpSources, type IdpSources } from '../report/missed-pushes/sources.js';
import type { ComparisonSource, FindingStore, PolicyStore, RunStore } from '../report/ports.js';
import type { ComparisonsView } from '../report/read-model.js';
import { makeDirectoryStore } from '../store/directory/store.js';
import { makeAccountFactsReader } from '../store/report/account-facts.js';
import { makeComparisonsView } from '../store/report/comparisons-view.js';
import { makeFindingStore } from '../store/report/findings.js';
import { makeIdpSourceStore } from '../store/report/idp-sources.js';
import { makePolicyStore } from '../store/report/policies.js';
import { makeComparisonRequestStore } from '../store/report/requests.js';
import { makeRunStore } from '../store/report/runs.js';
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
  readonly compareNow: (source: ComparisonSource, trigger: string) => Promise<RunOutcome>;
}

const RESPONSE_MAX_BYTES = 50_000_000;
const TIMEOUT_MS = 60_000;

export function buildComparisons(
  services: Services,
  engine: EngineDeps,
  { runs, findingStore, policies }: ComparisonParts,
): Comparisons {
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
      sleep: (ms) => sleep(ms),
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
  const compare = async (source: ComparisonSource, trigger: string): Promise<RunOutcome> => {
    if (source.type !== 'idp') throw new AppError('notFound', 'Nothing is compared there.');
    return compareWithIdp(await idpSources.get(source.tenantId, source.id), trigger);
  };
  const requested = makeRequestedComparisons({
    requests: makeComparisonRequestStore(database),
    runs,
    compare,
    clock,
  });
  return {
    view: makeComparisonsView(database),
    findings: makeFindings({ findings: findingStore, policies, fixer, clock }),
    requested,
    ask: makeAskComparison({ accounts: engine.accounts, requested, clock }),
    idpSources,
    idpStore,
    compareNow: compare,
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
