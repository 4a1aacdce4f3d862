import { emailKey } from '../email.js';
import { tidyText } from '../person-name.js';
import type { ActualAgent, LeaverSubject, SubjectState, WantedSubject } from '../state.js';
import type { Finding } from './finding.js';
import { adviceFor, fixesFor, makeFinding, type Survey } from './survey.js';

/** Agents that are nobody's, people with two agents, people without one. */
export function findPeople(survey: Survey): void {
  const book = makePeopleBook(survey);
  for (const agent of survey.input.actual.agents) {
    if (survey.linkByAgent.has(agent.providerUserId)) continue;
    survey.findings.push(describeStranger(survey, book, agent));
  }
  for (const [, subject] of survey.input.states) {
    if (subject.type !== 'wanted' || survey.linkBySubject.has(subject.subjectId)) continue;
    const finding = describeWithout(book, survey, subject);
    if (finding !== null) survey.findings.push(finding);
  }
}

interface PeopleBook {
  readonly byAddress: ReadonlyMap<string, SubjectState>;
  readonly wantedPerAddress: ReadonlyMap<string, number>;
  /** Managed agents by full name; null where several have it. */
  readonly linkedByName: ReadonlyMap<string, ActualAgent | null>;
  /** Addresses of agents that nobody is linked to. */
  readonly freeAddresses: ReadonlySet<string>;
  readonly linkedAddresses: ReadonlySet<string>;
}

function makePeopleBook({ input, linkByAgent }: Survey): PeopleBook {
  const byAddress = new Map<string, SubjectState>();
  const wantedPerAddress = new Map<string, number>();
  for (const [, subject] of input.states) {
    for (const address of addressesOf(subject)) {
      const known = byAddress.get(address);
      if (known === undefined || rank(subject) > rank(known)) byAddress.set(address, subject);
    }
    if (subject.type !== 'wanted' || subject.email === null) continue;
    const key = emailKey(subject.email);
    wantedPerAddress.set(key, (wantedPerAddress.get(key) ?? 0) + 1);
  }
  return { byAddress, wantedPerAddress, ...indexAgents(input.actual.agents, linkByAgent) };
}

function indexAgents(
  agents: readonly ActualAgent[],
  linkByAgent: Survey['linkByAgent'],
): Pick<PeopleBook, 'linkedByName' | 'freeAddresses' | 'linkedAddresses'> {
  const linkedByName = new Map<string, ActualAgent | null>();
  const freeAddresses = new Set<string>();
  const linkedAddresses = new Set<string>();
  for (const agent of agents) {
    const isLinked = linkByAgent.has(agent.providerUserId);
    (isLinked ? linkedAddresses : freeAddresses).add(emailKey(agent.email));
    if (!isLinked) continue;
    const name = nameKey(agent.name);
    linkedByName.set(name, linkedByName.has(name) ? null : agent);
  }
  return { linkedByName, freeAddresses, linkedAddresses };
}

/** Of several people with one address, whoever should have an agent counts. */
function rank({ type }: SubjectState): number {
  return type === 'wanted' ? 1 : 0;
}

function addressesOf({ email, userName }: SubjectState): readonly string[] {
  return [...new Set([...(email === null ? [] : [email]), userName].map(plainAddress))];
}

/** `ada+phones@example.com` reaches the mailbox of `ada@example.com`. */
function plainAddress(address: string): string {
  return emailKey(address).replace(/\+[^@]*(?=@)/u, '');
}

function nameKey(name: string): string {
  return tidyText(name).toLocaleLowerCase('en-US');
}

function describeStranger(survey: Survey, book: PeopleBook, agent: ActualAgent): Finding {
  const subject = book.byAddress.get(plainAddress(agent.email)) ?? null;
  const twin = twinOf(survey, book, agent, subject);
  if (twin !== null) return describeTwin(survey, agent, twin, subject !== null);
  if (subject?.type === 'leaver') return describeForgotten(agent, subject);
  const fixedBy =
    subject === null ? [] : fixesFor(survey, subject.subjectId, ({ action }) => action === 'adopt');
  const isSomebodys = subject !== null;
  return makeFinding('unmanaged-agent', agent.providerUserId, {
    severity: 'warning',
    subjectId: subject?.subjectId ?? null,
    providerUserId: agent.providerUserId,
    about: agent.email,
    title: `${agent.email} is not managed by Patchbay`,
    meaning: isSomebodys
      ? 'The directory knows this person, but the agent was made by hand and is not linked to them.'
      : 'Nobody in the directory has this address: the agent stays, and costs a seat, whoever leaves.',
    advice: adviceFor(
      fixedBy,
      isSomebodys
        ? 'Allow adoption in the account’s settings, or link the agent by hand.'
        : 'Add the person to the directory, remove the agent, or ignore this with a reason.',
    ),
    found: agent.name,
    facts: teamFacts(agent),
    fixedBy,
  });
}

/** The managed agent of the same person: by their address in another form, or by a full name nobody else has. */
function twinOf(
  survey: Survey,
  book: PeopleBook,
  agent: ActualAgent,
  subject: SubjectState | null,
): ActualAgent | null {
  const link = subject === null ? undefined : survey.linkBySubject.get(subject.subjectId);
  const byAddress = link === undefined ? undefined : survey.agentById.get(link.providerUserId);
  if (byAddress !== undefined) return byAddress;
  if (subject !== null || !tidyText(agent.name).includes(' ')) return null;
  return book.linkedByName.get(nameKey(agent.name)) ?? null;
}

function describeTwin(survey: Survey, agent: ActualAgent, twin: ActualAgent, isByAddress: boolean): Finding {
  const link = survey.linkByAgent.get(twin.providerUserId);
  return makeFinding('duplicate-person', agent.providerUserId, {
    // Whoever has left and kept a second agent is still inside.
    severity: link?.state === 'active' ? 'warning' : 'critical',
    subjectId: link?.subjectId ?? null,
    providerUserId: agent.providerUserId,
    about: agent.email,
    title: `${agent.email} looks like a second agent of ${twin.email}`,
    meaning: `They have ${isByAddress ? 'the same mailbox' : 'the same full name'}. A second agent costs a seat and is not parked when the person leaves.`,
    advice: 'Remove the agent that is not needed, or ignore this if they are two people.',
    expected: `one agent: ${twin.email}`,
    found: `also ${agent.email} (${agent.name})`,
    facts: teamFacts(agent),
  });
}

function describeForgotten(agent: ActualAgent, { subjectId, fact }: LeaverSubject): Finding {
  const hasLeft = fact !== 'unmapped';
  return makeFinding('unmanaged-agent', agent.providerUserId, {
    severity: hasLeft ? 'critical' : 'warning',
    subjectId,
    providerUserId: agent.providerUserId,
    about: agent.email,
    title: hasLeft
      ? `${agent.email} has left, but has an agent that nobody manages`
      : `${agent.email} has an agent that no rule grants`,
    meaning: hasLeft
      ? 'The agent was made by hand and never linked, so leaving the company did not take it.'
      : 'The person works here, but none of their groups gives access to this phone system.',
    advice: 'Remove the agent at the phone system. Patchbay never deletes what it does not own.',
    expected: 'no agent',
    found: agent.name,
    facts: teamFacts(agent),
  });
}

function teamFacts({ teams }: ActualAgent): Finding['evidence']['facts'] {
  return teams.length === 0 ? [] : [{ name: 'Teams', value: teams.toSorted().join(', ') }];
}

/**
 * Somebody whom the rules want and who has no link: there never was an agent of theirs that could have gone missing.
 * null: an agent waits to be adopted, which is told there.
 */
function describeWithout(book: PeopleBook, survey: Survey, subject: WantedSubject): Finding | null {
  const { subjectId, email, userName } = subject;
  const key = email === null ? null : emailKey(email);
  const isShared = key !== null && (book.wantedPerAddress.get(key) ?? 0) > 1;
  if (email !== null && isShared) return describeShared(subject, `several people have ${email}`);
  if (key !== null && book.freeAddresses.has(key)) return null;
  const fixedBy = fixesFor(survey, subjectId, ({ action }) => action === 'create' || action === 'adopt');
  if (key !== null && book.linkedAddresses.has(key) && fixedBy.length === 0) {
    return describeShared(subject, `the agent of somebody else has ${email}`);
  }
  const person = email ?? userName;
  const isPlanned = fixedBy.length > 0;
  return makeFinding('not-provisioned', subjectId, {
    severity: isPlanned ? 'info' : 'warning',
    subjectId,
    about: person,
    title: isPlanned ? `${person} has no agent yet` : `${person} should have an agent and gets none`,
    meaning: isPlanned
      ? 'The rules grant this person access to the phone system, and the plan makes an agent for them.'
      : 'The rules grant this person access to the phone system, but no agent can be made for them.',
    advice: adviceFor(
      fixedBy,
      email === null
        ? 'Give the person an e-mail address in the directory.'
        : 'See the plan’s notices for what is in the way, and correct it in the directory.',
    ),
    expected: 'an agent',
    found: 'none was ever made or adopted',
    fixedBy,
  });
}

function describeShared({ subjectId, userName, email }: WantedSubject, found: string): Finding {
  return makeFinding('duplicate-person', `directory:${subjectId}`, {
    severity: 'warning',
    subjectId,
    about: userName,
    title: `${userName} shares the address ${email ?? ''} with somebody else`,
    meaning: 'Whose agent it is cannot be told from the address, so this person gets none.',
    advice: 'Give each person an address of their own in the directory.',
    expected: 'one person for each address',
    found,
  });
}
