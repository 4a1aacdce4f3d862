import type { DirectoryGroup, DirectoryUser } from '../../src/domain/directory.js';
import type { RuleSet } from '../../src/domain/mapping.js';
import type { ActualAgent, ActualState, Link } from '../../src/domain/state.js';
import { actual, agent, group, inGroup, link, rule, ruleSet, user, written } from './domain.js';

export interface LargeTenant {
  readonly ruleSet: RuleSet;
  readonly groups: readonly DirectoryGroup[];
  readonly users: readonly DirectoryUser[];
  readonly actual: ActualState;
  readonly links: readonly Link[];
}

/**
 * People in three of the groups each, every group mapped to a team of its name. One in ten left, one in ten moved,
 * one in ten is new, one in twenty agents is nobody's; the rest is as it should be.
 */
export function largeTenant(people: number, teams: number): LargeTenant {
  const names = Array.from({ length: teams }, (_, number) => `Team ${number}`);
  const users = Array.from({ length: people }, (_, number) => person(number, teams));
  const agents = users.flatMap((one, number) => (number % 10 === 3 ? [] : [agentOf(one, number)]));
  const strangers = Array.from({ length: Math.floor(people / 20) }, (_, number) =>
    agent(`stranger${number}`),
  );
  return {
    ruleSet: ruleSet(names.map((name) => rule(name, { when: inGroup(name), grant: { teams: [name] } }))),
    groups: names.map((name) => group(`id-${name}`, name)),
    users,
    actual: actual([...agents, ...strangers], { teams: names }),
    links: agents.map((one) => linkOf(one)),
  };
}

function person(number: number, teams: number): DirectoryUser {
  const groupIds = [0, 1, 2].map((offset) => `id-Team ${(number * 7 + offset) % teams}`);
  return user(`p${number}`, { groupIds, status: number % 10 === 1 ? 'inactive' : 'active' });
}

function agentOf({ id, groupIds }: DirectoryUser, number: number): ActualAgent {
  const teams = groupIds.map((groupId) => groupId.slice('id-'.length));
  return agent(id, { teams: number % 10 === 2 ? teams.slice(1) : teams });
}

function linkOf({ providerUserId, teams }: ActualAgent): Link {
  const subjectId = providerUserId.slice('a-'.length);
  return link(subjectId, { lastWritten: written(subjectId, { teams }) });
}
