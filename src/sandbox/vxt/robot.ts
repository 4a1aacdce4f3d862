import type { DashboardActions } from './dashboard/dashboard.js';
import type { DashboardView } from './dashboard/view.js';
import { ACCESS_LISTS, type AccessList, type MemberRole } from './records.js';

/** A step as it stands on somebody's checklist. */
export interface WrittenStep {
  readonly title: string;
  readonly instructions: readonly string[];
}

/** Somebody who does in the dashboard what a step says, word by word, and knows nothing else. */
export interface Robot {
  /** `already`: there was nothing left to do. Throws for a sentence that it does not understand, or cannot follow. */
  do(step: WrittenStep): Promise<'done' | 'already'>;
}

/** Actions of the dashboard that steps may ask for. */
export const ROBOT_ACTIONS = [
  'inviteMember', 'setName', 'setEmail', 'setRole', 'setPermissions', 'setAccess', 'exportRecords', 'removeMember',
] as const; // prettier-ignore

export interface RobotDeps {
  readonly dashboard: Pick<DashboardActions, (typeof ROBOT_ACTIONS)[number]>;
  readonly look: () => Promise<Pick<DashboardView, 'members' | 'numbers'>>;
}

/** What the reader has on the screen. */
interface Desk extends RobotDeps {
  email: string;
  number: string;
  hasActed: boolean;
  /** The sentence said that nothing more is to be done. */
  isFinished: boolean;
}

type Follow = (desk: Desk, words: readonly string[]) => Promise<void> | void;

/** What there is to read and not to do. */
const REMARKS = [
  /^Open .+ as an Admin/u,
  /^Save\.$/u,
  /^A new member is charged/u,
  /^If VXT offers/u,
  /^Do not remove the member yet/u,
  /^The retention manifest/u,
  /^Type the e-mail here/u,
];

const SENTENCES: readonly (readonly [RegExp, Follow])[] = [
  [/^Open .+ and choose (\S+@\S+)\.$/u, (desk, [email = '']) => void (desk.email = email)],
  [/^Open .+ and choose (\+\d+)\.$/u, (desk, [number = '']) => void (desk.number = number)],
  [/^Open .+, choose (\S+@\S+), then Remove\.$/u, (desk, [email = '']) => void (desk.email = email)],
  [/^Search the list for (\S+@\S+)\. If the person is there already, .* tick this step\.$/u, stopIfThere],
  [/^Invite (\S+@\S+), name (.+), role Member\./u, invite],
  [/^Set the name to (.+)\.$/u, (desk, [name = '']) => rename(desk, name)],
  [/^Set the e-mail to (\S+@\S+)\. /u, (desk, [newEmail = '']) => moveTo(desk, newEmail)],
  [/^Set the role to (Admin|Member)\./u, (desk, [role = '']) => setRole(desk, role as MemberRole)],
  [/^Under permissions switch on (.+) and switch off all others\.$/u, (desk, [names = '']) => permit(desk, names.split(', '))],
  [/^Under permissions switch off every single permission\.$/u, (desk) => permit(desk, [])],
  [/^Under Assigned Users (add|remove) (\S+@\S+?)[:.](?:\s|$)/u, access('assigned')],
  [/^Under Caller ID access (add|remove) (\S+@\S+?)[:.](?:\s|$)/u, access('callerId')],
  [/^Open its call flow and (add|remove) (\S+@\S+) (?:to|from)/u, access('callFlow')],
  [/^The role must be Member, with no single permission/u, lookAtRole],
  [/^Open .+: (\S+@\S+) must be at no number/u, lookAtNumbers],
  [/^Open Records .+ filter by (\S+@\S+), and export/u, exportRecords],
  [/^VXT asks for the e-mail to confirm: type (\S+@\S+)\. /u, remove],
]; // prettier-ignore

export function makeRobot(deps: RobotDeps): Robot {
  return {
    async do({ title, instructions }) {
      const desk: Desk = { ...deps, email: '', number: '', hasActed: false, isFinished: false };
      let understood = 0;
      for (const sentence of instructions) {
        if (REMARKS.some((remark) => remark.test(sentence))) continue;
        const [follow, words] = readSentence(sentence, title);
        await follow(desk, words);
        understood += 1;
        if (desk.isFinished) break;
      }
      if (understood === 0) throw new Error(`Nobody could do "${title}": it says nothing that can be done.`);
      return desk.hasActed ? 'done' : 'already';
    },
  };
}

function readSentence(sentence: string, title: string): readonly [Follow, readonly string[]] {
  for (const [pattern, follow] of SENTENCES) {
    const match = pattern.exec(sentence);
    if (match !== null) return [follow, match.slice(1)];
  }
  throw new Error(`Nobody could follow this sentence of "${title}": ${sentence}`);
}

async function stopIfThere(desk: Desk, [email = '']: readonly string[]): Promise<void> {
  desk.isFinished = (await findMember(desk, email)) !== undefined;
}

async function invite(desk: Desk, [email = '', name = '']: readonly string[]): Promise<void> {
  await desk.dashboard.inviteMember({ email, name });
  desk.hasActed = true;
}

async function rename(desk: Desk, name: string): Promise<void> {
  if ((await chosen(desk)).name === name) return;
  await desk.dashboard.setName({ email: desk.email, name });
  desk.hasActed = true;
}

async function moveTo(desk: Desk, newEmail: string): Promise<void> {
  if ((await chosen(desk)).email.toLowerCase() === newEmail.toLowerCase()) return;
  await desk.dashboard.setEmail({ email: desk.email, newEmail });
  desk.email = newEmail;
  desk.hasActed = true;
}

async function setRole(desk: Desk, role: MemberRole): Promise<void> {
  if ((await chosen(desk)).role === role) return;
  await desk.dashboard.setRole({ email: desk.email, role });
  desk.hasActed = true;
}

async function permit(desk: Desk, permissions: readonly string[]): Promise<void> {
  const held = (await chosen(desk)).permissions;
  if (held.length === permissions.length && permissions.every((name) => held.includes(name))) return;
  await desk.dashboard.setPermissions({ email: desk.email, permissions: [...permissions] });
  desk.hasActed = true;
}

function access(list: AccessList): Follow {
  return async (desk, [verb, email = '']) => {
    const isGiven = verb === 'add';
    const { numbers } = await desk.look();
    const member = await findMember(desk, email);
    const there = numbers.find(({ number }) => number === desk.number)?.[list] ?? [];
    if (there.includes(member?.email ?? '') === isGiven) return;
    await desk.dashboard.setAccess({ number: desk.number, email, list, isGiven });
    desk.hasActed = true;
  };
}

async function lookAtRole(desk: Desk): Promise<void> {
  const { role, permissions } = await chosen(desk);
  if (role === 'Member' && permissions.length === 0) return;
  throw new Error(`${desk.email} is not shut out: ${role} with ${permissions.length} permissions.`);
}

async function lookAtNumbers(desk: Desk, [email = '']: readonly string[]): Promise<void> {
  const { numbers } = await desk.look();
  const known = (await findMember(desk, email))?.email ?? '';
  const left = numbers.filter((one) => ACCESS_LISTS.some((list) => one[list].includes(known)));
  if (left.length === 0) return;
  throw new Error(`${email} is not shut out: still at ${left.map(({ number }) => number).join(', ')}.`);
}

async function exportRecords(desk: Desk, [email = '']: readonly string[]): Promise<void> {
  if ((await findMember(desk, email)) === undefined) return;
  await desk.dashboard.exportRecords({ email });
}

async function remove(desk: Desk, [typed = '']: readonly string[]): Promise<void> {
  if ((await findMember(desk, desk.email)) === undefined) return;
  await desk.dashboard.removeMember({ email: desk.email, typed });
  desk.hasActed = true;
}

async function findMember({ look }: Desk, email: string) {
  const key = email.toLowerCase();
  return (await look()).members.find((member) => member.email.toLowerCase() === key);
}

async function chosen(desk: Desk) {
  const member = await findMember(desk, desk.email);
  if (member !== undefined) return member;
  throw new Error(`There is no member ${desk.email} to choose.`);
}
