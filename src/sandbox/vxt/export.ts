import { ACCESS_LISTS, type AccessList, type MemberRecord } from './records.js';
import type { World } from './world.js';

const PEOPLE = ['Email', 'Name', 'Role', 'Status'];
const HEADINGS: Readonly<Record<AccessList, string>> = {
  assigned: 'Assigned numbers',
  callerId: 'Caller ID access',
  callFlow: 'Call flows',
};

/** The member list as a file (RFC 4180). Whether VXT has one, and with which columns, is unverified. */
export function memberList(world: World): string {
  const hasAll = world.settings.exportColumns === 'all';
  const head = hasAll ? [...PEOPLE, 'Permissions', ...ACCESS_LISTS.map((list) => HEADINGS[list])] : PEOPLE;
  const rows = world.state.members.rows().map((member) => cellsOf(world, member).slice(0, head.length));
  return [head, ...rows].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

function cellsOf({ state, settings }: World, member: MemberRecord): readonly string[] {
  const join = (values: readonly string[]): string => values.join(settings.listSeparator);
  const numbers = state.numbers.rows();
  return [
    member.email,
    member.name,
    member.role,
    member.status,
    join(member.permissions),
    ...ACCESS_LISTS.map((list) =>
      join(numbers.filter((one) => one[list].includes(member.id)).map(({ number }) => number)),
    ),
  ];
}

function quoted(cell: string): string {
  return /[",\r\n]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
