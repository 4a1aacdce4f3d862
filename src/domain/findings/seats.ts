import type { ActualAgent, Link } from '../state.js';
import { compareFindings, type Finding } from './finding.js';
import { makeFinding } from './survey.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** When an agent last called, as far as it was looked at. Milliseconds since the epoch. */
export interface AgentUse {
  /** null: no call in the time that was looked at. */
  readonly lastCallAt: number | null;
  readonly searchedFrom: number;
  readonly searchedTo: number;
}

export interface SeatInput {
  /** Of a complete reading. */
  readonly agents: readonly ActualAgent[];
  readonly links: readonly Link[];
  /** By the vendor's id; null: use is not measured. Agents that were not looked at yet are not in it. */
  readonly use: ReadonlyMap<string, AgentUse> | null;
  /** When we created the agent, by the vendor's id. */
  readonly createdAt: ReadonlyMap<string, number>;
  readonly invitationStateReadable: boolean;
  readonly unusedAfterDays: number | null;
  /** Seats that the plan has; null: unknown. */
  readonly contracted: number | null;
  readonly now: number;
}

export interface SeatCounts {
  readonly held: number;
  readonly parked: number;
  readonly unmanaged: number;
  readonly unused: number | null;
  /** As the vendor says; null: it does not say. */
  readonly neverAccepted: number | null;
  /** Where the vendor does not say: created by us, without a call since. null: it says, or calls are not known. */
  readonly noCallSinceInvited: number | null;
}

/** What seats are held for, and those that nobody uses. Linear in agents and links. */
export function findSeats(input: SeatInput): {
  readonly findings: readonly Finding[];
  readonly counts: SeatCounts;
} {
  const links = new Map(
    input.links.flatMap((link) => (link.state === 'deleted' ? [] : [[link.providerUserId, link] as const])),
  );
  const isParked = ({ providerUserId }: ActualAgent): boolean => {
    const state = links.get(providerUserId)?.state;
    return state === 'parked' || state === 'deleting';
  };
  const [parked, others] = [input.agents.filter(isParked), input.agents.filter((agent) => !isParked(agent))];
  const unused = others.filter((agent) => isUnused(input, agent));
  const findings = [
    ...parked.map((agent) => describeParked(agent, links.get(agent.providerUserId))),
    ...unused.map((agent) => describeUnused(input, agent, links.get(agent.providerUserId))),
    ...describeOverPlan(input),
  ];
  const counts = {
    held: input.agents.length,
    parked: parked.length,
    unmanaged: input.agents.filter(({ providerUserId }) => !links.has(providerUserId)).length,
    unused: isWhole(input, others) ? unused.length : null,
    neverAccepted: input.invitationStateReadable
      ? others.filter(({ status }) => status === 'pending').length
      : null,
    noCallSinceInvited: countWithoutCall(input, others, links),
  };
  return { findings: findings.toSorted(compareFindings), counts };
}

/** Whether everybody was looked at as far back as it takes. */
function isWhole({ use, unusedAfterDays }: SeatInput, agents: readonly ActualAgent[]): boolean {
  return (
    use !== null && unusedAfterDays !== null && agents.every(({ providerUserId }) => use.has(providerUserId))
  );
}

/** No call within the days, all of which were looked at, by somebody who was there all the time. */
function isUnused(
  { use, unusedAfterDays, createdAt, now }: SeatInput,
  { providerUserId }: ActualAgent,
): boolean {
  const known = use?.get(providerUserId);
  if (known === undefined || unusedAfterDays === null) return false;
  const since = now - unusedAfterDays * DAY_MS;
  if ((createdAt.get(providerUserId) ?? 0) > since) return false;
  if (known.lastCallAt !== null) return known.lastCallAt < since;
  // The vendor may list calls a little less far back than a whole day.
  return known.searchedFrom <= since + DAY_MS;
}

function countWithoutCall(
  { use, createdAt, invitationStateReadable }: SeatInput,
  agents: readonly ActualAgent[],
  links: ReadonlyMap<string, Link>,
): number | null {
  if (invitationStateReadable || use === null) return null;
  return agents.filter(({ providerUserId }) => {
    const created = createdAt.get(providerUserId);
    const known = use.get(providerUserId);
    if (created === undefined || known === undefined || !links.has(providerUserId)) return false;
    return known.lastCallAt === null && known.searchedFrom <= created;
  }).length;
}

function describeParked({ providerUserId, email }: ActualAgent, link: Link | undefined): Finding {
  const since = link?.parkedAt ?? null;
  return makeFinding('parked-seat', providerUserId, {
    severity: 'info',
    subjectId: link?.subjectId ?? null,
    providerUserId,
    about: email,
    title: `${email} has left and still takes a seat`,
    meaning: 'The vendor knows no suspend: the seat is paid for until the permanent deletion.',
    advice: 'Nothing: the deletion follows by itself. A shorter grace period would free the seat sooner.',
    expected: 'no seat',
    found: since === null ? 'parked' : `parked since ${day(since)}`,
  });
}

function describeUnused(
  { unusedAfterDays, use }: SeatInput,
  { providerUserId, email }: ActualAgent,
  link: Link | undefined,
): Finding {
  const lastCallAt = use?.get(providerUserId)?.lastCallAt ?? null;
  return makeFinding('unused-seat', providerUserId, {
    severity: 'info',
    subjectId: link?.subjectId ?? null,
    providerUserId,
    about: email,
    title: `${email} has not phoned for ${unusedAfterDays} days`,
    meaning: 'Their seat is paid for, and nobody seems to use it.',
    advice: 'Ask whether they need the phone system, and take them out of the mapped groups if not.',
    expected: `a call within ${unusedAfterDays} days`,
    found: lastCallAt === null ? 'none' : 'an older one',
    facts: lastCallAt === null ? [] : [{ name: 'Last call', value: day(lastCallAt) }],
  });
}

function describeOverPlan({ agents, contracted }: SeatInput): readonly Finding[] {
  if (contracted === null || agents.length <= contracted) return [];
  const over = agents.length - contracted;
  return [
    makeFinding('seats-over-plan', 'account', {
      severity: 'warning',
      about: 'Seats',
      title: `${over === 1 ? 'One seat' : `${over} seats`} more than the plan has`,
      meaning: 'The vendor bills what goes beyond the plan at once, even if it is given back shortly after.',
      advice: 'Free seats that nobody uses, or have the contract changed and enter the new number here.',
      expected: `at most ${contracted}`,
      found: String(agents.length),
    }),
  ];
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
