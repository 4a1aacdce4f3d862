import {
  type AgentSettings,
  listedValues,
  type SettingDeclaration,
  type SettingValue,
} from '../../domain/settings.js';
import type { DetailedUser } from './schema.js';
import { CREATE_ONLY_FIELDS, type SmartfloConfig } from './settings.js';

/** One setting as Smartflo's API takes and shows it (vendors.md 2.2). */
interface ApiSetting {
  readonly name: string;
  readonly label: string;
  readonly value: SettingValue;
  readonly field: string;
  toField(value: string, agentId: string | null): unknown;
  /** undefined: this answer does not show it. */
  read(user: DetailedUser): string | undefined;
}

const TEXT = { type: 'text' } as const;
const FLAG = { type: 'flag' } as const;
const ROUTES = ['agent', 'extension', 'both'] as const;
const isTrue = (value: string): boolean => value === 'true';
const shown = (flag: boolean | null | undefined): string | undefined =>
  flag === null || flag === undefined ? undefined : String(flag);
const API_SETTINGS: readonly ApiSetting[] = [
  {
    name: 'designation',
    label: 'Designation',
    value: TEXT,
    field: 'designation',
    toField: (value) => value,
    read: ({ member }) => member?.designation,
  },
  {
    name: 'number',
    label: 'Number',
    value: { type: 'phone' },
    field: 'number',
    toField: (value) => value,
    read: ({ number }) => number || undefined,
  },
  {
    name: 'loginBasedCalling',
    label: 'Login Based Calling',
    value: FLAG,
    field: 'login_based_calling',
    toField: isTrue,
    read: ({ member }) => shown(member?.is_login_based_calling),
  },
  {
    name: 'internationalOutbound',
    label: 'International Outbound',
    value: FLAG,
    field: 'international_outbound',
    toField: isTrue,
    read: ({ agent }) => shown(agent?.is_international_outbound_enabled),
  },
  {
    name: 'agentGroups',
    label: 'Agent Group',
    value: { type: 'list' },
    field: 'agent_group',
    toField: listedValues,
    read: ({ agent }) => agent?.agent_group?.toSorted().join(', '),
  },
  {
    name: 'cdrVisibility',
    label: 'Users for CDR',
    value: { type: 'choice', choices: ['all', 'own'] },
    field: 'user_for_cdr',
    toField: (value, agentId) =>
      value === 'own' ? { type: 'agent', value: [agentId] } : { type: 'all', value: null },
    read: readCdr,
  },
  {
    name: 'timeGroup',
    label: 'Time Group',
    value: { type: 'id' },
    field: 'time_group',
    toField: Number,
    read: ({ agent }) => agent?.time_group?.id,
  },
  {
    name: 'callForwarding',
    label: 'Failover Destination',
    value: TEXT,
    field: 'failover_destination',
    toField: (value) => value,
    read: ({ agent }) => agent?.failover_destination?.id,
  },
  {
    name: 'routeCallsThrough',
    label: 'Route Calls Through',
    value: { type: 'choice', choices: [...ROUTES] },
    field: 'route_call_through',
    toField: (value) => ROUTES.findIndex((one) => one === value),
    read: ({ agent }) => ROUTES[agent?.route_call_through ?? -1],
  },
  {
    name: 'extension',
    label: 'Assign Extension',
    value: FLAG,
    field: 'assign_extension',
    toField: isTrue,
    read: ({ agent }) =>
      shown(agent === null ? null : agent.extension !== null && agent.extension !== undefined),
  },
  {
    name: 'outboundBlock',
    label: 'Outbound Block',
    value: FLAG,
    field: 'outbound_block',
    toField: isTrue,
    read: ({ agent }) => shown(agent?.extension?.outbound_block),
  },
];

/** Portal-only (vendors.md 2.3): no API field was found. */
const BY_HAND: readonly Pick<ApiSetting, 'name' | 'label' | 'value'>[] = [
  { name: 'allowedIps', label: 'IP Restriction', value: TEXT },
  { name: 'twoFactor', label: 'Two Factor Authentication', value: FLAG },
  { name: 'dispositions', label: 'Dispositions', value: TEXT },
  { name: 'acCidList', label: 'AC-CID List', value: TEXT },
  { name: 'interactions', label: 'Interactions', value: FLAG },
  { name: 'didsForCdr', label: 'DIDs for CDR', value: TEXT },
];

/** What rules may set, and how each is set in an account with these settings. */
export function declaredSettings({
  updatableFields,
}: Pick<SmartfloConfig, 'updatableFields'>): readonly SettingDeclaration[] {
  const createOnly = new Set<string>(CREATE_ONLY_FIELDS.filter((field) => !updatableFields.includes(field)));
  return [
    ...API_SETTINGS.map(({ name, label, value, field }) => ({
      name,
      label,
      value,
      write: createOnly.has(field) ? ('create' as const) : ('api' as const),
    })),
    ...BY_HAND.map((setting) => ({ ...setting, write: 'manual' as const })),
  ];
}

/** The fields of a request that carry these settings. `agentId` null: of somebody who is being created. */
export function toSettingFields(settings: AgentSettings, agentId: string | null): Record<string, unknown> {
  const named = API_SETTINGS.filter(({ name }) => settings[name] !== undefined);
  return Object.fromEntries(
    named.map(({ name, field, toField }) => [field, toField(settings[name] ?? '', agentId)]),
  );
}

/** What one user's answer shows; a setting that it leaves out is not known, which is not the same as off. */
export function readSettings(user: DetailedUser): AgentSettings {
  return Object.fromEntries(
    API_SETTINGS.flatMap(({ name, read }) => {
      const value = read(user);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Anything but everybody or nobody but oneself is a choice that no rule can name. */
function readCdr({ member, agent }: DetailedUser): string | undefined {
  const cdr = member?.users_for_cdr;
  if (!cdr) return undefined;
  if (cdr.type === 'all') return 'all';
  const isOwn = cdr.value?.length === 1 && cdr.value[0] === agent?.id;
  return isOwn ? 'own' : 'others';
}
