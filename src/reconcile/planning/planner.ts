import { emailKey } from '../../domain/email.js';
import type { Change, Plan } from '../../domain/plan.js';
import { calculatePlan } from '../../domain/planning/calculate.js';
import { graceDaysFrom } from '../../domain/grace.js';
import { readProtections, type Protection } from '../../domain/protection.js';
import type { Verdict } from '../../domain/safety.js';
import type { ActualState, SubjectState } from '../../domain/state.js';
import type { Clock } from '../../lib/clock.js';
import type { EngineAccount } from '../account.js';
import type { LinkStore, StoredLink } from '../links.js';
import type { FindingRuleReader } from '../observing/ports.js';
import type { LegalHoldReader, OpenVendor } from '../ports.js';
import type { Judge } from './judge.js';
import type { ChecklistStore } from '../checklists.js';
import { withoutAsked } from './asked.js';
import { leaveByRule } from './leave.js';
import { findPredecessors, narrowTo } from './narrow.js';
import { derivePeople, type People, type PeopleDeps } from './people.js';
import type { AccountReader, Reading } from './reading.js';
import { readingNeed } from './reading-need.js';
import type { PlanRequest } from './request.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A plan with everything it was judged by. */
export interface Planned {
  readonly plan: Plan;
  /** As the rules alone would have it, before what people chose to leave as it is. */
  readonly proposed: Plan;
  /** Keys of changes that people were asked to make and that are left out of the plan: they are on their way. */
  readonly asked: readonly string[];
  readonly verdict: Verdict;
  readonly states: ReadonlyMap<string, SubjectState>;
  readonly links: readonly StoredLink[];
  readonly actual: ActualState;
  readonly protections: readonly Protection[];
  /** The same for some of these people, from the same reading, judged by themselves. */
  narrowedTo(subjectIds: ReadonlySet<string>): Promise<Planned>;
}

export interface PlannerDeps extends PeopleDeps {
  readonly legalHolds: LegalHoldReader;
  readonly account: EngineAccount;
  readonly vendor: OpenVendor;
  readonly reader: AccountReader;
  readonly links: LinkStore;
  readonly judge: Judge;
  readonly checklists: Pick<ChecklistStore, 'listAsked'>;
  readonly clock: Clock;
  /** What people chose to leave as it is; absent: nothing. */
  readonly findingRules?: FindingRuleReader;
}

/**
 * Plans some people, or everybody, of an account: what the rules want of them, compared with a reading of the
 * account, judged. Writes nothing anywhere. null: the tenant has no rules yet.
 */
export async function planPeople(deps: PlannerDeps, request: PlanRequest): Promise<Planned | null> {
  const people = await derivePeople(deps, deps.account, request.subjectIds);
  if (people === null) return null;
  const links = await linksOf(deps, request, people);
  const reading = await deps.reader.read(await readingNeed(deps, request, people, links));
  const all = await completeLinks(deps, request, links, reading.actual);
  return planGathered(deps, request, { people, links: all, reading });
}

/** What one plan, or several about the same people, is made from. */
interface Gathered {
  readonly people: People;
  readonly links: readonly StoredLink[];
  readonly reading: Reading;
}

async function planGathered(deps: PlannerDeps, request: PlanRequest, gathered: Gathered): Promise<Planned> {
  const { links, reading } = gathered;
  const people = await withPredecessors(deps, gathered.people, links, reading.actual);
  const held = await deps.legalHolds.current(deps.account.tenantId, deps.clock.now());
  const protections = [...held, ...protectionsOf(deps, people, links, reading.actual)];
  const proposed = calculate(deps, request, { ...gathered, people }, protections);
  const left = await leaveByRule(deps, deps.account, proposed);
  const { plan, asked } = await withoutAsked(deps, request.subjectIds, left);
  const { states } = people;
  const { actual } = reading;
  const { madeAt } = request;
  const verdict = await deps.judge({
    plan,
    states,
    links,
    actual,
    protections,
    ...(madeAt !== undefined && { madeAt }),
  });
  return {
    plan,
    proposed,
    asked,
    verdict,
    states,
    links,
    actual,
    protections,
    narrowedTo(subjectIds) {
      const some = new Map([...gathered.people.states].filter(([id]) => subjectIds.has(id)));
      const narrowed = { ...gathered, people: { ...gathered.people, states: some } };
      return planGathered(deps, { ...request, subjectIds: [...subjectIds] }, narrowed);
    },
  };
}

function linksOf(
  { links, account }: PlannerDeps,
  { subjectIds }: PlanRequest,
  { states }: People,
): Promise<readonly StoredLink[]> {
  if (subjectIds === 'all') return links.listLive(account, 'all');
  return links.listLive(account, { subjectIds: [...states.keys()], providerUserIds: [] });
}

/** An agent whose link is not among the inputs would look free for adoption. */
async function completeLinks(
  { links, account }: PlannerDeps,
  { subjectIds }: PlanRequest,
  known: readonly StoredLink[],
  actual: ActualState,
): Promise<readonly StoredLink[]> {
  if (subjectIds === 'all') return known;
  if (actual.scope === 'all') return links.listLive(account, 'all');
  const providerUserIds = actual.agents.map(({ providerUserId }) => providerUserId);
  return links.listLive(account, {
    subjectIds: known.map(({ subjectId }) => subjectId),
    providerUserIds,
  });
}

/** Adds the deleted people whose agents a new directory entry of the same e-mail takes over. */
async function withPredecessors(
  deps: PlannerDeps,
  people: People,
  links: readonly StoredLink[],
  actual: ActualState,
): Promise<People> {
  const missing = findPredecessors(people.states, links, actual);
  if (missing.length === 0) return people;
  const more = await derivePeople(deps, deps.account, missing);
  if (more === null) return people;
  const deleted = [...more.states].filter(([, one]) => one.type === 'leaver' && one.fact === 'deleted');
  return { ...people, states: new Map([...people.states, ...deleted]) };
}

function calculate(
  { account, vendor, clock }: PlannerDeps,
  request: PlanRequest,
  { people, links: allLinks, reading }: Gathered,
  protections: readonly Protection[],
): Plan {
  const isAll = request.subjectIds === 'all';
  const whole = { ...reading, links: allLinks };
  const { actual, askedAgents, links } = isAll ? whole : narrowTo(people.states, whole);
  const plan = calculatePlan({
    accountId: account.accountId,
    trigger: request.trigger,
    scope: isAll ? 'all' : 'subjects',
    policy: account.policy,
    capabilities: vendor.capabilities,
    limits: vendor.limits,
    directoryVersion: people.directoryVersion,
    ruleSetVersion: people.ruleSet.version,
    subjects: withGrace([...people.states.values()], links, account.settings, clock.now()),
    notices: people.notices,
    actual,
    askedAgents,
    links,
    managed: people.managed,
    protections,
    graceMs: graceMs(account.settings, clock.now()),
    now: clock.now().getTime(),
    allowAdoption: account.settings.adoptExisting || request.ownEmails === true,
    revokeManaged: account.settings.revokeManaged,
    reassertRolesBefore: reassertBefore(account, request, clock.now().getTime()),
    taskWithoutNumber: account.settings.taskWithoutNumber,
    teamPrefix: account.settings.teamPrefix,
  });
  return { ...plan, changes: plan.changes.filter(request.includes ?? isNoDeletion) };
}

/** Only on the schedule, and when a plan made on it is looked at again after its approval. */
function reassertBefore({ settings }: EngineAccount, { trigger }: PlanRequest, now: number): number | null {
  if (trigger !== 'schedule' || settings.reassertRolesDays === null) return null;
  return now - settings.reassertRolesDays * DAY_MS;
}

/** Leavers with the grace that rules named while they were wanted, else that of rules which apply to them still. */
function withGrace(
  subjects: readonly SubjectState[],
  links: readonly StoredLink[],
  settings: EngineAccount['settings'],
  now: Date,
): readonly SubjectState[] {
  const known = new Map(links.map(({ subjectId, facts }) => [subjectId, facts?.graceDays ?? null]));
  return subjects.map((subject) => {
    if (subject.type !== 'leaver') return subject;
    const graceDays = known.get(subject.subjectId) ?? subject.graceDays ?? null;
    return graceDays === null ? subject : { ...subject, graceMs: graceMs({ ...settings, graceDays }, now) };
  });
}

/** Whole days, so that plans made on one day agree about it. */
function graceMs({ graceDays, deletion, timeZone }: EngineAccount['settings'], now: Date): number {
  if (deletion.calendar === 'all-days') return graceDays * DAY_MS;
  const calendar = { timeZone, holidays: deletion.holidays };
  return graceDaysFrom(now, graceDays, calendar) * DAY_MS;
}

function isNoDeletion({ action }: Change): boolean {
  return action !== 'delete';
}

function protectionsOf(
  { vendor, account }: PlannerDeps,
  { states }: People,
  links: readonly StoredLink[],
  actual: ActualState,
): readonly Protection[] {
  const breakGlass = new Set(account.settings.protectedEmails.map(emailKey));
  const { credentialUser } = account.settings;
  const ofCredential = new Set(credentialUser === null ? [] : [emailKey(credentialUser)]);
  return [
    ...vendor.protections,
    ...readProtections(actual, links),
    ...protectListed(breakGlass, 'break-glass', states, actual),
    ...protectListed(ofCredential, 'credential-user', states, actual),
  ];
}

/** Agents and people whose e-mail or user name is among these. */
function protectListed(
  keys: ReadonlySet<string>,
  reason: Protection['reason'],
  states: People['states'],
  actual: ActualState,
): readonly Protection[] {
  if (keys.size === 0) return [];
  const isListed = (email: string | null): boolean => email !== null && keys.has(emailKey(email));
  const agents = actual.agents.filter(({ email }) => isListed(email));
  const people = [...states.values()].filter(({ email, userName }) => isListed(email) || isListed(userName));
  return [
    ...agents.map(({ providerUserId }) => ({ providerUserId, subjectId: null, reason, until: null })),
    ...people.map(({ subjectId }) => ({ providerUserId: null, subjectId, reason, until: null })),
  ];
}
