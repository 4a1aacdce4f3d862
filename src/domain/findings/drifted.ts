import { type Role, higherRole, teamKey } from '../entitlement.js';
import type { Change, DriftItem } from '../plan.js';
import type { Finding, FindingClass } from './finding.js';
import { adviceFor, fixesFor, makeFinding, type FindingParts, type Survey } from './survey.js';

/** Findings from what the plan calls drift: what somebody changed at the vendor for a person of ours. */
export function findDrifted(survey: Survey, items: readonly DriftItem[]): void {
  for (const item of items) survey.findings.push(toFinding(survey, item));
}

function toFinding(survey: Survey, item: DriftItem): Finding {
  const link = survey.linkBySubject.get(item.subjectId);
  const person = link?.email ?? item.subjectId;
  const fixedBy = fixesFor(survey, item.subjectId, (change) => isFixOf(change, item));
  return makeFinding(classOfDrift(item.code), identityOf(item), {
    ...(item.code === 'agent-missing' && link?.state === 'parked'
      ? goneWords(person)
      : wordsOf(item, person)),
    advice: adviceFor(fixedBy, BY_HAND[item.code]),
    subjectId: item.subjectId,
    providerUserId: item.providerUserId,
    about: person,
    expected: item.expected,
    found: item.found,
    fixedBy,
  });
}

/** The class under which drift is found. */
export function classOfDrift(code: DriftItem['code']): FindingClass {
  if (code === 'agent-missing') return 'missing-agent';
  return code === 'reactivated' ? 'parked-active' : code;
}

/** The key of the finding that drift is. */
export function keyOfDrift(item: DriftItem): string {
  return `${classOfDrift(item.code)}:${identityOf(item)}`;
}

function identityOf({ subjectId, entitlement, setting }: DriftItem): string {
  if (setting !== undefined) return `${subjectId}:${setting.name}`;
  if (entitlement?.type === 'team') return `${subjectId}:${teamKey(entitlement.team)}`;
  if (entitlement?.type === 'number') return `${subjectId}:${entitlement.kind}:${entitlement.number}`;
  return subjectId;
}

/** Whether the planned change takes back what the drift did. */
export function isFixOf(change: Change, { code, entitlement, setting }: DriftItem): boolean {
  switch (code) {
    case 'agent-missing':
      return change.action === 'create' || change.action === 'adopt' || change.action === 'forget';
    case 'name':
      return change.action === 'update' && change.after.givenName !== undefined;
    case 'email':
      return change.action === 'update' && change.after.email !== undefined;
    case 'role':
      return change.action === 'update' && change.after.role !== undefined;
    case 'setting':
      return change.action === 'update' && change.after.settings?.[setting?.name ?? ''] !== undefined;
    case 'suspended':
      return change.action === 'restore';
    case 'reactivated':
      return change.urgent || change.action === 'restore';
    case 'team-added':
    case 'number-added':
      return change.action === 'revoke' && isSame(change.entitlement, entitlement);
    case 'team-removed':
    case 'number-removed':
      return change.action === 'grant' && isSame(change.entitlement, entitlement);
  }
}

function isSame(a: DriftItem['entitlement'], b: DriftItem['entitlement']): boolean {
  if (a?.type === 'team' && b?.type === 'team') return teamKey(a.team) === teamKey(b.team);
  return a?.type === 'number' && b?.type === 'number' && a.number === b.number && a.kind === b.kind;
}

const BY_HAND: Readonly<Record<DriftItem['code'], string>> = {
  'agent-missing': 'Find out who deleted the agent; if the person is to have one, check the rules.',
  name: 'Correct the name in the directory or at the phone system, whichever is wrong.',
  email: 'Correct the address in the directory or at the phone system, whichever is wrong.',
  role: 'Set the role at the phone system, or change the rule that grants it.',
  setting: 'Set it again at the phone system, or change the rule that sets it.',
  suspended: 'Resume the agent at the phone system, or deactivate the person in the directory.',
  reactivated:
    'Take everything from the agent at the phone system, or reactivate the person in the directory.',
  'team-added': 'If it was meant, let a rule grant it; if not, take the person out at the phone system.',
  'number-added': 'If it was meant, let a rule grant it; if not, take the access at the phone system.',
  'team-removed': 'If it was meant, take the grant out of the rules; if not, add the person again.',
  'number-removed': 'If it was meant, take the grant out of the rules; if not, give the access again.',
};

type DriftWords = Pick<FindingParts, 'severity' | 'title' | 'meaning'>;

function wordsOf(item: DriftItem, person: string): DriftWords {
  const { code, expected, found } = item;
  switch (code) {
    case 'agent-missing':
      return {
        severity: 'warning',
        title: `The agent of ${person} is gone`,
        meaning: 'Somebody deleted it at the phone system; its data there is lost, its recordings stay.',
      };
    case 'name':
      return {
        severity: 'info',
        title: `${person} is called “${found}” at the phone system`,
        meaning: `The last name that was written is “${expected}”.`,
      };
    case 'email':
      return {
        severity: 'warning',
        title: `The agent of ${expected} has another address: ${found}`,
        meaning: 'Invitations and sign-in go to an address that the directory does not name.',
      };
    case 'role':
      return roleWords(item, person);
    case 'setting':
      return {
        severity: 'warning',
        title: `${item.setting?.label ?? 'A setting'} of ${person} is “${found}” instead of “${expected}”`,
        meaning: 'Somebody changed it at the phone system; rules had set it.',
      };
    case 'suspended':
      return {
        severity: 'warning',
        title: `${person} was suspended at the phone system`,
        meaning: 'The directory says that they work, but they cannot use their phone.',
      };
    case 'reactivated':
      return {
        severity: 'critical',
        title: `${person} has left, but can use the phone system again`,
        meaning: `Somebody gave them back: ${found}.`,
      };
    case 'team-added':
    case 'number-added':
    case 'team-removed':
    case 'number-removed':
      return holdingWords(item, person);
  }
}

/** Of somebody who has left there was nothing to keep but the time until the deletion. */
function goneWords(person: string): DriftWords {
  return {
    severity: 'info',
    title: `The parked agent of ${person} is gone already`,
    meaning: 'Somebody deleted it at the phone system before its permanent deletion was due.',
  };
}

function roleWords({ expected, found }: DriftItem, person: string): DriftWords {
  const isRaised = higherRole(expected as Role, found as Role) === found;
  return {
    severity: isRaised ? 'critical' : 'warning',
    title: `${person} is ${found} instead of ${expected}`,
    meaning: isRaised
      ? 'Somebody raised the role at the phone system: they can do more than the rules allow.'
      : 'Somebody lowered the role at the phone system: they can do less than the rules grant.',
  };
}

function holdingWords({ code, expected, found }: DriftItem, person: string): DriftWords {
  if (code === 'team-added' || code === 'number-added') {
    return {
      severity: 'warning',
      title: `${person} was given ${found} by hand`,
      meaning: 'No rule grants it: it will not be taken when their groups change, unless rules manage it.',
    };
  }
  return {
    severity: 'warning',
    title: `${person} lost ${expected}`,
    meaning: 'Somebody took it at the phone system, and calls that should reach them do not.',
  };
}
