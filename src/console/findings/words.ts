import type { FindingClass, FindingSeverity } from '../../domain/findings/finding.js';
import type { FindingPolicy } from '../../domain/findings/policy.js';
import type { FindingState } from '../../report/ports.js';
import type { Wording } from '../parts/words.js';

export const SEVERITY_WORDS: Readonly<Record<FindingSeverity, Wording>> = {
  critical: { label: 'Critical', tone: 'bad' },
  warning: { label: 'Warning', tone: 'warn' },
  info: { label: 'Good to know', tone: 'info' },
};

export const STATE_WORDS: Readonly<Record<FindingState, string>> = {
  open: 'Open',
  ignored: 'Ignored',
  accepted: 'Accepted',
  resolved: 'Resolved',
};

export const POLICY_LABELS: Readonly<Record<FindingPolicy, string>> = {
  report: 'Tell only',
  fix: 'Put right by the next plan',
  adopt: 'Take over as it is',
  ask: 'Wait until somebody decides',
};

export const CLASS_WORDS: Readonly<Record<FindingClass, string>> = {
  'unmanaged-agent': 'Agents nobody manages',
  'duplicate-person': 'Second agents of one person',
  'missing-agent': 'Missing agents',
  'not-provisioned': 'People without an agent yet',
  'parked-active': 'Leavers with access again',
  suspended: 'Suspended at the phone system',
  role: 'Roles',
  name: 'Names',
  email: 'E-mail addresses',
  'team-missing': 'Teams that are gone',
  'team-added': 'Teams given by hand',
  'team-removed': 'Teams taken by hand',
  'number-added': 'Numbers given by hand',
  'number-removed': 'Numbers taken by hand',
  setting: 'Settings changed by hand',
  'dangling-ring-target': 'Numbers that ring nobody',
  'owner-count': 'Owners',
  'invitation-expired': 'Invitations that expired',
  'agent-without-number': 'People without a number',
  'task-undone': 'Tasks marked done that are not',
  'task-done': 'Tasks that are done',
  'idp-deactivated': 'Deactivated there, active here',
  'idp-missing-here': 'Never pushed',
  'idp-extra-here': 'Not assigned any more',
  'idp-attribute': 'Other attributes',
  'idp-membership': 'Other group members',
  'unused-seat': 'Seats without use',
  'parked-seat': 'Seats of people who left',
  'seats-over-plan': 'More seats than the plan has',
};
