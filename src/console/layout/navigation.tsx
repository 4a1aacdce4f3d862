import type { Waiting } from '../../administration/overview.js';
import { can } from '../kit/context.js';
import { h, type Markup } from '../markup/markup.js';
import { CONSOLE_PATH, paths } from '../paths.js';
import type { SignedIn } from '../ports.js';
import type { Permission } from '../../administration/permissions.js';
import { icons } from './icons.js';

interface Item {
  readonly label: string;
  readonly href: string;
  readonly icon: keyof typeof icons;
  readonly permission: Permission;
  /** First parts of the addresses that belong to this item. */
  readonly places: readonly string[];
  readonly count?: (waiting: Waiting) => number;
}

const ITEMS: readonly Item[] = [
  { label: 'Overview', href: paths.home(), icon: 'home', permission: 'read', places: [''] },
  { label: 'People', href: paths.people(), icon: 'people', permission: 'read', places: ['people'] },
  {
    label: 'Groups and rules',
    href: paths.rules(),
    icon: 'groups',
    permission: 'read',
    places: ['rules', 'groups'],
  },
  {
    label: 'Plans',
    href: paths.plans(),
    icon: 'plans',
    permission: 'read',
    places: ['plans'],
    count: ({ plans }) => plans,
  },
  {
    label: 'Leavers',
    href: paths.leavers(),
    icon: 'leavers',
    permission: 'read',
    places: ['leavers'],
    count: ({ heldLeavers }) => heldLeavers,
  },
  {
    label: 'Worklist',
    href: paths.worklist(),
    icon: 'worklist',
    permission: 'read',
    places: ['worklist'],
    count: ({ tasks }) => tasks,
  },
  {
    label: 'Findings',
    href: paths.findings(),
    icon: 'findings',
    permission: 'read',
    places: ['findings', 'comparisons', 'identity-providers'],
    count: ({ findings }) => findings,
  },
  { label: 'Reports', href: paths.reports(), icon: 'reports', permission: 'read', places: ['reports'] },
  {
    label: 'Phone systems',
    href: paths.accounts(),
    icon: 'accounts',
    permission: 'read',
    places: ['accounts'],
  },
  {
    label: 'SSO and SCIM',
    href: paths.connections(),
    icon: 'connections',
    permission: 'read',
    places: ['connections', 'sso'],
  },
  { label: 'Audit', href: paths.audit(), icon: 'audit', permission: 'audit:read', places: ['audit'] },
  {
    label: 'Notifications',
    href: paths.notifications(),
    icon: 'notifications',
    permission: 'read',
    places: ['notifications'],
  },
  {
    label: 'Team and access',
    href: paths.access(),
    icon: 'access',
    permission: 'access:read',
    places: ['access'],
  },
  {
    label: 'Settings',
    href: paths.settings(),
    icon: 'settings',
    permission: 'access:read',
    places: ['settings'],
  },
];

/** The pages this person may open, with what waits on each. */
export function Navigation({
  session,
  waiting,
  path,
}: {
  readonly session: SignedIn;
  readonly waiting: Waiting | null;
  readonly path: string;
}): Markup {
  const place = path.slice(CONSOLE_PATH.length).split(/[/?.]/)[1] ?? '';
  const items = ITEMS.filter(({ permission }) => can({ session }, permission));
  return (
    <nav aria-label="Console">
      <ul>
        {items.map((item) => (
          <li>
            <a href={item.href} aria-current={item.places.includes(place) ? 'page' : undefined}>
              {icons[item.icon]()}
              <span>{item.label}</span>
              <Count value={waiting === null ? 0 : (item.count?.(waiting) ?? 0)} />
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Count({ value }: { readonly value: number }): Markup | null {
  if (value === 0) return null;
  return (
    <span class="count">
      {value > 999 ? '999+' : value}
      <span class="hidden"> waiting</span>
    </span>
  );
}
