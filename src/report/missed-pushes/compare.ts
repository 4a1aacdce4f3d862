import type { Logger } from 'pino';
import type { DirectorySnapshot } from '../../domain/directory.js';
import { AppError, isAppError } from '../../domain/errors.js';
import type { IdpPerson } from '../../domain/findings/directory-view.js';
import { DIRECTORY_CLASSES, type Finding } from '../../domain/findings/finding.js';
import { matchPeople } from '../../domain/findings/match-people.js';
import { findMissedPushes } from '../../domain/findings/missed-pushes.js';
import { mayFix, standardPolicy } from '../../domain/findings/policy.js';
import type { Clock } from '../../lib/clock.js';
import type { DirectoryReader } from '../../reconcile/ports.js';
import { runComparison, type OnRunProgress, type RunOutcome } from '../comparisons/run.js';
import { requestFix, type Fixer } from '../findings.js';
import type { IdpReader, IdpReadResult } from '../idp-port.js';
import type {
  ComparisonFigures,
  ComparisonSource,
  FindingStore,
  PolicyStore,
  RunProgress,
  RunStore,
} from '../ports.js';
import type { IdpSourceStore } from './ports.js';
import type { IdpSource } from './source.js';
import type { IdpSources } from './sources.js';

export interface MissedPushesDeps {
  readonly sources: IdpSourceStore;
  readonly open: IdpSources['open'];
  readonly displayName: (source: IdpSource) => string;
  readonly directory: DirectoryReader;
  readonly findings: FindingStore;
  readonly policies: PolicyStore;
  readonly runs: RunStore;
  readonly fixer: Fixer;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Logger;
}

/** Compares a tenant's directory here with the identity provider's own. */
export type CompareWithIdp = (
  source: IdpSource,
  trigger: string,
  onProgress?: OnRunProgress,
) => Promise<RunOutcome>;

/** Who acts when policy does. */
const POLICY_ACTOR = 'patchbay:missed-pushes';

/**
 * Builds the comparison. A credential that is refused pauses the connection: it is not tried again until somebody
 * enters another one.
 */
export function makeMissedPushes(deps: MissedPushesDeps): CompareWithIdp {
  return async (source, trigger, onProgress) => {
    if (source.pausedReason !== null) {
      throw new AppError('conflict', `${source.name} is paused: ${source.pausedReason}`);
    }
    const key = idpSource(source);
    return runComparison(deps, {
      source: key,
      trigger,
      onProgress,
      work: async (runId, progress) => {
        const reader = deps.open(source);
        try {
          return await compare(deps, source, reader, runId, progress);
        } catch (error) {
          if (isAppError(error, 'credential')) await pause(deps, source, error.message);
          throw error;
        } finally {
          await reader.close();
        }
      },
    });
  };
}

/** The source of comparisons that a connection is. */
export function idpSource({ tenantId, id }: Pick<IdpSource, 'tenantId' | 'id'>): ComparisonSource {
  return { tenantId, type: 'idp', id };
}

async function pause({ sources, clock }: MissedPushesDeps, source: IdpSource, reason: string): Promise<void> {
  const audit = { at: clock.now(), actor: POLICY_ACTOR, action: 'idp.paused', data: { reason } };
  await sources.update(source.tenantId, source.id, { pausedReason: reason }, audit);
}

async function compare(
  deps: MissedPushesDeps,
  source: IdpSource,
  reader: IdpReader,
  runId: string,
  progress: (progress: RunProgress) => Promise<void>,
): Promise<ComparisonFigures> {
  const { sources, directory, clock } = deps;
  const previous = await sources.latestReading(source.tenantId, source.id);
  const result = await reader.read({ previous, progress });
  assertPlausible(result, previous?.reading.people.length ?? 0, deps.displayName(source));
  const snapshot = await directory.snapshot(source.tenantId, 'all');
  const { listed, others } = splitByScope(result);
  const lookedUp = await lookUpMissing(source, reader, { listed, others, snapshot }, progress);
  const findings = findMissedPushes({
    reading: { ...result.reading, people: listed },
    users: snapshot.users,
    groups: snapshot.groups,
    lookedUp,
    options: { providerName: deps.displayName(source), ...source.settings },
  });
  const figures = await deps.findings.record(idpSource(source), {
    runId,
    at: clock.now(),
    covers: DIRECTORY_CLASSES,
    findings,
    newId: deps.newId,
    figures: { people: listed.filter(({ isActive }) => isActive).length },
    baseline: null,
  });
  // Only now: changes that were read and whose findings were not recorded would never be seen again.
  await sources.saveReading(source.tenantId, source.id, result);
  await applyPolicy(deps, source, findings);
  return figures;
}

/** An answer without anybody is believed of nobody: a filter or a permission has changed. */
function assertPlausible({ reading }: IdpReadResult, before: number, name: string): void {
  if (reading.people.length > 0) return;
  throw new AppError(
    'contract',
    before === 0
      ? `${name} lists nobody at all. Check what the connection’s credential may read, and which people its settings name.`
      : `${name} lists nobody at all, and listed ${before} people the last time. Nothing was concluded from that.`,
  );
}

function splitByScope({ reading, inScope }: IdpReadResult) {
  const isListed = ({ id }: IdpPerson): boolean => inScope === null || inScope.has(id);
  return {
    listed: reading.people.filter(isListed),
    others: new Map(
      reading.people.flatMap((person) => (isListed(person) ? [] : [[person.id, person] as const])),
    ),
  };
}

interface Listed {
  readonly listed: readonly IdpPerson[];
  /** Known, but not among those who are provisioned here. */
  readonly others: ReadonlyMap<string, IdpPerson>;
  readonly snapshot: DirectorySnapshot;
}

/** Lists leave out whoever was deactivated long ago; only the provider's word about the person is a fact. */
async function lookUpMissing(
  { settings }: IdpSource,
  reader: IdpReader,
  { listed, others, snapshot }: Listed,
  progress: (progress: RunProgress) => Promise<void>,
): Promise<ReadonlyMap<string, IdpPerson | null>> {
  const found = new Map<string, IdpPerson | null>(others);
  const { onlyHere } = matchPeople([...listed, ...others.values()], snapshot.users);
  const ids = onlyHere.flatMap(({ status, externalId }) =>
    status === 'active' && externalId !== null && externalId !== '' ? [externalId] : [],
  );
  const asked = ids.slice(0, settings.lookUpMax);
  for (const [index, id] of asked.entries()) {
    found.set(id, await reader.lookUp(id));
    await progress({ phase: 'looking up people who are not listed', done: index + 1, total: asked.length });
  }
  return found;
}

/** Leavers whom no push announced are deactivated at once where the policy says so, unless there are too many. */
async function applyPolicy(
  deps: MissedPushesDeps,
  source: IdpSource,
  findings: readonly Finding[],
): Promise<void> {
  const key = idpSource(source);
  const policies = await deps.policies.list(key);
  const ignored = await ignoredKeys(deps, key);
  const rule = {
    policyOf: (kind: Finding['class']) => policies.get(kind) ?? standardPolicy(kind),
    decisionOf: () => null,
  };
  const due = findings.filter(
    (finding) =>
      finding.class === 'idp-deactivated' &&
      !ignored.has(finding.key) &&
      mayFix(rule, finding.class, { key: finding.key, found: finding.evidence.found }),
  );
  if (due.length > source.settings.deactivateAtOnceMax) {
    deps.log.warn(
      { sourceId: source.id, count: due.length },
      'too many deactivations at once: left to a person',
    );
    return;
  }
  for (const finding of due) await requestFix(deps.fixer, { source: key, finding }, POLICY_ACTOR);
}

async function ignoredKeys(
  { findings, clock }: MissedPushesDeps,
  source: ComparisonSource,
): Promise<ReadonlySet<string>> {
  const query = { source, class: 'idp-deactivated', limit: 10_000 } as const;
  const now = clock.now();
  const ignored = await findings.list(source.tenantId, { ...query, state: 'ignored' }, now);
  const accepted = await findings.list(source.tenantId, { ...query, state: 'accepted' }, now);
  return new Set([...ignored, ...accepted].map(({ finding }) => finding.key));
}
