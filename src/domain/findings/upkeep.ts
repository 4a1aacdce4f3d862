import { isPasswordTask } from '../planning/password.js';
import type { ChangeAction } from '../plan.js';
import type { Finding } from './finding.js';
import type { AccountFindingInput, Baseline, KnownTask } from './input.js';
import { makeFinding, type Survey } from './survey.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Invitations that nobody accepted in time (vendors.md 1.5: valid 15 days, sent again by hand only). */
export function findInvitations(survey: Survey): void {
  const { invitations, capabilities, lastUse, now } = survey.input;
  const { validDays } = invitations;
  if (validDays === null) return;
  const isShown = capabilities.invitationStateReadable;
  for (const agent of survey.input.actual.agents) {
    const { providerUserId, status, email } = agent;
    const sentAt = invitations.sentAt.get(providerUserId);
    if (sentAt === undefined || now < sentAt + validDays * DAY_MS) continue;
    const isOpen = isShown ? status === 'pending' : lastUse?.has(providerUserId) !== true;
    const link = survey.linkByAgent.get(providerUserId);
    if (!isOpen || link?.state !== 'active') continue;
    survey.findings.push(
      makeFinding('invitation-expired', providerUserId, {
        severity: isShown ? 'warning' : 'info',
        subjectId: link.subjectId,
        providerUserId,
        about: email,
        title: isShown
          ? `The invitation of ${email} has expired`
          : `The invitation of ${email} may have expired`,
        meaning: isShown
          ? 'They have never signed in, and their seat is paid for.'
          : 'The vendor does not say who accepted, and no call of theirs has been seen.',
        advice:
          'Look for “Pending validation” at the phone system and send the invitation again, by hand: no API can.',
        expected: `accepted within ${validDays} days`,
        found: `sent ${new Date(sentAt).toISOString().slice(0, 10)}`,
      }),
    );
  }
}

/** What may give a person a number. */
const ANSWERS: ReadonlySet<ChangeAction> = new Set(['grant', 'manual', 'adopt']);

/** Managed people whom no number reaches, unless a plan or a task is about to change that. */
export function findWithoutNumber(survey: Survey): void {
  const { input, linkByAgent } = survey;
  if (input.actual.numbers.length === 0) return;
  const waiting = waitingPeople(input);
  for (const { providerUserId, numbers, email } of input.actual.agents) {
    if (numbers === null || numbers.length > 0) continue;
    const link = linkByAgent.get(providerUserId);
    if (link?.state !== 'active' || waiting.has(link.subjectId)) continue;
    if (input.states.get(link.subjectId)?.type !== 'wanted') continue;
    survey.findings.push(
      makeFinding('agent-without-number', providerUserId, {
        severity: 'info',
        subjectId: link.subjectId,
        providerUserId,
        about: email,
        title: `${email} has no number`,
        meaning: 'Their seat is paid for, but no call reaches them and they cannot call out.',
        advice: 'Grant a number or a team that rings by rule, or take the person out of the mapped groups.',
        expected: 'at least one number',
        found: 'none',
      }),
    );
  }
}

/** The task that says on the worklist that somebody has no number is not about to give one, nor is a password. */
function waitingPeople({ plan, tasks }: AccountFindingInput): ReadonlySet<string> {
  const waiting = new Set<string>();
  const reminders = new Set<string>();
  for (const change of plan.changes) {
    if (change.action === 'manual' && change.task.kind === 'no-number') reminders.add(change.key);
    else if (ANSWERS.has(change.action) && !isPasswordTask(change)) waiting.add(change.subjectId);
  }
  for (const task of tasks) {
    if (task.state !== 'open' || task.subjectId === null || reminders.has(task.key)) continue;
    if (!isPasswordTask(task)) waiting.add(task.subjectId);
  }
  return waiting;
}

/** Owners where the vendor shows them: none at all, or another number than before. */
export function findOwners(survey: Survey): Pick<Baseline, 'ownerCount'> {
  const shown = survey.input.actual.agents.filter(({ owner }) => owner !== null);
  const known = survey.input.baseline?.ownerCount ?? null;
  if (shown.length === 0) return { ownerCount: known };
  const owners = shown.filter(({ owner }) => owner === true);
  const expected = known ?? owners.length;
  if (owners.length === expected && owners.length > 0) return { ownerCount: expected };
  survey.findings.push(describeOwners(expected, owners.map(({ email }) => email).toSorted()));
  return { ownerCount: expected };
}

function describeOwners(expected: number, owners: readonly string[]): Finding {
  const isMore = owners.length > expected;
  return makeFinding('owner-count', 'account', {
    severity: 'critical',
    about: 'Owners of the company',
    title:
      owners.length === 0
        ? 'The company has no owner'
        : `The company has ${owners.length === 1 ? '1 owner' : `${owners.length} owners`} instead of ${expected}`,
    meaning:
      owners.length === 0
        ? 'Nobody can change the plan, the billing or other owners.'
        : isMore
          ? 'An owner can do everything, billing included, and cannot be deleted by an API.'
          : 'Fewer people than before can change the plan, the billing or other owners.',
    advice:
      'If it was meant, accept it here; if not, change the ownership at the phone system: only owners can.',
    expected: String(Math.max(1, expected)),
    found: owners.join(', ') || 'nobody',
  });
}

/** Tasks that the reading shows done, and tasks that somebody closed and the reading shows undone. */
export function findTasks(survey: Survey): void {
  if (survey.input.tasks.length === 0) return;
  const known = new Set(survey.input.tasks.map(({ key }) => key));
  const wanted = new Set<string>();
  for (const { key, action } of survey.input.plan.changes) {
    const taskKey = action === 'manual' ? key : `refused:${key}`;
    if (known.has(taskKey)) wanted.add(taskKey);
  }
  for (const task of survey.input.tasks) {
    const isWanted = wanted.has(task.key);
    if (task.state === 'open' && !isWanted && task.subjectId !== null)
      survey.findings.push(describeDone(task));
    if (task.state === 'done' && task.closedBy === 'person' && isWanted)
      survey.findings.push(describeUndone(task));
  }
}

function describeDone({ key, title, subjectId }: KnownTask): Finding {
  return makeFinding('task-done', key, {
    severity: 'info',
    subjectId,
    about: title,
    title: `Done: ${title}`,
    meaning: 'The phone system shows it done, or nobody wants it any more.',
    advice: 'Nothing: the task is closed.',
    expected: 'open',
    found: 'done',
  });
}

function describeUndone({ key, title, subjectId }: KnownTask): Finding {
  return makeFinding('task-undone', key, {
    severity: 'warning',
    subjectId,
    about: title,
    title: `Marked done, but is not: ${title}`,
    meaning: 'Somebody closed the task; the phone system does not show what it asked for.',
    advice: 'Do it, or say on the task why not. It is on the worklist again.',
    expected: 'done',
    found: 'not done',
  });
}

/** Parked people who made calls since. */
export function findParkedUse(survey: Survey, told: ReadonlySet<string>): void {
  if (survey.input.lastUse === null) return;
  for (const link of survey.input.links) {
    const usedAt = survey.input.lastUse.get(link.providerUserId);
    if (link.state !== 'parked' || link.parkedAt === null || usedAt === undefined) continue;
    if (usedAt <= link.parkedAt || told.has(link.providerUserId)) continue;
    survey.findings.push(
      makeFinding('parked-active', link.subjectId, {
        severity: 'critical',
        subjectId: link.subjectId,
        providerUserId: link.providerUserId,
        about: link.email,
        title: `${link.email} has left, but still uses the phone system`,
        meaning: 'A call was made or taken after everything had been taken from them.',
        advice: 'Look at the agent at the phone system: who gave it what, and sign them out.',
        expected: `no call after ${day(link.parkedAt)}`,
        found: `a call on ${day(usedAt)}`,
      }),
    );
  }
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
