/** What was done, in words. The address of the next page carries only the key, so nobody can put words into it. */
export const FLASHES = {
  'plan-approved': 'Approved. The changes are carried out in their turn.',
  'plan-seconded':
    'Your approval counts. This account asks for two people: somebody else has to approve it as well.',
  'plan-rejected': 'Rejected. These people stay as they are until they change or are planned again.',
  'rules-saved': 'Saved. Every account is planned anew with these rules.',
  'rules-unchanged': 'Nothing differs from the current version, so nothing was saved.',
  'rules-rolled-back': 'The older rules are the newest version again. Every account is planned anew.',
  'account-created': 'Connected. The first reading is on its way; nothing is changed there yet.',
  'policy-changed': 'The policy was changed. The account is planned anew.',
  'settings-saved': 'The settings were saved. The account is planned anew.',
  'credential-replaced': 'The new credential works and is in use.',
  'account-paused': 'Paused. No call is made to the vendor until somebody resumes the account.',
  'account-resumed': 'Resumed. The account is planned anew.',
  'reconcile-asked': 'A reconciliation was asked for. Its result appears here.',
  'person-asked': 'This person is looked at again.',
  'token-revoked': 'Revoked. Running servers refuse it within seconds.',
  'task-claimed': 'The task is yours.',
  'task-released': 'The task is free again.',
  'task-commented': 'The comment was saved.',
  'task-done': 'Marked as done. A reconciliation opens it again if it was not.',
  'task-dismissed': 'Closed as not needed. It stays closed as long as the same is wanted.',
  'tasks-changed': 'Done, for each of the marked tasks.',
  'task-due': 'The date was changed.',
  'step-undone': 'Taken back. Patchbay asks for it again if it is still wanted.',
  'step-confirmed': 'Confirmed, with your name and the time. The next step is open.',
  'import-applied': 'Imported. The account is planned anew.',
  'import-discarded': 'Thrown away. Nothing was changed.',
  'task-reopened': 'The task is open again.',
  'contact-saved': 'The contact was saved.',
  'contact-removed': 'The contact was removed and is told nothing any more.',
  'audit-checked': 'The whole chain was computed anew; what it says stands below.',
  'client-created': 'The client was created. Add a secret to it, or let a federation prove who it is.',
  'client-revoked': 'The client was revoked, and its secrets and access tokens with it.',
  'secret-revoked': 'The secret was revoked. Access tokens that it bought live out their hour.',
  'federation-saved': 'Saved. The client now proves itself by tokens of that issuer.',
  'federation-ended': 'The trust in that issuer has ended. Secrets go on working.',
  'role-changed': 'The role was changed. It holds from the next click on.',
  'owner-removed': 'The break-glass owner was removed, with every session.',
  'session-ended': 'The session has ended.',
  'sessions-ended': 'The sessions have ended.',
  'organisation-saved': 'Saved. Session limits hold at once.',
  'finding-fix':
    'It is put right by the next plan, as far as the account’s policy and the safety rules let it.',
  'finding-accepted': 'Accepted: it stays as it is until something else is found there.',
  'finding-undecided': 'The decision was taken back.',
  'finding-claimed': 'You see to it.',
  'finding-released': 'Nobody in particular sees to it now.',
  'finding-ignored': 'Ignored. It comes back when something else is found there, or its day has come.',
  'finding-counts': 'It counts again.',
  'finding-policies-saved': 'Saved. A comparison with these policies was asked for.',
  'comparison-asked': 'A comparison was asked for. Its progress appears here.',
  'idp-connected': 'Connected. The first comparison was asked for; what it finds appears under Findings.',
  'idp-saved': 'Saved. A comparison was asked for.',
  'idp-removed': 'The connection was removed, with its readings and findings.',
  'destination-added': 'Added. Reports are sent there on their schedule.',
  'destination-paused': 'Paused. Nothing is sent there until it is resumed.',
  'destination-resumed': 'Resumed. Reports are sent there again.',
  'destination-removed': 'Removed. Nothing is sent there any more.',
  'destination-sent': 'A report was made; it is sent within seconds.',
  'report-made': 'The report was made and is kept.',
  'deletions-approved': 'Approved. Each is carried out as long as it would still do the same.',
  'hold-set': 'The legal hold stands. Nobody deletes this person’s agents or recordings.',
  'hold-released': 'The legal hold was released. Deletions that waited for it go on.',
  'deletion-cancelled': 'Cancelled. The person stays parked, and nobody deletes them.',
  'deletion-moved': 'The date was changed. Every guard is asked again then.',
  'successor-chosen':
    'Noted. What the phone system has an API for is given by plan; the rest is said on the worklist.',
  'recordings-waived': 'Let go. They are named in the audit trail and in the certificate.',
  'archive-credential-replaced': 'The credential of the archive was stored.',
  'sso-created': 'The connection was added. Next: say who may enter, and run a test sign-in.',
  'sso-saved': 'Saved. It holds from the next sign-in on.',
  'sso-on': 'Switched on: people can sign in with it.',
  'sso-off': 'Switched off: nobody can sign in with it any more.',
  'sso-refreshed': 'The metadata was read.',
  'sso-removed': 'The draft was removed.',
  'link-revoked': 'The setup link was withdrawn, and whatever was open by it has ended.',
  'domain-added': 'Added. Put the record into DNS, then have it looked for.',
  'domain-proven': 'The record was found: the domain is proven.',
  'domain-missing': 'The record was not found; what is missing stands beside the domain.',
  'domain-removed': 'The domain was removed.',
  'signed-out': 'You are signed out.',
} as const;

export type FlashKey = keyof typeof FLASHES;

/** The words for a key from an address; null for anything else. */
export function readFlash(key: unknown): string | null {
  return typeof key === 'string' && Object.hasOwn(FLASHES, key) ? FLASHES[key as FlashKey] : null;
}

/** Adds the key to an address of ours. */
export function withFlash(to: string, flash: FlashKey | undefined): string {
  if (flash === undefined) return to;
  return `${to}${to.includes('?') ? '&' : '?'}done=${flash}`;
}
