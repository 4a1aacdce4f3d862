import { teamKey, type EntitlementSet } from './entitlement.js';
import { byCodeUnits } from './sort.js';
import type { ActualAgent, ActualState } from './state.js';

/** A line that nobody but the leaver answered. */
export interface OrphanLine {
  /** E.164. */
  readonly number: string;
  /** Why nobody answers it any more. */
  readonly why: 'only-person' | 'team-empty' | 'default-number';
}

/** Somebody or a team that could take a leaver's lines over. */
export type Successor =
  | {
      readonly type: 'person';
      readonly providerUserId: string;
      readonly email: string;
      readonly because: 'manager' | 'teammate';
    }
  | { readonly type: 'team'; readonly team: string };

/** Who takes the lines over, as somebody decided it. */
export type ChosenSuccessor =
  | { readonly type: 'person'; readonly providerUserId: string; readonly email: string }
  | { readonly type: 'team'; readonly team: string };

/** What somebody asks for: a person by the agent's e-mail, or a team by name. */
export type SuccessorWish =
  { readonly type: 'person'; readonly email: string } | { readonly type: 'team'; readonly team: string };

/** What is left without anybody when a person goes, and who could take it. */
export interface Handover {
  readonly lines: readonly OrphanLine[];
  /** Teams that have no member any more. */
  readonly emptyTeams: readonly string[];
  /** Best first: the manager, people of the same teams, teams with somebody in them. */
  readonly successors: readonly Successor[];
  /** The account's reading does not show who is on numbers: `lines` holds only what is known otherwise. */
  readonly isPartial: boolean;
  /** When the account was read that this was found in, milliseconds since the epoch. */
  readonly readAt: number;
}

export interface HandoverInput {
  readonly leaver: { readonly providerUserId: string; readonly held: EntitlementSet | null };
  /** The whole account, as it is now. */
  readonly actual: ActualState;
  /** E-mail of the leaver's manager in the directory; null: none is known. */
  readonly managerEmail: string | null;
  /** Agents who are leaving as well: they answer nothing for long. */
  readonly leaving: ReadonlySet<string>;
  /** The team on which each line rings, where the rules name one. */
  readonly lineTeams: ReadonlyMap<string, string>;
}

const SUCCESSORS_MAX = 5;

/**
 * Finds what nobody answers once the leaver is gone: lines on which they alone rang, lines that ring a team which is
 * empty now, their default number, and teams without a member. Access for calling out alone answers nothing.
 */
export function findHandover(input: HandoverInput): Handover {
  const { leaver, actual } = input;
  const others = othersOf(input);
  const emptyTeams = (leaver.held?.teams ?? [])
    .filter((team) => !others.some((agent) => isMember(agent, team)))
    .toSorted(byCodeUnits);
  return {
    lines: orphanLines(input, others, emptyTeams),
    emptyTeams,
    successors: successorsOf(input, others),
    isPartial: others.length > 0 && others.every(({ numbers }) => numbers === null),
    readAt: actual.readAt,
  };
}

/** The same once the leaver is gone: what they left comes from before, and only whether somebody answers is new. */
export function findUnanswered(before: Handover, input: Omit<HandoverInput, 'managerEmail'>): Handover {
  const others = othersOf(input);
  return {
    ...before,
    lines: before.lines.filter(({ number }) => !answered(number, others, input.lineTeams)),
    emptyTeams: before.emptyTeams.filter((team) => !others.some((agent) => isMember(agent, team))),
    readAt: input.actual.readAt,
  };
}

/** Everybody who stays. */
function othersOf({
  leaver,
  actual,
  leaving,
}: Pick<HandoverInput, 'leaver' | 'actual' | 'leaving'>): readonly ActualAgent[] {
  return actual.agents.filter(
    ({ providerUserId }) => providerUserId !== leaver.providerUserId && !leaving.has(providerUserId),
  );
}

function orphanLines(
  { leaver, actual, lineTeams }: HandoverInput,
  others: readonly ActualAgent[],
  emptyTeams: readonly string[],
): readonly OrphanLine[] {
  const isEmpty = (team: string): boolean => emptyTeams.some((one) => teamKey(one) === teamKey(team));
  const own = actual.agents.find(({ providerUserId }) => providerUserId === leaver.providerUserId);
  const rings = new Set(
    [...(leaver.held?.numbers ?? []), ...(own?.numbers ?? [])]
      .filter(({ kind }) => kind !== 'outbound')
      .map(({ number }) => number),
  );
  const found = new Map<string, OrphanLine['why']>();
  for (const [number, team] of lineTeams) {
    if (isEmpty(team) && !answered(number, others, lineTeams)) found.set(number, 'team-empty');
  }
  for (const number of rings) {
    if (answered(number, others, lineTeams)) continue;
    if (!found.has(number)) found.set(number, 'only-person');
  }
  const byDefault = own?.defaultNumber ?? null;
  if (byDefault !== null && !found.has(byDefault) && !answered(byDefault, others, lineTeams)) {
    found.set(byDefault, 'default-number');
  }
  return [...found]
    .map(([number, why]) => ({ number, why }))
    .toSorted((one, other) => byCodeUnits(one.number, other.number));
}

/** By somebody on the number itself, or by a member of the team it rings. */
function answered(
  number: string,
  others: readonly ActualAgent[],
  lineTeams: ReadonlyMap<string, string>,
): boolean {
  const team = lineTeams.get(number);
  return others.some(
    (agent) =>
      (agent.numbers ?? []).some((access) => access.number === number && access.kind !== 'outbound') ||
      (team !== undefined && isMember(agent, team)),
  );
}

function successorsOf(
  { leaver, actual, managerEmail }: HandoverInput,
  others: readonly ActualAgent[],
): readonly Successor[] {
  const able = others.filter(({ status }) => status !== 'suspended');
  const manager = able.find(
    ({ email }) => managerEmail !== null && email.toLowerCase() === managerEmail.toLowerCase(),
  );
  const mates = able
    .filter((agent) => agent !== manager && (leaver.held?.teams ?? []).some((team) => isMember(agent, team)))
    .toSorted((one, other) => byCodeUnits(one.email, other.email));
  const teams = actual.teams
    .map(({ name }) => name)
    .filter((team) => able.some((agent) => isMember(agent, team)))
    .toSorted(byCodeUnits);
  return [
    ...(manager === undefined ? [] : [person(manager, 'manager')]),
    ...mates.map((agent) => person(agent, 'teammate')),
    ...teams.map((team): Successor => ({ type: 'team', team })),
  ].slice(0, SUCCESSORS_MAX);
}

function person(
  { providerUserId, email }: ActualAgent,
  because: 'manager' | 'teammate',
): Extract<Successor, { type: 'person' }> {
  return { type: 'person', providerUserId, email, because };
}

function isMember({ teams }: ActualAgent, team: string): boolean {
  return teams.some((one) => teamKey(one) === teamKey(team));
}

/**
 * The agent or team that is meant, if somebody would answer then; else why not, as a sentence. Anybody who has an agent
 * and stays may be chosen, not only those who were suggested.
 */
export function findSuccessor(
  { leaver, actual, leaving }: Pick<HandoverInput, 'leaver' | 'actual' | 'leaving'>,
  wish: SuccessorWish,
): ChosenSuccessor | string {
  const able = actual.agents.filter(
    ({ providerUserId, status }) =>
      providerUserId !== leaver.providerUserId && !leaving.has(providerUserId) && status !== 'suspended',
  );
  if (wish.type === 'person') {
    const agent = able.find(({ email }) => email.toLowerCase() === wish.email.trim().toLowerCase());
    if (agent !== undefined)
      return { type: 'person', providerUserId: agent.providerUserId, email: agent.email };
    return `Nobody with the address ${wish.email} could answer in this phone system: no agent has it, or they are leaving as well.`;
  }
  const team = actual.teams.find(({ name }) => teamKey(name) === teamKey(wish.team));
  if (team === undefined) return `This phone system has no team "${wish.team}".`;
  if (able.some((agent) => isMember(agent, team.name))) return { type: 'team', team: team.name };
  return `Nobody in the team "${team.name}" could answer: it is empty, or everybody in it is leaving.`;
}
