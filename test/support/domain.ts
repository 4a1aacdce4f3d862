import type { Capabilities, VendorLimits } from '../../src/domain/capabilities.js';
import type { DirectoryGroup, DirectorySnapshot, DirectoryUser } from '../../src/domain/directory.js';
import { type EntitlementSet, NO_ENTITLEMENTS, entitlementKey } from '../../src/domain/entitlement.js';
import type {
  Condition,
  Deny,
  DerivedEntitlements,
  Grant,
  MappingRule,
  RuleSet,
} from '../../src/domain/mapping.js';
import type { Change, ChangeAction, Plan } from '../../src/domain/plan.js';
import type { PlanInput } from '../../src/domain/planning/input.js';
import type { ActualAgent, ActualState, LeaverSubject, Link, WantedSubject } from '../../src/domain/state.js';

/** Builders of domain values for tests: everything has a harmless default. */

export const NOW = Date.UTC(2026, 10, 22, 8);
export const DAY_MS = 24 * 60 * 60 * 1000;

/** Like Aircall (vendors.md 6): no suspend, role unreadable, numbers through teams. */
export const AIRCALL: Capabilities = {
  writes: 'api',
  teams: true,
  owners: true,
  suspend: false,
  delete: 'permanent',
  readRole: false,
  writeRole: true,
  writeOwner: false,
  writeEmail: true,
  createTeam: true,
  renameTeam: false,
  numberAccess: { assigned: 'via-team', outbound: 'none', call_flow: 'via-team' },
  invitationStateReadable: false,
  resendInvitation: false,
};

/** A vendor whose API can do everything. */
export const CAPABLE: Capabilities = {
  ...AIRCALL,
  suspend: true,
  readRole: true,
  writeOwner: true,
  numberAccess: { assigned: 'api', outbound: 'api', call_flow: 'api' },
};

/** A vendor for which people have to do most by hand. */
export const MANUAL: Capabilities = {
  ...AIRCALL,
  delete: 'none',
  writeRole: false,
  writeEmail: false,
  createTeam: false,
  numberAccess: { assigned: 'manual', outbound: 'manual', call_flow: 'manual' },
};

export const LIMITS: VendorLimits = {
  nameMaxChars: 64,
  teamNameMaxChars: 64,
  emojiInNames: false,
  requestsPerMinute: 120,
};

export function user(id: string, overrides: Partial<DirectoryUser> = {}): DirectoryUser {
  return {
    id,
    userName: `${id}@example.com`,
    externalId: null,
    status: 'active',
    email: `${id}@example.com`,
    givenName: `Given${id}`,
    familyName: 'Family',
    displayName: '',
    attributes: {},
    groupIds: [],
    ...overrides,
  };
}

export function group(id: string, displayName = id, externalId: string | null = null): DirectoryGroup {
  return { id, displayName, externalId };
}

export function snapshot(
  users: readonly DirectoryUser[],
  groups: readonly DirectoryGroup[] = [],
  overrides: Partial<DirectorySnapshot> = {},
): DirectorySnapshot {
  return { tenantId: 't1', version: 1, scope: 'all', users, groups, ...overrides };
}

export function inGroup(name: string): Condition {
  return { type: 'group', group: { by: 'name', name } };
}

export interface RuleParts {
  readonly accounts?: readonly string[];
  readonly when?: Condition;
  readonly grant?: Partial<Grant>;
  readonly deny?: Partial<Deny>;
}

export function rule(
  id: string,
  { accounts = [], when = inGroup('Staff'), grant, deny }: RuleParts,
): MappingRule {
  return {
    id,
    accounts,
    when,
    grant: { role: null, teams: [], numbers: [], ...grant },
    deny: { roles: [], teams: [], numbers: [], account: false, ...deny },
  };
}

export function ruleSet(rules: readonly MappingRule[], overrides: Partial<RuleSet> = {}): RuleSet {
  return { version: 1, defaultRole: 'agent', owners: [], rules, ...overrides };
}

export function entitlements(overrides: Partial<EntitlementSet> = {}): EntitlementSet {
  return { ...NO_ENTITLEMENTS, role: 'agent', ...overrides };
}

export function derived(
  overrides: Partial<EntitlementSet> = {},
  more: Partial<DerivedEntitlements> = {},
): DerivedEntitlements {
  return {
    entitlements: entitlements(overrides),
    roleIsDefault: overrides.role === undefined,
    uncertain: NO_ENTITLEMENTS,
    viaTeam: {},
    reasons: [],
    ...more,
  };
}

export function wanted(
  subjectId: string,
  holds: Partial<EntitlementSet> = {},
  overrides: Partial<WantedSubject> = {},
): WantedSubject {
  return {
    type: 'wanted',
    subjectId,
    userName: `${subjectId}@example.com`,
    email: `${subjectId}@example.com`,
    givenName: `Given${subjectId}`,
    familyName: 'Family',
    derived: derived(holds),
    ...overrides,
  };
}

export function leaver(
  subjectId: string,
  fact: LeaverSubject['fact'] = 'inactive',
  overrides: Partial<LeaverSubject> = {},
): LeaverSubject {
  const { type: _type, derived: _derived, ...identity } = wanted(subjectId);
  return { ...identity, type: 'leaver', fact, ...overrides };
}

/** The agent of subject `s1` is `a-s1`. */
export function agent(subjectId: string, overrides: Partial<ActualAgent> = {}): ActualAgent {
  return {
    providerUserId: `a-${subjectId}`,
    email: `${subjectId}@example.com`,
    name: `Given${subjectId} Family`,
    status: 'active',
    role: null,
    owner: null,
    teams: [],
    numbers: [],
    ...overrides,
  };
}

export function link(subjectId: string, overrides: Partial<Link> = {}): Link {
  return {
    id: `l-${subjectId}`,
    accountId: 'acc',
    subjectId,
    providerUserId: `a-${subjectId}`,
    email: `${subjectId}@example.com`,
    origin: 'created',
    state: 'active',
    lastWritten: written(subjectId),
    heldAtPark: null,
    parkedAt: null,
    deleteDueAt: null,
    ...overrides,
  };
}

export function written(
  subjectId: string,
  holds: Partial<EntitlementSet> = {},
): NonNullable<Link['lastWritten']> {
  return {
    email: `${subjectId}@example.com`,
    givenName: `Given${subjectId}`,
    familyName: 'Family',
    entitlements: entitlements(holds),
  };
}

export function parked(subjectId: string, overrides: Partial<Link> = {}): Link {
  return link(subjectId, {
    state: 'parked',
    heldAtPark: entitlements(),
    parkedAt: NOW - DAY_MS,
    deleteDueAt: NOW + DAY_MS,
    ...overrides,
  });
}

export interface ActualParts {
  readonly scope?: ActualState['scope'];
  readonly teams?: readonly string[];
  readonly numbers?: readonly string[];
}

export function actual(agents: readonly ActualAgent[], parts: ActualParts = {}): ActualState {
  return {
    accountId: 'acc',
    readAt: NOW,
    scope: parts.scope ?? 'all',
    agents,
    teams: (parts.teams ?? []).map((name) => ({ providerTeamId: `t-${name}`, name })),
    numbers: (parts.numbers ?? []).map((number) => ({
      providerNumberId: `n-${number}`,
      number,
      name: number,
    })),
  };
}

export function planInput(overrides: Partial<PlanInput> = {}): PlanInput {
  return {
    accountId: 'acc',
    trigger: 'manual',
    scope: 'all',
    policy: 'sync',
    capabilities: AIRCALL,
    limits: LIMITS,
    directoryVersion: 1,
    ruleSetVersion: 1,
    subjects: [],
    notices: [],
    actual: actual([]),
    askedAgents: [],
    links: [],
    managed: { teams: new Set(), numbers: new Set() },
    protections: [],
    graceMs: 30 * DAY_MS,
    now: NOW,
    allowAdoption: true,
    revokeManaged: true,
    teamPrefix: null,
    ...overrides,
  };
}

/** The plan's changes as short words: `create s1`, `grant s1 team:sales`. */
export function wordsOf({ changes }: Pick<Plan, 'changes'>): readonly string[] {
  return changes.map(wordOf);
}

export function wordOf(change: Change): string {
  switch (change.action) {
    case 'grant':
    case 'revoke':
      return `${change.action} ${change.subjectId} ${entitlementKey(change.entitlement)}`;
    case 'update':
      return `update ${change.subjectId} ${JSON.stringify(change.after)}`;
    case 'manual':
      return `manual ${change.subjectId} ${change.task.kind}`;
    case 'create-team':
      return `create-team ${change.team}`;
    case 'create':
    case 'adopt':
    case 'park':
    case 'restore':
    case 'delete':
    case 'forget':
      return `${change.action} ${change.subjectId}`;
  }
}

/** The only change of this action. */
export function only<Action extends ChangeAction>(
  { changes }: Pick<Plan, 'changes'>,
  action: Action,
): Extract<Change, { action: Action }> {
  const found = changes.filter(
    (change): change is Extract<Change, { action: Action }> => change.action === action,
  );
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Error(`${found.length} changes of action ${action} among: ${wordsOf({ changes }).join('; ')}`);
  }
  return first;
}

export function codesOf({ notices }: Pick<Plan, 'notices'>): readonly string[] {
  return notices.map(({ code }) => code);
}
