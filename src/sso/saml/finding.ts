/** Every check a sign-in passes, in the order in which a person should look at them. */
export const CHECK_NAMES = [
  'size',
  'encoding',
  'doctype',
  'xml',
  'shape',
  'hiddenText',
  'uniqueIds',
  'oneAssertion',
  'status',
  'encryption',
  'algorithms',
  'responseSigned',
  'assertionSigned',
  'certificate',
  'signature',
  'responseIssuer',
  'assertionIssuer',
  'destination',
  'audience',
  'recipient',
  'notYetValid',
  'expired',
  'age',
  'sessionEnded',
  'nameId',
  'inResponseTo',
  'requestKnown',
  'replay',
  'relayState',
  'library',
  'browser',
  'directory',
  'groupsMissing',
  'role',
  'connection',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** One check that did not pass: what arrived and what was expected. Neither may hold personal data or secrets. */
export interface Finding {
  readonly check: CheckName;
  readonly arrived: string;
  readonly expected: string;
}

const SHOWN_LENGTH = 200;

/** Text from a message, short enough to store and show. Nothing for an absent value reads as "nothing". */
export function shown(value: string | null | undefined): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  const printable = value.replace(/\p{Cc}/gu, ' ');
  return printable.length > SHOWN_LENGTH ? `${printable.slice(0, SHOWN_LENGTH)}…` : printable;
}
