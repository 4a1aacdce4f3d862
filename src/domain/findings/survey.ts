import { teamKey } from '../entitlement.js';
import type { Change } from '../plan.js';
import type { ActualAgent, Link } from '../state.js';
import type { Finding, FindingClass, FindingSeverity } from './finding.js';
import type { AccountFindingInput } from './input.js';

/** The input, indexed, and the findings so far. Every question costs the same however large the account is. */
export interface Survey {
  readonly input: AccountFindingInput;
  readonly agentById: ReadonlyMap<string, ActualAgent>;
  readonly linkByAgent: ReadonlyMap<string, Link>;
  readonly linkBySubject: ReadonlyMap<string, Link>;
  /** Agents by key of the team they are in. */
  readonly membersByTeam: ReadonlyMap<string, readonly ActualAgent[]>;
  readonly changesBySubject: ReadonlyMap<string, readonly Change[]>;
  readonly findings: Finding[];
}

export function makeSurvey(input: AccountFindingInput): Survey {
  const linkByAgent = new Map<string, Link>();
  const linkBySubject = new Map<string, Link>();
  for (const link of input.links) {
    if (link.state === 'deleted') continue;
    linkByAgent.set(link.providerUserId, link);
    linkBySubject.set(link.subjectId, link);
  }
  return {
    input,
    agentById: new Map(input.actual.agents.map((agent) => [agent.providerUserId, agent])),
    linkByAgent,
    linkBySubject,
    membersByTeam: indexMembers(input.actual.agents),
    changesBySubject: Map.groupBy(input.plan.changes, ({ subjectId }) => subjectId),
    findings: [],
  };
}

function indexMembers(agents: readonly ActualAgent[]): ReadonlyMap<string, readonly ActualAgent[]> {
  const members = new Map<string, ActualAgent[]>();
  const keys = new Map<string, string>();
  for (const agent of agents) {
    for (const team of agent.teams) {
      const key = keys.get(team) ?? teamKey(team);
      keys.set(team, key);
      const known = members.get(key);
      if (known === undefined) members.set(key, [agent]);
      else known.push(agent);
    }
  }
  return members;
}

export interface FindingParts extends Partial<Pick<Finding, 'subjectId' | 'providerUserId' | 'fixedBy'>> {
  readonly severity: FindingSeverity;
  readonly about: string;
  readonly title: string;
  readonly meaning: string;
  readonly advice: string;
  readonly expected?: string;
  readonly found?: string;
  readonly facts?: Finding['evidence']['facts'];
}

/** `identity` makes the key, together with the class. */
export function makeFinding(kind: FindingClass, identity: string, parts: FindingParts): Finding {
  return {
    key: `${kind}:${identity}`,
    class: kind,
    severity: parts.severity,
    subjectId: parts.subjectId ?? null,
    providerUserId: parts.providerUserId ?? null,
    about: parts.about,
    words: { title: parts.title, meaning: parts.meaning, advice: parts.advice },
    evidence: { expected: parts.expected ?? '', found: parts.found ?? '', facts: parts.facts ?? [] },
    fixedBy: parts.fixedBy ?? [],
  };
}

/** Keys of the person's planned changes that pass the test. */
export function fixesFor(
  survey: Survey,
  subjectId: string,
  isFix: (change: Change) => boolean,
): readonly string[] {
  return (survey.changesBySubject.get(subjectId) ?? []).filter(isFix).map(({ key }) => key);
}

/** What is to be done: Patchbay does it where the plan can, a person where it cannot. */
export function adviceFor(fixedBy: readonly string[], byHand: string): string {
  return fixedBy.length === 0
    ? byHand
    : 'Nothing, unless it was meant: the plan puts it right as far as the account’s policy lets it.';
}
