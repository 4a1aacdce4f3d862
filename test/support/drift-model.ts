import type { Capabilities } from '../../src/domain/capabilities.js';
import { type AccessKind, type Role, teamKey } from '../../src/domain/entitlement.js';
import { withEntitlement, withoutEntitlement } from '../../src/domain/entitlement-set.js';
import { findAccountDrift, type AccountFindings } from '../../src/domain/findings/account.js';
import type { AccountFindingInput, Baseline } from '../../src/domain/findings/input.js';
import type { MappingRule } from '../../src/domain/mapping.js';
import type { Plan } from '../../src/domain/plan.js';
import { calculatePlan } from '../../src/domain/planning/calculate.js';
import { compileRules } from '../../src/domain/rules/compile.js';
import { managedNames } from '../../src/domain/rules/managed.js';
import { deriveSubjects } from '../../src/domain/rules/subjects.js';
import type { ActualState, SubjectState } from '../../src/domain/state.js';
import { NOW, group, inGroup, planInput, rule, ruleSet, snapshot, user } from './domain.js';
import { CAST, EVERYONE, NUMBER, TEAMS, type DriftWorld, type VendorSide } from './drift-injections.js';
import { ModelAccount, type ModelAgent } from './model-account.js';

const GROUPS = ['Everyone', 'Sales', 'Support', 'Desk', 'Quiet'] as const;

/** Rules of the model: who is in a group is in the team of that name, and some teams ring. */
export function driftRules(capabilities: Capabilities): readonly MappingRule[] {
  const kind = 'assigned' as const;
  const via = (team: string) => (capabilities.numberAccess[kind] === 'via-team' ? team : null);
  return [
    rule('everyone', {
      when: inGroup('Everyone'),
      grant: { teams: ['All'], numbers: [{ number: NUMBER.all, kind, viaTeam: via('All') }] },
    }),
    rule('sales', { when: inGroup('Sales'), grant: { teams: ['Sales'] } }),
    rule('support', { when: inGroup('Support'), grant: { teams: ['Support'] } }),
    rule('desk', {
      when: inGroup('Desk'),
      grant: { teams: ['Desk'], numbers: [{ number: NUMBER.desk, kind, viaTeam: via('Desk') }] },
    }),
    rule('quiet', { when: inGroup('Quiet'), grant: { teams: ['Sales'] } }),
  ];
}

export interface DriftModelOptions {
  readonly capabilities: Capabilities;
  /** Somebody for whom the rules grant no number. */
  readonly hasQuietPerson?: boolean;
}

/** A company in memory, reconciled once, and the dashboard of its phone system. */
export class DriftModel implements DriftWorld {
  readonly capabilities: Capabilities;
  readonly account: ModelAccount;
  readonly vendor: VendorSide;
  /** Overrides for what the comparison is told besides the reading. */
  extra: Partial<AccountFindingInput> = {};
  baseline: Baseline | null = null;
  now = NOW;
  private readonly owners: Set<string> = new Set();
  private readonly ringTo = new Map<string, { teams: readonly string[]; agents: readonly string[] }>();
  private readonly people: ReadonlyMap<
    string,
    { readonly groups: readonly string[]; readonly left: boolean }
  >;
  private readonly hired: Set<string>;

  constructor({ capabilities, hasQuietPerson = false }: DriftModelOptions) {
    this.capabilities = capabilities;
    this.account = new ModelAccount(capabilities, Object.values(NUMBER));
    this.vendor = this.makeVendorSide();
    this.people = castList(hasQuietPerson);
    this.hired = new Set(CAST.parked);
    for (const team of TEAMS) this.account.teams.set(teamKey(team), team);
    this.ringTo.set(NUMBER.all, { teams: ['All'], agents: [] });
    this.ringTo.set(NUMBER.desk, { teams: ['Desk'], agents: [] });
    const direct = this.account.addAgent(this.emailOf(CAST.direct), 'kay Tester', 'agent');
    this.ringTo.set(NUMBER.direct, { teams: [], agents: [direct.id] });
    this.settle();
    this.hired.clear();
    this.settle();
    this.owners.add(this.agentOf('ida'));
    this.baseline = this.find().baseline;
  }

  readonly emailOf = (person: string): string => `${person}@example.com`;
  readonly subjectOf = (person: string): string => `s-${person}`;
  readonly agentOf = (person: string): string => {
    const link = this.account.links.findLast(({ subjectId }) => subjectId === this.subjectOf(person));
    if (link === undefined) throw new Error(`${person} has no agent`);
    return link.providerUserId;
  };

  states(): ReadonlyMap<string, SubjectState> {
    return new Map(this.derive().subjects.map((one) => [one.subjectId, one]));
  }

  plan(): Plan {
    const { subjects, notices, managed } = this.derive();
    return calculatePlan(
      planInput({
        subjects,
        notices,
        managed,
        capabilities: this.capabilities,
        actual: this.read(),
        links: this.account.links,
        now: this.now,
      }),
    );
  }

  /** Plans and applies until nothing is left to do but tasks. */
  settle(): void {
    for (let round = 0; round < 5; round += 1) {
      const changes = this.plan().changes.filter(({ action }) => action !== 'manual' && action !== 'delete');
      if (changes.length === 0) return;
      for (const change of changes) this.account.apply(change, this.now);
    }
    throw new Error('The model does not settle.');
  }

  find(): AccountFindings {
    return findAccountDrift({
      plan: this.plan(),
      actual: this.read(),
      links: this.account.links,
      states: this.states(),
      capabilities: this.capabilities,
      invitations: { validDays: 15, sentAt: new Map() },
      lastUse: null,
      tasks: [],
      baseline: this.baseline,
      now: this.now,
      ...this.extra,
    });
  }

  read(): ActualState {
    const state = this.account.read();
    return {
      ...state,
      agents: state.agents.map((agent) => ({
        ...agent,
        owner: this.capabilities.readRole ? this.owners.has(agent.providerUserId) : null,
        numbers: this.capabilities.numberAccess.assigned === 'via-team' ? this.rungFor(agent) : agent.numbers,
      })),
    };
  }

  private rungFor({ providerUserId, teams }: ActualState['agents'][number]) {
    const held = new Set(teams.map(teamKey));
    return [...this.ringTo]
      .filter(
        ([, to]) => to.agents.includes(providerUserId) || to.teams.some((team) => held.has(teamKey(team))),
      )
      .map(([number]) => ({ number, kind: 'assigned' as const }));
  }

  private derive() {
    const rules = compileRules(ruleSet(driftRules(this.capabilities)), { name: 'acc' }, [
      ...GROUPS.map((name) => group(`g-${name}`, name)),
    ]);
    const users = [...this.people].map(([name, { groups, left }]) =>
      user(this.subjectOf(name), {
        email: this.emailOf(name),
        userName: this.emailOf(name),
        givenName: name,
        familyName: 'Tester',
        status: left && !this.hired.has(name) ? 'inactive' : 'active',
        groupIds: groups.map((one) => `g-${one}`),
      }),
    );
    return { ...deriveSubjects(rules, snapshot(users)), managed: managedNames(rules) };
  }

  private agent(id: string): ModelAgent {
    const agent = this.account.agents.get(id);
    if (agent === undefined) throw new Error(`There is no agent ${id}.`);
    return agent;
  }

  private makeVendorSide(): VendorSide {
    const done = Promise.resolve();
    return {
      addAgent: ({ email, givenName, familyName }) =>
        Promise.resolve(this.account.addAgent(email, `${givenName} ${familyName}`, 'agent').id),
      deleteAgent: (id) => {
        this.account.agents.delete(id);
        for (const [number, to] of this.ringTo)
          this.ringTo.set(number, { ...to, agents: to.agents.filter((one) => one !== id) });
        return done;
      },
      rename: (id, givenName, familyName) => {
        this.agent(id).name = `${givenName} ${familyName}`;
        return done;
      },
      setEmail: (id, email) => {
        this.agent(id).email = email;
        return done;
      },
      setRole: (id, role: Role) => {
        const agent = this.agent(id);
        agent.holds = { ...agent.holds, role };
        return done;
      },
      setOwner: (id, isOwner) => {
        if (isOwner) this.owners.add(id);
        else this.owners.delete(id);
        return done;
      },
      setSuspended: (id, isSuspended) => {
        this.agent(id).status = isSuspended ? 'suspended' : 'active';
        return done;
      },
      setNumber: (id, number, kind: AccessKind, isHeld) => {
        const agent = this.agent(id);
        const entitlement = { type: 'number', number, kind } as const;
        agent.holds = isHeld
          ? withEntitlement(agent.holds, entitlement)
          : withoutEntitlement(agent.holds, entitlement);
        return done;
      },
      deleteTeam: (name) => {
        this.account.teams.delete(teamKey(name));
        for (const agent of this.account.agents.values())
          agent.holds = withoutEntitlement(agent.holds, { type: 'team', team: name });
        return done;
      },
      setMember: (team, id, isMember) => {
        const agent = this.agent(id);
        const entitlement = { type: 'team', team } as const;
        agent.holds = isMember
          ? withEntitlement(agent.holds, entitlement)
          : withoutEntitlement(agent.holds, entitlement);
        return done;
      },
      setRingTo: (number, to) => {
        this.ringTo.set(number, to);
        return done;
      },
    };
  }
}

function castList(hasQuietPerson: boolean) {
  const people = new Map<string, { groups: readonly string[]; left: boolean }>();
  for (const name of EVERYONE) people.set(name, { groups: ['Everyone'], left: false });
  for (const name of CAST.sales) people.set(name, { groups: ['Everyone', 'Sales'], left: false });
  for (const name of CAST.support) people.set(name, { groups: ['Everyone', 'Support'], left: false });
  for (const name of CAST.desk) people.set(name, { groups: ['Everyone', 'Desk'], left: false });
  for (const name of [...CAST.parked, ...CAST.strangers])
    people.set(name, { groups: ['Everyone'], left: true });
  if (hasQuietPerson) people.set('quin', { groups: ['Quiet'], left: false });
  return people;
}
