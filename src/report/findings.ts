import { AppError } from '../domain/errors.js';
import {
  ACCOUNT_CLASSES,
  DIRECTORY_CLASSES,
  SEAT_CLASSES,
  type FindingClass,
} from '../domain/findings/finding.js';
import {
  allowedPolicies,
  standardPolicy,
  type FindingDecision,
  type FindingPolicy,
} from '../domain/findings/policy.js';
import type { Clock } from '../lib/clock.js';
import type { FindingRuleReader } from '../reconcile/observing/ports.js';
import type { AccountKey } from '../reconcile/ports.js';
import { accountSource } from './comparisons/account.js';
import type {
  ComparisonSource,
  FindingChange,
  FindingQuery,
  FindingStore,
  PolicyStore,
  StoredFinding,
} from './ports.js';

export interface FindingsDeps {
  readonly findings: FindingStore;
  readonly policies: PolicyStore;
  readonly fixer: Fixer;
  readonly clock: Clock;
}

/** Puts things right by the one path there is: planning again, under the account's policy and the safety rules. */
export interface Fixer {
  /** Has these people of an account looked at again; nobody in particular: the whole account. */
  replan(account: AccountKey, subjectIds: readonly string[], actor: string): Promise<void>;
  /** Makes a person inactive in the directory here, as the identity provider should have. */
  deactivate(tenantId: string, subjectId: string, actor: string): Promise<void>;
}

export interface FindingAction {
  readonly tenantId: string;
  readonly findingId: string;
  /** For the audit trail, such as `console:ada@example.com`. */
  readonly actor: string;
}

export interface PolicyChoice {
  readonly class: FindingClass;
  readonly policy: FindingPolicy;
  readonly standard: FindingPolicy;
  readonly allowed: readonly FindingPolicy[];
}

/** What people do with findings. All throw AppError `notFound`; `stale` when it was resolved meanwhile. */
export interface Findings {
  list(tenantId: string, query: FindingQuery): Promise<readonly StoredFinding[]>;
  count: (
    tenantId: string,
    query: Omit<FindingQuery, 'limit' | 'offset'>,
  ) => ReturnType<FindingStore['count']>;
  get(tenantId: string, findingId: string): Promise<StoredFinding>;
  /** `until` null: for good, or until something else is found there. Throws `invalid` without a reason. */
  ignore(
    action: FindingAction,
    ignoring: { readonly until: Date | null; readonly reason: string },
  ): Promise<void>;
  stopIgnoring(action: FindingAction): Promise<void>;
  /** `assignee`: the name people know the person by; null gives it back. */
  assign(
    action: FindingAction,
    to: { readonly assignee: string | null; readonly dueAt: Date | null },
  ): Promise<void>;
  /**
   * `fix`: the next plan puts it right, whatever the policy of its class. `accept`: it stays as it is. null: as the
   * policy says. Throws `invalid` where it cannot be done.
   */
  decide(action: FindingAction, decision: FindingDecision | null): Promise<void>;
  policies(source: ComparisonSource): Promise<readonly PolicyChoice[]>;
  /** Throws AppError `invalid` for a policy that the class does not allow. */
  setPolicy(
    source: ComparisonSource,
    choice: { readonly class: FindingClass; readonly policy: FindingPolicy; readonly actor: string },
  ): Promise<void>;
}

/** What each kind of comparison can find. */
const CLASSES_OF: Readonly<Record<ComparisonSource['type'], readonly FindingClass[]>> = {
  account: ACCOUNT_CLASSES,
  idp: DIRECTORY_CLASSES,
  seats: SEAT_CLASSES,
};

const REASON_MAX_CHARS = 500;
const ASSIGNEE_MAX_CHARS = 200;

export function makeFindings(deps: FindingsDeps): Findings {
  const { findings, policies, clock } = deps;
  const get = async (tenantId: string, findingId: string): Promise<StoredFinding> => {
    const found = await findings.find(tenantId, findingId);
    if (found === null)
      throw new AppError('notFound', 'There is no such finding. It may be older than what is kept.');
    return found;
  };
  return {
    list: (tenantId, query) => findings.list(tenantId, query, clock.now()),
    count: (tenantId, query) => findings.count(tenantId, query, clock.now()),
    get,
    async ignore(action, { until, reason }) {
      const text = bounded(reason, REASON_MAX_CHARS, 'reason');
      if (until !== null && until <= clock.now()) {
        throw new AppError(
          'invalid',
          'The date lies in the past, so nothing would be ignored. Choose a later one.',
        );
      }
      const ignored = { until, reason: text, by: action.actor };
      await change(deps, action, 'ignored', { ignored }, { until, reason: text });
    },
    stopIgnoring: (action) => change(deps, action, 'no-longer-ignored', { ignored: null }, {}),
    async assign(action, { assignee, dueAt }) {
      const name = assignee === null ? null : bounded(assignee, ASSIGNEE_MAX_CHARS, 'name');
      await change(deps, action, 'assigned', { assignee: name, dueAt }, { assignee: name, dueAt });
    },
    decide: (action, decision) => decide(deps, action, decision, get),
    async policies(source) {
      const chosen = await policies.list(source);
      return CLASSES_OF[source.type].map((kind) => ({
        class: kind,
        policy: chosen.get(kind) ?? standardPolicy(kind),
        standard: standardPolicy(kind),
        allowed: allowedPolicies(kind),
      }));
    },
    async setPolicy(source, { class: kind, policy, actor }) {
      if (!CLASSES_OF[source.type].includes(kind)) {
        throw new AppError(
          'invalid',
          `Findings of the class ${kind} do not come up there. Nothing was changed.`,
        );
      }
      if (!allowedPolicies(kind).includes(policy)) {
        const allowed = allowedPolicies(kind).join(', ');
        throw new AppError('invalid', `"${policy}" cannot be chosen for ${kind}. Choose one of: ${allowed}.`);
      }
      const audit = {
        at: clock.now(),
        actor,
        action: 'finding-policy.changed',
        data: { class: kind, policy },
      };
      await policies.set(source, kind, policy, audit);
    },
  };
}

async function change(
  { findings, clock }: FindingsDeps,
  { tenantId, findingId, actor }: FindingAction,
  verb: string,
  what: FindingChange,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const audit = { at: clock.now(), actor, action: `finding.${verb}`, data };
  if (await findings.change(tenantId, findingId, what, audit)) return;
  if ((await findings.find(tenantId, findingId)) === null) {
    throw new AppError('notFound', 'There is no such finding. It may be older than what is kept.');
  }
  throw new AppError('stale', 'This was resolved meanwhile. Nothing was changed.');
}

async function decide(
  deps: FindingsDeps,
  action: FindingAction,
  decision: FindingDecision | null,
  get: Findings['get'],
): Promise<void> {
  const stored = await get(action.tenantId, action.findingId);
  if (decision === 'fix') refuseUnlessFixable(stored);
  if (decision === 'accept' && stored.finding.class === 'parked-active') {
    throw new AppError(
      'invalid',
      'Access of somebody who has left cannot be accepted. Reactivate the person in the directory, or ignore this with a reason; whatever they were given back is taken all the same.',
    );
  }
  const made = decision === null ? null : { type: decision, by: action.actor };
  await change(deps, action, 'decided', { decision: made }, { decision });
  if (decision === 'fix') await requestFix(deps.fixer, stored, action.actor);
}

function refuseUnlessFixable({ finding }: StoredFinding): void {
  if (finding.class === 'idp-deactivated' || finding.fixedBy.length > 0) return;
  throw new AppError('invalid', `Only a person can put this right. ${finding.words.advice}`);
}

/** Asks for it; whether it happens is for the plan's verdict to say. */
export async function requestFix(
  fixer: Fixer,
  { source, finding }: Pick<StoredFinding, 'source' | 'finding'>,
  actor: string,
): Promise<void> {
  const { tenantId, id } = source;
  if (finding.class === 'idp-deactivated') {
    if (finding.subjectId !== null) await fixer.deactivate(tenantId, finding.subjectId, actor);
    return;
  }
  const subjectIds = finding.subjectId === null ? [] : [finding.subjectId];
  await fixer.replan({ tenantId, accountId: id }, subjectIds, actor);
}

function bounded(text: string, maxChars: number, what: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new AppError('invalid', `Give a ${what}: whoever looks at it next will ask.`);
  if (trimmed.length <= maxChars) return trimmed;
  throw new AppError('invalid', `The ${what} is longer than ${maxChars} characters. Shorten it.`);
}

/** What people chose, for the planner: it leaves alone what is only to be told of. */
export function makeFindingRules({
  findings,
  policies,
}: Pick<FindingsDeps, 'findings' | 'policies'>): FindingRuleReader {
  return {
    async read(account) {
      const source = accountSource(account);
      const chosen = await policies.list(source);
      const made = await findings.decisions(source);
      const decisions = new Map(made.map(({ key, found, type }) => [`${key}\n${found}`, type]));
      return {
        policyOf: (kind) => chosen.get(kind) ?? standardPolicy(kind),
        decisionOf: ({ key, found }) => decisions.get(`${key}\n${found}`) ?? null,
      };
    },
  };
}
