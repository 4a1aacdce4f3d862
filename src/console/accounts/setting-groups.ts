import type { FormField } from '../schema-form/fields.js';

export interface SettingGroup {
  readonly title: string;
  readonly fields: readonly FormField[];
}

/** Settings that are thought of together, by the first keys of their paths. */
const GROUPS: readonly { readonly title: string; readonly keys: readonly string[] }[] = [
  { title: 'What waits for approval', keys: ['safety', 'fourEyes', 'protectedEmails', 'credentialUser'] },
  { title: 'Leavers', keys: ['graceDays', 'deletion'] },
  { title: 'Recordings', keys: ['archive', 'retention'] },
  {
    title: 'Agents and what they hold',
    keys: ['adoptExisting', 'revokeManaged', 'reassertRolesDays', 'taskWithoutNumber', 'teamPrefix'],
  },
  {
    title: 'Seats and cost',
    keys: ['seatPrice', 'seatsContracted', 'seatsMinimum', 'unusedAfterDays', 'seatsCron'],
  },
];

/** Every field once; those of no group are about when things happen. */
export function groupSettings(fields: readonly FormField[]): readonly SettingGroup[] {
  const known = new Set(GROUPS.flatMap(({ keys }) => keys));
  const keyOf = ({ path: [key = ''] }: FormField): string => key;
  return [
    ...GROUPS.map(({ title, keys }) => ({
      title,
      fields: fields.filter((field) => keys.includes(keyOf(field))),
    })),
    { title: 'Schedule', fields: fields.filter((field) => !known.has(keyOf(field))) },
  ];
}
