import type { FindingClass } from './finding.js';

/**
 * What is done about findings of a class. `report`: told, nothing else. `fix`: put right by the account's next plan,
 * within its policy and the safety rules. `adopt`: taken over as it is. `ask`: waits until a person chooses.
 */
export const FINDING_POLICIES = ['report', 'fix', 'adopt', 'ask'] as const;
export type FindingPolicy = (typeof FINDING_POLICIES)[number];

interface PolicyChoice {
  readonly standard: FindingPolicy;
  readonly allowed: readonly FindingPolicy[];
}

const DRIFT: PolicyChoice = { standard: 'fix', allowed: FINDING_POLICIES };
const BY_HAND: PolicyChoice = { standard: 'report', allowed: ['report', 'ask'] };
const LEAVER: PolicyChoice = { standard: 'fix', allowed: ['fix'] };

const CHOICES: Readonly<Record<FindingClass, PolicyChoice>> = {
  'unmanaged-agent': { standard: 'adopt', allowed: ['report', 'adopt', 'ask'] },
  'duplicate-person': { standard: 'ask', allowed: ['report', 'ask'] },
  'missing-agent': { standard: 'fix', allowed: ['report', 'fix', 'ask'] },
  // Who gets an agent is for the rules to say, and whether one is made for the account's policy.
  'not-provisioned': { standard: 'fix', allowed: ['fix'] },
  // Somebody who has left is never let back in for want of a decision.
  'parked-active': LEAVER,
  suspended: { standard: 'report', allowed: ['report', 'ask'] },
  role: DRIFT,
  name: DRIFT,
  email: DRIFT,
  'team-missing': { standard: 'fix', allowed: ['report', 'fix', 'ask'] },
  'team-added': DRIFT,
  'team-removed': DRIFT,
  'number-added': DRIFT,
  'number-removed': DRIFT,
  setting: DRIFT,
  'dangling-ring-target': { standard: 'ask', allowed: ['report', 'ask'] },
  'owner-count': { standard: 'ask', allowed: ['report', 'ask'] },
  'invitation-expired': BY_HAND,
  'agent-without-number': BY_HAND,
  'task-undone': BY_HAND,
  'task-done': { standard: 'report', allowed: ['report'] },
  'idp-deactivated': { standard: 'ask', allowed: ['report', 'fix', 'ask'] },
  'idp-missing-here': BY_HAND,
  'idp-extra-here': BY_HAND,
  'idp-attribute': BY_HAND,
  'idp-membership': BY_HAND,
  'unused-seat': BY_HAND,
  'parked-seat': { standard: 'report', allowed: ['report'] },
  'seats-over-plan': BY_HAND,
};

/** What is done where nobody chose. */
export function standardPolicy(kind: FindingClass): FindingPolicy {
  return CHOICES[kind].standard;
}

/** What may be chosen for a class. */
export function allowedPolicies(kind: FindingClass): readonly FindingPolicy[] {
  return CHOICES[kind].allowed;
}

/**
 * What a person chose for one finding; counts more than the policy of its class. It is about what was found then:
 * somebody who accepted a supervisor has not accepted an administrator.
 */
export type FindingDecision = 'fix' | 'accept';

/** What is to be done about findings of one account. */
export interface FindingRule {
  policyOf(kind: FindingClass): FindingPolicy;
  decisionOf(finding: FoundThing): FindingDecision | null;
}

export interface FoundThing {
  readonly key: string;
  /** As in the finding's evidence. */
  readonly found: string;
}

/** Whether the plan may put it right. `adopt` means that for agents; of anything else it is what was found that stays. */
export function mayFix(rule: FindingRule, kind: FindingClass, finding: FoundThing): boolean {
  const decision = rule.decisionOf(finding);
  if (decision !== null) return decision === 'fix';
  const policy = rule.policyOf(kind);
  return policy === 'fix' || (policy === 'adopt' && kind === 'unmanaged-agent');
}
