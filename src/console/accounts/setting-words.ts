import type { FieldWords } from '../schema-form/fields.js';

/** Words for the settings of an account. Units stand in the label or the hint. */
export const SETTING_WORDS: FieldWords = {
  'safety.removalFloor': {
    label: 'Removals that are always let through',
    hint: 'A plan with no more parks and deletions than this is never held for its share.',
  },
  'safety.removalShareMax': {
    label: 'Largest share of people a plan may remove',
    hint: '0 to 1. Above the floor, a plan that removes more than this share of the active agents waits for approval.',
  },
  'safety.removalCeiling': {
    label: 'Most removals in one plan',
    hint: 'More than this waits for approval, whatever the share. Empty: no ceiling.',
  },
  'safety.directoryShrinkShareMax': {
    label: 'Largest shrink of the directory',
    hint: '0 to 1. When more of the directory than this vanished since the last plan, the plan waits for approval.',
  },
  'safety.seatCeiling': {
    label: 'Seats',
    hint: 'Agents that the company pays for. Creating more waits for approval, because the vendor bills it at once. Empty: unknown.',
  },
  'safety.removalsPerHourMax': {
    label: 'Most removals an hour',
    hint: 'Many leavers that arrive one by one wait for approval beyond this.',
  },
  'safety.flapsPerDayMax': {
    label: 'Changes back and forth a day',
    hint: 'The same thing given and taken this often within a day waits for approval.',
  },
  fourEyes: {
    label: 'Two people approve',
    hint: 'A held plan is carried out only when two different people have approved it.',
  },
  graceDays: {
    label: 'Grace period in days',
    hint: 'From parking to the permanent deletion. 0 deletes as soon as the leaver is parked.',
  },
  'deletion.approval': {
    label: 'Every deletion waits for a person',
    hint: 'A permanent deletion is carried out only when somebody has approved exactly that one.',
  },
  'deletion.handover': {
    label: 'Lines that would ring nobody',
    hint: 'Where the deletion goes on, the list of leavers, a task and the certificate say so.',
    choices: { say: 'The deletion goes on and says so', wait: 'It waits until somebody answers the line' },
  },
  'deletion.calendar': {
    label: 'Days of grace',
    hint: 'Business days are no weekends and no holidays.',
    choices: { 'all-days': 'All days', 'business-days': 'Business days only' },
  },
  'deletion.holidays': { label: 'Holidays', hint: 'One day a line, such as 2026-12-25.' },
  'archive.policy': {
    label: 'What is archived before a deletion',
    hint: 'The list of lines and calls is always kept in Patchbay. A recording that cannot be fetched holds the deletion.',
    choices: {
      none: 'Nothing',
      metadata: 'The list of lines and calls',
      audio: 'The list, every recording and voicemail',
    },
  },
  'archive.to': {
    label: 'Archive',
    hint: 'The directory is ARCHIVE_DIR of the server. A bucket’s credential is entered below.',
    choices: { directory: 'A directory of the server', s3: 'A bucket (S3)' },
  },
  'archive.bucket': { label: 'Bucket' },
  'archive.region': { label: 'Region of the bucket' },
  'archive.endpoint': { label: 'Address of an S3-compatible store', hint: 'Empty: AWS.' },
  'archive.pathStyle': {
    label: 'Bucket in the path',
    hint: 'As most S3-compatible stores want it.',
  },
  'archive.prefix': { label: 'Beginning of every key', hint: 'Such as calls/.' },
  'archive.vendorKeepsDays': {
    label: 'Days that the phone system’s plan keeps recordings',
    hint: 'Aircall Essentials: 365. Patchbay warns where more is wanted and nothing is archived. Empty: unknown.',
  },
  'archive.samples': {
    label: 'Recordings asked for after a deletion',
    hint: 'So many of the person’s recordings must still answer from the line; the certificate says how many did.',
  },
  'retention.keepDays': {
    label: 'Days that archived recordings are kept',
    hint: 'From the call. Empty: for ever.',
  },
  'retention.classes': {
    label: 'Retention classes',
    hint: 'One a line: name, days or “forever”, numbers. Such as: mifid 2555 +33176111111',
  },
  'retention.noticeDays': {
    label: 'Days of notice before recordings are removed',
    hint: 'What is to go is announced first, object by object.',
  },
  credentialUser: {
    label: 'Owner of the API credential',
    hint: 'E-mail. Their own agent is never deleted, because the credential would end with it. Empty: nobody’s.',
  },
  adoptExisting: {
    label: 'Take over existing agents',
    hint: 'An agent with the same e-mail becomes the person’s. Off: such agents are only listed.',
  },
  protectedEmails: {
    label: 'Protected people',
    hint: 'One e-mail a line. They never lose access: break-glass people.',
  },
  revokeManaged: {
    label: 'Take what was given by hand',
    hint: 'Teams and numbers that rules speak of are taken from people whom no rule gives them to.',
  },
  reassertRolesDays: {
    label: 'Write roles again after days',
    hint: 'For vendors that do not show roles: on the schedule, a role written longer ago is written again. Empty: never.',
  },
  taskWithoutNumber: {
    label: 'Tasks for people without a number',
    hint: 'Whoever is on no number can neither be called nor call out. Switch it off where numbers are not used.',
  },
  teamPrefix: {
    label: 'Prefix of managed teams',
    hint: 'Every team whose name begins so counts as one that rules speak of. Empty: none.',
  },
  'seatPrice.amountPerMonth': {
    label: 'Price of a seat a month',
    hint: 'For estimates when rules would create people. Empty: unknown.',
  },
  'seatPrice.currency': { label: 'Currency', hint: 'Three capital letters, such as EUR.' },
  seatsContracted: {
    label: 'Seats in the contract',
    hint: 'Paid for whether they are held or not. Empty: only what is held is paid for.',
  },
  seatsMinimum: {
    label: 'Least seats that are billed',
    hint: 'The vendor bills at least so many. Empty: no such minimum.',
  },
  unusedAfterDays: {
    label: 'A seat is without use after days',
    hint: 'Days without a call. Calls are looked up within the request budget. Empty: they are not looked at.',
  },
  jitterMinutes: {
    label: 'Spread of the schedule in minutes',
    hint: 'Scheduled work begins somewhere within so many minutes, so that not all phone systems begin at once.',
  },
  seatsCron: {
    label: 'Schedule of the comparison of seats',
    hint: 'Five-field cron, as above.',
  },
  reconcileCron: {
    label: 'Schedule of the reconciliation',
    hint: 'Five-field cron: minute, hour, day of month, month, day of week.',
  },
  timeZone: { label: 'Time zone of the schedule', hint: 'Such as Europe/Paris.' },
};
