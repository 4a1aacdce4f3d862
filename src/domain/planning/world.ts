import { emailKey } from '../email.js';
import { type ProtectionIndex, indexProtections } from '../protection.js';
import type { ActualAgent, LeaverSubject, Link, SubjectState } from '../state.js';
import type { PlanInput } from './input.js';
import { type TeamBook, makeTeamBook } from './team-book.js';

/** The input of a plan, indexed: every question below costs the same however large the account is. */
export interface World {
  readonly input: PlanInput;
  readonly agentById: ReadonlyMap<string, ActualAgent>;
  readonly agentsByEmail: ReadonlyMap<string, readonly ActualAgent[]>;
  readonly linkBySubject: ReadonlyMap<string, Link>;
  readonly linkByAgent: ReadonlyMap<string, Link>;
  /** Subjects with several links, or whose agent has several: nothing may be done about them. */
  readonly tangled: ReadonlySet<string>;
  readonly wantedPerEmail: ReadonlyMap<string, number>;
  readonly leaverByEmail: ReadonlyMap<string, LeaverSubject>;
  /** Who takes over whose agent: deleted subject -> new subject of the same e-mail. */
  readonly takeovers: ReadonlyMap<string, string>;
  readonly teams: TeamBook;
  /** The vendor's id by E.164. */
  readonly numbers: ReadonlyMap<string, string>;
  readonly protections: ProtectionIndex;
  /** Whether the vendor said that this agent does not exist, as opposed to not having been asked. */
  isGone(providerUserId: string): boolean;
}

export function makeWorld(input: PlanInput): World {
  const agentById = new Map(input.actual.agents.map((agent) => [agent.providerUserId, agent]));
  const asked = new Set(input.askedAgents);
  const isWholeReading = input.actual.scope === 'all';
  const people = indexPeople(input, indexLinks(input.links));
  return {
    input,
    agentById,
    ...people,
    teams: makeTeamBook(input),
    numbers: new Map(input.actual.numbers.map(({ number, providerNumberId }) => [number, providerNumberId])),
    protections: indexProtections(input.protections, input.now),
    isGone: (id) => !agentById.has(id) && (isWholeReading || asked.has(id)),
  };
}

type LinkIndex = Pick<World, 'linkBySubject' | 'linkByAgent' | 'tangled'>;

/** Deleted links are history and do not count. */
function indexLinks(links: readonly Link[]): LinkIndex {
  const linkBySubject = new Map<string, Link>();
  const linkByAgent = new Map<string, Link>();
  const tangled = new Set<string>();
  for (const link of links) {
    if (link.state === 'deleted') continue;
    for (const other of [linkBySubject.get(link.subjectId), linkByAgent.get(link.providerUserId)]) {
      if (other !== undefined) tangled.add(link.subjectId).add(other.subjectId);
    }
    linkBySubject.set(link.subjectId, link);
    linkByAgent.set(link.providerUserId, link);
  }
  return { linkBySubject, linkByAgent, tangled };
}

type People = LinkIndex & Pick<World, 'agentsByEmail' | 'wantedPerEmail' | 'leaverByEmail' | 'takeovers'>;

function indexPeople(input: PlanInput, links: LinkIndex): People {
  const agentsByEmail = Map.groupBy(input.actual.agents, ({ email }) => emailKey(email));
  const wantedPerEmail = new Map<string, number>();
  const leaverByEmail = new Map<string, LeaverSubject>();
  for (const subject of input.subjects) {
    if (subject.email === null) continue;
    const key = emailKey(subject.email);
    if (subject.type === 'wanted') wantedPerEmail.set(key, (wantedPerEmail.get(key) ?? 0) + 1);
    else if (subject.subjectId < (leaverByEmail.get(key)?.subjectId ?? '\uffff'))
      leaverByEmail.set(key, subject);
  }
  const takeovers = new Map<string, string>();
  if (input.allowAdoption)
    findTakeovers(input.subjects, { ...links, agentsByEmail, wantedPerEmail }, takeovers);
  return { ...links, agentsByEmail, wantedPerEmail, leaverByEmail, takeovers };
}

/**
 * A person who was deleted from the directory and comes back gets a new SCIM id. Their agent still exists under
 * the old one, so that a create would be refused for its e-mail: the new subject takes the agent over.
 */
function findTakeovers(
  subjects: readonly SubjectState[],
  people: LinkIndex & Pick<World, 'agentsByEmail' | 'wantedPerEmail'>,
  takeovers: Map<string, string>,
): void {
  const deleted = new Set(
    subjects.flatMap((one) => (one.type === 'leaver' && one.fact === 'deleted' ? [one.subjectId] : [])),
  );
  if (deleted.size === 0) return;
  for (const { type, email, subjectId } of subjects) {
    if (type !== 'wanted' || email === null || people.linkBySubject.has(subjectId)) continue;
    const key = emailKey(email);
    const agents = people.agentsByEmail.get(key) ?? [];
    const [agent] = agents;
    if (agent === undefined || agents.length > 1 || people.wantedPerEmail.get(key) !== 1) continue;
    const link = people.linkByAgent.get(agent.providerUserId);
    if (link === undefined || link.state === 'deleting' || people.tangled.has(link.subjectId)) continue;
    if (deleted.has(link.subjectId)) takeovers.set(link.subjectId, subjectId);
  }
}
