import { entitlementKey, teamKey } from '../entitlement.js';
import type { DriftItem } from '../plan.js';
import type { ActualNumber } from '../state.js';
import type { Finding } from './finding.js';
import { adviceFor, makeFinding, type Survey } from './survey.js';
import { namesOf } from './teams.js';

/** What the numbers show once the teams are known. */
export interface Routing {
  /** Numbers that ring somebody now or once did. */
  readonly ringing: readonly string[];
  /** What was lost in emptied teams that ring on no number: drift like any other, person by person. */
  readonly ordinary: readonly DriftItem[];
}

/**
 * Numbers whose calls reach nobody, or not whom they should. Where people are rung through teams, a team that was
 * emptied and a "Ring to" that was changed show only in who is on the number (vendors.md 1.7).
 */
export function findRouting(survey: Survey, emptied: ReadonlyMap<string, readonly DriftItem[]>): Routing {
  const holders = indexHolders(survey);
  const told = new Set<string>();
  const ordinary: DriftItem[] = [];
  const routes = routesByRules(survey);
  const routesByTeam = Map.groupBy(routes, ({ team }) => team);
  for (const [key, items] of emptied) {
    const numbers = routesByTeam.get(key)?.map(({ number }) => number) ?? [];
    if (numbers.length === 0) {
      ordinary.push(...items);
      continue;
    }
    survey.findings.push(describeEmptied(survey, key, items, numbers));
    numbers.forEach((number) => told.add(number));
  }
  if (holders !== null) findUnrung(survey, routes, { holders, told });
  return { ringing: [...everRinging(survey, holders)].toSorted(), ordinary };
}

interface Route {
  readonly number: string;
  /** Key of the team that it should ring. */
  readonly team: string;
  readonly name: string;
}

/** Which number should ring which team, by the rules that apply to anybody. */
function routesByRules({ input }: Survey): readonly Route[] {
  const routes = new Map<string, Route>();
  const known = new Set(input.actual.numbers.map(({ number }) => number));
  for (const [, subject] of input.states) {
    if (subject.type !== 'wanted') continue;
    const { entitlements, viaTeam } = subject.derived;
    for (const { number, kind } of entitlements.numbers) {
      const name = viaTeam[entitlementKey({ type: 'number', number, kind })];
      if (name === undefined || input.capabilities.numberAccess[kind] !== 'via-team') continue;
      const team = teamKey(name);
      if (known.has(number)) routes.set(`${number} ${team}`, { number, team, name });
    }
  }
  return [...routes.values()];
}

type Holders = ReadonlyMap<string, ReadonlySet<string>>;

/** Who is on each number, by the vendor's ids; null where this reading does not tell. */
function indexHolders({ input }: Survey): Holders | null {
  const holders = new Map(input.actual.numbers.map(({ number }) => [number, new Set<string>()]));
  let isTold = input.actual.agents.length === 0;
  for (const { providerUserId, numbers } of input.actual.agents) {
    if (numbers === null) continue;
    isTold = true;
    for (const { number } of numbers) holders.get(number)?.add(providerUserId);
  }
  return isTold ? holders : null;
}

interface Unrung {
  readonly holders: Holders;
  readonly told: Set<string>;
}

function findUnrung(survey: Survey, routes: readonly Route[], { holders, told }: Unrung): void {
  const numbers = new Map(survey.input.actual.numbers.map((one) => [one.number, one]));
  for (const route of routes) {
    const members = survey.membersByTeam.get(route.team) ?? [];
    const on = holders.get(route.number);
    if (members.length === 0) continue;
    if (members.some(({ providerUserId }) => on?.has(providerUserId) === true)) continue;
    survey.findings.push(describeUnrouted(route, labelOf(numbers.get(route.number), route), members.length));
    told.add(route.number);
  }
  const once = new Set(survey.input.baseline?.ringing);
  const silent = survey.input.actual.numbers.filter(
    ({ number }) => !told.has(number) && once.has(number) && holders.get(number)?.size === 0,
  );
  if (silent.length > 0) describeAllSilent(survey, routes, silent);
}

/** Whoever comes into a team that the number rings answers it again. */
function describeAllSilent(survey: Survey, routes: readonly Route[], silent: readonly ActualNumber[]): void {
  const routesByNumber = Map.groupBy(routes, ({ number }) => number);
  const grants = survey.input.plan.changes.flatMap((change) =>
    change.action === 'grant' && change.entitlement.type === 'team'
      ? [{ team: teamKey(change.entitlement.team), key: change.key }]
      : [],
  );
  const grantsByTeam = Map.groupBy(grants, ({ team }) => team);
  for (const one of silent) {
    const fixing = (routesByNumber.get(one.number) ?? []).flatMap(({ team }) => grantsByTeam.get(team) ?? []);
    survey.findings.push(
      describeSilent(
        one,
        fixing.map(({ key }) => key),
      ),
    );
  }
}

/** What a number rang once stays known until the number itself is gone. */
function everRinging({ input }: Survey, holders: Holders | null): ReadonlySet<string> {
  const existing = new Set(input.actual.numbers.map(({ number }) => number));
  const once = (input.baseline?.ringing ?? []).filter((number) => existing.has(number));
  const now = [...(holders ?? [])].filter(([, on]) => on.size > 0).map(([number]) => number);
  return new Set([...once, ...now]);
}

function describeEmptied(
  survey: Survey,
  key: string,
  items: readonly DriftItem[],
  numbers: readonly string[],
): Finding {
  const [first] = items;
  const name = first?.entitlement?.type === 'team' ? first.entitlement.team : key;
  const lost = new Set(items.map(({ subjectId }) => subjectId));
  const fixedBy = [...lost].flatMap((subjectId) =>
    (survey.changesBySubject.get(subjectId) ?? []).flatMap((change) =>
      change.action === 'grant' &&
      change.entitlement.type === 'team' &&
      teamKey(change.entitlement.team) === key
        ? [change.key]
        : [],
    ),
  );
  return makeFinding('dangling-ring-target', `team:${key}`, {
    severity: 'critical',
    about: name,
    title: `Nobody is in the team “${name}” any more, and ${numbers.join(', ')} rings it`,
    meaning: 'Callers of the number reach nobody in this team.',
    advice:
      fixedBy.length === 0
        ? 'Put people into the team again, or let the number ring somebody else.'
        : 'The plan puts its people back as far as the account’s policy lets it.',
    expected: `${lost.size} ${lost.size === 1 ? 'member' : 'members'}`,
    found: 'an empty team',
    facts: [{ name: 'People', value: namesOf(survey, items) }],
    fixedBy,
  });
}

function describeUnrouted({ number, team, name }: Route, about: string, members: number): Finding {
  return makeFinding('dangling-ring-target', `number:${number}:${team}`, {
    severity: 'critical',
    about,
    title: `Number ${number} does not ring the team “${name}”`,
    meaning: `The rules give the number to people through this team; its ${members === 1 ? 'one member is' : `${members} members are`} not on the number.`,
    advice: `Open the number at the phone system and add the team “${name}” to “Ring to”. No API can.`,
    expected: `rings “${name}”`,
    found: 'does not',
  });
}

function describeSilent(one: ActualNumber, fixedBy: readonly string[]): Finding {
  const { number } = one;
  return makeFinding('dangling-ring-target', `number:${number}`, {
    severity: 'critical',
    about: labelOf(one, one),
    title: `Number ${number} rings nobody any more`,
    meaning: 'It used to ring somebody. Whoever it rang was deleted or taken off: callers reach nobody.',
    advice: adviceFor(
      fixedBy,
      'Open the number at the phone system and choose who is to answer, or ignore this with a reason.',
    ),
    expected: 'somebody who answers',
    found: 'nobody',
    fixedBy,
  });
}

function labelOf(known: ActualNumber | undefined, { number }: Pick<Route, 'number'>): string {
  return known === undefined || known.name === '' ? number : `${known.name} (${number})`;
}
