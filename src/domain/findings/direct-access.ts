import { type NumberAccess, teamKey } from '../entitlement.js';
import type { ActualAgent } from '../state.js';
import { makeFinding, type Survey } from './survey.js';

/** Number access that reaches people through teams, given to somebody directly. */
export function findDirectAccess(survey: Survey, told: ReadonlySet<string>): void {
  const suspects = survey.input.actual.agents.flatMap((agent) => suspectOf(survey, agent));
  if (suspects.length === 0) return;
  const rings = whatTeamsRing(survey, suspects);
  for (const { agent, numbers } of suspects) {
    const teams = agent.teams.map(teamKey);
    const direct = numbers.filter(({ number }) => !teams.some((team) => rings(team, number)));
    if (direct.length > 0) pushDirect(survey, agent, direct, told);
  }
}

interface Suspect {
  readonly agent: ActualAgent;
  readonly numbers: readonly NumberAccess[];
}

/** Access that neither the rules nor what was written or found before account for. */
function suspectOf({ input, linkByAgent }: Survey, agent: ActualAgent): readonly Suspect[] {
  if (agent.numbers === null || agent.numbers.length === 0) return [];
  const link = linkByAgent.get(agent.providerUserId);
  if (link === undefined || link.state === 'deleting' || link.lastWritten === null) return [];
  const subject = input.states.get(link.subjectId);
  const known = new Set(
    [
      ...(link.state !== 'parked' && subject?.type === 'wanted' ? subject.derived.entitlements.numbers : []),
      ...link.lastWritten.entitlements.numbers,
      ...(link.lastWritten.found?.numbers ?? []),
    ].map(({ number, kind }) => `${kind} ${number}`),
  );
  const numbers = agent.numbers.filter(
    ({ number, kind }) =>
      input.capabilities.numberAccess[kind] === 'via-team' && !known.has(`${kind} ${number}`),
  );
  return numbers.length === 0 ? [] : [{ agent, numbers }];
}

/** A team rings a number when everybody in it is on it: "Ring to" itself cannot be read. */
function whatTeamsRing(
  { membersByTeam }: Survey,
  suspects: readonly Suspect[],
): (team: string, number: string) => boolean {
  const asked = new Map<string, Set<string>>();
  for (const { agent, numbers } of suspects) {
    for (const team of agent.teams.map(teamKey)) {
      const wanted = asked.get(team) ?? new Set();
      for (const { number } of numbers) wanted.add(number);
      asked.set(team, wanted);
    }
  }
  const rung = new Map<string, ReadonlySet<string>>();
  for (const [team, numbers] of asked) {
    const left = new Set(numbers);
    for (const member of membersByTeam.get(team) ?? []) {
      const on = new Set(member.numbers?.map(({ number }) => number));
      for (const number of left) if (!on.has(number)) left.delete(number);
    }
    rung.set(team, left);
  }
  return (team, number) => rung.get(team)?.has(number) === true;
}

function pushDirect(
  survey: Survey,
  { providerUserId, email }: ActualAgent,
  direct: readonly NumberAccess[],
  told: ReadonlySet<string>,
): void {
  const link = survey.linkByAgent.get(providerUserId);
  const subjectId = link?.subjectId ?? null;
  const ids = { subjectId, providerUserId, about: email };
  const list = direct.map(({ number, kind }) => `number ${number} (${kind})`);
  if (link?.state === 'parked') {
    if (told.has(providerUserId)) return;
    survey.findings.push(
      makeFinding('parked-active', subjectId ?? providerUserId, {
        ...ids,
        severity: 'critical',
        title: `${email} has left, but is rung again`,
        meaning: `Somebody gave them back: ${list.join(', ')}.`,
        advice: 'Take them off the number’s “Ring to” at the phone system. No API can.',
        expected: 'nothing',
        found: list.join(', '),
      }),
    );
    return;
  }
  for (const [index, { number, kind }] of direct.entries()) {
    survey.findings.push(
      makeFinding('number-added', `${subjectId ?? providerUserId}:${kind}:${number}`, {
        ...ids,
        severity: 'warning',
        title: `${email} was given ${list[index] ?? ''} by hand`,
        meaning: 'No rule grants it and no team of theirs rings it: it stays when their groups change.',
        advice: 'If it was meant, let a rule grant it; if not, take them off the number’s “Ring to”.',
        expected: 'not held',
        found: list[index] ?? '',
      }),
    );
  }
}
