import { makeApprovalNotices } from '../administration/approval-notices.js';
import { makePauseNotices } from '../administration/pause-notices.js';
import { makeTaskReminders } from '../administration/task-reminders.js';
import { derivePublicUrl } from '../config/config.js';
import { makeAuditSealer } from '../audit/seal.js';
import { makeDeleteNext } from '../deprovision/delete-next.js';
import { makePurge } from '../deprovision/purge.js';
import type { UpkeepStep } from '../jobs/jobs.js';
import { makeDecisions, type Decisions } from '../reconcile/decide.js';
import type { DeleteNext, EngineAccountStore, VendorOpener } from '../reconcile/ports.js';
import { allowedPerMinute } from '../reconcile/pacing/bucket.js';
import { makePreview, type Preview } from '../reconcile/preview.js';
import { makeRulesImpact, type RulesImpact } from '../reconcile/rules-impact.js';
import type { EngineDeps } from '../reconcile/run.js';
import { makeRuleChanges, type RuleChanges } from '../rules/changes.js';
import { makeDeletionStore } from '../store/deletions.js';
import { makeDirectoryReader } from '../store/directory-reader.js';
import { makeMarkStore } from '../store/dirty.js';
import { makeEngineAccountStore } from '../store/engine-accounts.js';
import { makeHistoryReader } from '../store/history.js';
import { makePurgeStore } from '../store/retention/purges.js';
import { makeHandoverStore } from '../store/retention/handover.js';
import { makeTakeoverReader } from '../store/retention/takeovers.js';
import { makeLegalHoldReader, makeLegalHoldStore } from '../store/retention/legal-holds.js';
import { makeLinkStore } from '../store/links.js';
import { makeChecklistStore } from '../store/manual/checklists.js';
import { makeEscalations } from '../store/manual/escalations.js';
import { makePlanStore } from '../store/plans.js';
import { makeReadingStore } from '../store/readings.js';
import { makeApprovalNoticeStore } from '../store/console/approval-notices.js';
import { makePauseNoticeStore } from '../store/console/pause-notices.js';
import { makeReminderStore } from '../store/console/task-reminders.js';
import { makeRuleSetReader } from '../store/rule-sets.js';
import { makeTaskStore } from '../store/worklist.js';
import { buildComparisonParts, buildComparisons, type Comparisons } from './comparisons.js';
import { buildHints, type VendorHints } from './hints.js';
import type { Services } from './services.js';
import { makeVendorOpener } from './vendor-opener.js';

/** What plans and applies, on this process's database and vendors. */
export interface Engine {
  readonly deps: EngineDeps;
  readonly vendors: VendorOpener;
  readonly decisions: Decisions;
  readonly preview: Preview;
  readonly rulesImpact: RulesImpact;
  readonly ruleChanges: RuleChanges;
  readonly deleteNext: DeleteNext;
  readonly comparisons: Comparisons;
  readonly vendorHints: VendorHints;
  /** Housekeeping between the sweeps. */
  readonly upkeep: readonly UpkeepStep[];
}

export function buildEngine(services: Services): Engine {
  const { config, database, clock, newId, log, accountStore, providers } = services;
  const parts = buildComparisonParts(services);
  const deps: EngineDeps = {
    accounts: config.dryRun ? reportOnly(makeEngineAccountStore(database)) : makeEngineAccountStore(database),
    directory: makeDirectoryReader(database),
    rules: makeRuleSetReader(database),
    takeovers: makeTakeoverReader(database),
    links: makeLinkStore(database),
    marks: makeMarkStore(database),
    plans: makePlanStore(database),
    readings: makeReadingStore(database),
    history: makeHistoryReader(database),
    tasks: makeTaskStore(database),
    checklists: makeChecklistStore(database),
    legalHolds: makeLegalHoldReader(database),
    clock,
    newId,
    log,
    checkpoint: () => undefined,
    observer: parts.observer,
    findingRules: parts.findingRules,
  };
  const vendors = makeVendorOpener({ accounts: accountStore, providers, database, clock });
  const comparisons = buildComparisons(services, deps, vendors, parts);
  const vendorHints = buildHints(services, deps, vendors);
  const consoleUrl = `${derivePublicUrl(config, config.port)}/console`;
  const purgeExpired = makePurge({
    ...deps,
    purges: makePurgeStore(database),
    archive: services.archive,
    noticeUrl: (id) => `${consoleUrl}/leavers/removals/${id}`,
  });
  const sealAudit = makeAuditSealer(database);
  const rulesImpact = makeRulesImpact({
    ...deps,
    vendors,
    listAccounts: (tenantId) => listPaces(services, tenantId),
  });
  const escalate = makeEscalations({
    database,
    now: () => clock.now(),
    taskUrl: (id) => `${consoleUrl}/worklist/${id}`,
  });
  const tellApprovals = makeApprovalNotices({
    notices: makeApprovalNoticeStore(database),
    clock,
    urls: {
      plan: (id) => `${consoleUrl}/plans/${id}`,
      leaver: (id) => `${consoleUrl}/leavers/${id}`,
    },
  });
  const tellPauses = makePauseNotices({
    notices: makePauseNoticeStore(database),
    clock,
    accountUrl: (name) => `${consoleUrl}/accounts/${encodeURIComponent(name)}`,
  });
  const remind = makeTaskReminders({
    reminders: makeReminderStore(database),
    clock,
    worklistUrl: `${consoleUrl}/worklist`,
  });
  return {
    deps,
    vendors,
    decisions: makeDecisions(deps),
    preview: makePreview({ ...deps, vendors }),
    rulesImpact,
    ruleChanges: makeRuleChanges({ rules: services.rules, impactOf: rulesImpact }),
    deleteNext: makeDeleteNext({
      ...deps,
      deletions: makeDeletionStore(database),
      legalHolds: makeLegalHoldStore(database),
      signer: services.signingKeys,
      archive: services.archive,
      handover: { ...deps, store: makeHandoverStore(database) },
    }),
    comparisons,
    vendorHints,
    upkeep: [
      { name: 'vendor hints', work: () => vendorHints.hints.work() },
      { name: 'escalations', work: escalate },
      { name: 'reminders', work: remind },
      { name: 'plans that wait', work: tellApprovals },
      { name: 'paused phone systems', work: tellPauses },
      { name: 'expired recordings', work: purgeExpired },
      { name: 'old comparisons', work: () => comparisons.prune() },
      // Last: what the others wrote is sealed with it.
      { name: 'audit seals', work: sealAudit },
    ],
  };
}

/** PATCHBAY_DRY_RUN: whatever an account's policy says, this process plans and reports only. */
export function reportOnly(accounts: EngineAccountStore): EngineAccountStore {
  return {
    ...accounts,
    async load(key) {
      const account = await accounts.load(key);
      return account === null ? null : { ...account, policy: 'report-only' };
    },
  };
}

async function listPaces({ accountStore, providers }: Services, tenantId: string) {
  const accounts = await accountStore.list(tenantId);
  return accounts.map(({ id, name, provider, config, settings }) => {
    const definition = providers.definition(provider);
    const parsed = definition.configSchema.parse(config);
    const pacing = definition.pacingFor(parsed);
    return {
      key: { tenantId, accountId: id },
      name,
      requestsPerMinute: allowedPerMinute({ limitPerMinute: null, slowdown: 1 }, pacing),
      seatPrice: settings.seatPrice,
      capabilities: definition.capabilitiesFor(parsed),
    };
  });
}
