import type { Capabilities, NumberAccessMode } from '../domain/capabilities.js';
import type { ProviderDefinition } from './port.js';

/** One thing that phone systems can or cannot do, and how each of them does it. */
export interface MatrixRow {
  readonly capability: string;
  /** In the order of the providers. */
  readonly cells: readonly string[];
}

const NUMBER_WORDS: Readonly<Record<NumberAccessMode, string>> = {
  api: 'yes',
  'via-team': 'through a team',
  manual: 'task for a person',
  none: 'no',
};

/** `yes` of a vendor whose writes people make is never a program's. */
function can({ writes }: Capabilities, isPossible: boolean, otherwise = 'no'): string {
  if (!isPossible) return otherwise;
  return writes === 'manual' ? 'checklist' : 'yes';
}

const number =
  (kind: keyof Capabilities['numberAccess']) =>
  (one: Capabilities): string =>
    one.numberAccess[kind] === 'api' ? can(one, true) : NUMBER_WORDS[one.numberAccess[kind]];

const TASK = 'task for a person';

const ROWS: readonly (readonly [string, (one: Capabilities) => string])[] = [
  ['Who makes the changes', ({ writes }) => (writes === 'manual' ? 'a person, confirmed' : 'Patchbay')],
  ['Create people', (one) => can(one, true)],
  ['Suspend at once', (one) => can(one, one.suspend)],
  ['Keep calls from a parked person', (one) => can(one, one.suspend || one.writeAvailability === true)],
  ['Delete for good', (one) => can(one, one.delete === 'permanent', TASK)],
  ['Change the role', (one) => can(one, one.writeRole, TASK)],
  [
    'Read the role',
    ({ readRole, writes }) => (readRole ? (writes === 'manual' ? 'from imports' : 'yes') : 'no'),
  ],
  ['Roles told apart', ({ roles }) => (roles ?? ['agent', 'supervisor', 'admin']).join(', ')],
  ['Owner above administrators', (one) => (one.owners ? can(one, one.writeOwner, TASK) : 'none there')],
  ['Change the e-mail', (one) => can(one, one.writeEmail, TASK)],
  ['Teams', (one) => (one.teams ? can(one, true) : 'none there')],
  ['Create teams', (one) => (one.teams ? can(one, one.createTeam, TASK) : 'none there')],
  ['Number assigned (rings, records)', number('assigned')],
  ['Number for calls out', number('outbound')],
  ['Call flow of a number', number('call_flow')],
];

/** What each provider can do with its default settings, from what it declares. */
export function capabilityMatrix(providers: readonly ProviderDefinition[]): readonly MatrixRow[] {
  return ROWS.map(([capability, cellOf]) => ({
    capability,
    cells: providers.map(({ capabilities }) => cellOf(capabilities)),
  }));
}

/** The matrix as a Markdown table without padding. */
export function matrixMarkdown(providers: readonly ProviderDefinition[]): string {
  const head = ['', ...providers.map(({ displayName }) => displayName)];
  const rows = capabilityMatrix(providers).map(({ capability, cells }) => [capability, ...cells]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
