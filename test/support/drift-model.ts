import type { Capabilities } from '../../src/domain/capabilities.js';
import { type AccessKind, type Role, teamKey } from '../../src/domain/entitlement.js';
import { withEntitlement, withoutEntitlement } from '../../src/domain/entitlement-set.js';
import { findAccountDrift, type AccountFindings } from '../../src/domain/findings/account.js';
import type { AccountFindingInput, Baseline, KnownTask } from '../../src/domain/findings/input.js';
import type { MappingRule } from '../../src/domain/mapping.js';
import type { Plan } from '../../src/domain/plan.js';
import { calculatePlan } from '../../src/domain/planning/calculate.js';
import { compileRules } from '../../src/domain/rules/compile.js';
import { managedNames } from '../../src/domain/rules/managed.js';
import { deriveSubjects } from '../../src/domain/rules/subjects.js';
import type { ActualState, SubjectState } from '../../src/domain/state.js';
import { DAY_MS, NOW, group, inGroup, planInput, rule, ruleSet, snapshot, user } from './domain.js';
import {
  CAST,
  EVERYONE,
  NUMBER,
  SETTING,
  TEAMS,
  groupsOf,
  hasSetting,
  joinerName,
  ringKind,
  type DriftWorld,
  type OfficeSide,
  type VendorSide,
} from './drift-injections.js';
import { ModelAccount, type ModelAgent } from './model-account.js';

const GROUPS = ['Everyone', 'Sales', 'Support', 'Desk', 'Night', 'Late', 'Quiet'] as const;
const INVITATION_DAYS = 15;
const HOUR_MS = 3_600_000;

/** Rules of the model: who is in a group is in the team of that name, and some teams ring. */
export function driftRules(capabilities: Capabilities): readonly MappingRule[] {
  const kind = ringKind(capabilities);
  const ringing = (team: string, number: string) => {
    const viaTeam = capabilities.numberAccess[kind] === 'via-team' ? team : null;
    return { teams: [team], numbers: [{ number, kind, viaTeam }] };
  };
  const settings = hasSetting(capabilities) && { settings: { [SETTING.name]: SETTING.value } };
  return [
    rule('everyone', {
      when: inGroup('Everyone'),
      grant: { ...ringing('All', NUMBER.all), ...settings },
    }),
    rule('sales', { when: inGroup('Sales'), grant: { teams: ['Sales'] } }),
    rule('support', { when: inGroup('Support'), grant: { teams: ['Support'] } }),
    rule('desk', { when: inGroup('Desk'), grant: ringing('Desk', NUMBER.desk) }),
    rule('night', { when: inGroup('Night'), grant: ringing('Night', NUMBER.night) }),
    rule('late', { when: inGroup('Late'), grant: ringing('Late', NUMBER.late) }),
    rule('quiet', { when: inGroup('Quiet'), grant: { teams: ['Sales'] } }),
  ];
}

export interface DriftModelOptions {
  readonly capabilities: Capabilities;
}

/** A company in memory, reconciled once, and the dashboard of its phone system. */
export class DriftModel implements DriftWorld {
  readonly capabilities: Capabilities;
  readonly account: ModelAccount;
  readonly vendor: VendorSide;
  readonly office: OfficeSide;
  /** Overrides for what the comparison is told besides the reading. */
  extra: Partial<AccountFindingInput> = {};
  baseline: Baseline | null = null;
  now = NOW;
  private readonly owners: Set<string> = new Set();
  private readonly ringTo = new Map<string, { teams: readonly string[]; agents: readonly string[] }>();
  private readonly worklist = new Map<string, KnownTask>();
  /** When the invitations that nobody accepted were sent, by agent. */
  private readonly invited = new Map<string, number>();
  private readonly calls = new Map<string, number>();
  private readonly hired: Set<string>;
  private readonly joiners: string[] = [];

  constructor({ capabilities }: DriftModelOptions) {
    this.capabilities = capabilities;
    this.account = new ModelAccount(capabilities, Object.values(NUMBER));
    this.vendor = this.makeVendorSide();
    this.office = this.makeOfficeSide();
    this.hired = new Set(CAST.parked);
    for (const team of TEAMS) this.account.teams.set(teamKey(team), team);
    this.fillAccount();
    this.settle();
    this.hired.clear();
    this.settle();
    for (const owner of CAST.owners) this.owners.add(this.agentOf(owner));
    this.baseline = this.find().baseline;
  }

  /** What was there before Patchbay came. */
  private fillAccount(): void {
    const { numberAccess } = this.capabilities;
    const [direct, quiet] = [CAST.direct, CAST.quiet].map((person) =>
      this.account.addAgent(this.emailOf(person), `${person} Tester`, 'agent'),
    ) as [ModelAgent, ModelAgent];
    if (numberAccess[ringKind(this.capabilities)] !== 'via-team') {
      for (const one of [direct, quiet]) this.hold(one.id, NUMBER.quiet, 'assigned');
      return;
    }
    const teams = { all: 'All', desk: 'Desk', night: 'Night', late: 'Late' } as const;
    for (const [number, team] of Object.entries(teams))
      this.ringTo.set(NUMBER[number as keyof typeof teams], { teams: [team], agents: [] });
    this.ringTo.set(NUMBER.direct, { teams: [], agents: [direct.id] });
    this.ringTo.set(NUMBER.quiet, { teams: [], agents: [quiet.id] });
  }

  private hold(id: string, number: string, kind: AccessKind): void {
    const agent = this.agent(id);
    agent.holds = withEntitlement(agent.holds, { type: 'number', number, kind });
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
        taskWithoutNumber: true,
      }),
    );
  }

  /** Plans and applies until nothing is left to do but tasks. */
  settle(): void {
    for (let round = 0; round < 5; round += 1) {
      const plan = this.plan();
      const changes = plan.changes.filter(({ action }) => action !== 'manual' && action !== 'delete');
      if (changes.length === 0) return this.keepWorklist(plan);
      for (const change of changes) this.account.apply(change, this.now);
    }
    throw new Error('The model does not settle.');
  }

  /** Opens what is to be done by hand, and closes what is not any more, as the engine does. */
  private keepWorklist({ changes }: Plan): void {
    const wanted = new Set<string>();
    for (const { action, key, subjectId, reason } of changes) {
      if (action !== 'manual') continue;
      wanted.add(key);
      this.worklist.set(key, { key, title: reason, subjectId, state: 'open', closedBy: null });
    }
    for (const task of this.worklist.values())
      if (task.state === 'open' && !wanted.has(task.key))
        this.worklist.set(task.key, { ...task, state: 'done', closedBy: 'reconciliation' });
  }

  find(): AccountFindings {
    return findAccountDrift({
      plan: this.plan(),
      actual: this.read(),
      links: this.account.links,
      states: this.states(),
      capabilities: this.capabilities,
      invitations: { validDays: INVITATION_DAYS, sentAt: this.invited },
      lastUse: this.calls,
      tasks: [...this.worklist.values()],
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
        numbers: [...(agent.numbers ?? []), ...this.rungFor(agent)],
      })),
    };
  }

  private rungFor({ providerUserId, teams }: ActualState['agents'][number]) {
    const held = new Set(teams.map(teamKey));
    const kind = ringKind(this.capabilities);
    return [...this.ringTo].flatMap(([number, to]) => {
      if (to.agents.includes(providerUserId)) return [{ number, kind: 'assigned' as const }];
      return to.teams.some((team) => held.has(teamKey(team))) ? [{ number, kind }] : [];
    });
  }

  private derive() {
    const rules = compileRules(ruleSet(driftRules(this.capabilities)), { name: 'acc' }, [
      ...GROUPS.map((name) => group(`g-${name}`, name)),
    ]);
    const leavers: readonly string[] = [...CAST.parked, ...CAST.strangers];
    const users = [...EVERYONE, ...leavers, ...this.joiners].map((name) =>
      user(this.subjectOf(name), {
        email: this.emailOf(name),
        userName: this.emailOf(name),
        givenName: name,
        familyName: 'Tester',
        status: leavers.includes(name) && !this.hired.has(name) ? 'inactive' : 'active',
        groupIds: groupsOf(name).map((one) => `g-${one}`),
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
      setSetting: (id, name, value) => {
        const agent = this.agent(id);
        agent.settings = { ...agent.settings, [name]: value };
        return done;
      },
      phone: (id, at) => {
        this.calls.set(id, at);
        return done;
      },
    };
  }

  private makeOfficeSide(): OfficeSide {
    const done = Promise.resolve();
    return {
      leaveInvitation: (id) => {
        this.invited.set(id, this.now - (INVITATION_DAYS + 1) * DAY_MS);
        if (this.capabilities.invitationStateReadable) this.agent(id).status = 'pending';
        return done;
      },
      acceptInvitation: (id) => {
        this.invited.delete(id);
        this.agent(id).status = 'active';
        return done;
      },
      tick: (key) => {
        const task = this.worklist.get(key);
        if (task?.state !== 'open') throw new Error(`There is no open task ${key}.`);
        this.worklist.set(key, { ...task, state: 'done', closedBy: 'person' });
        return done;
      },
      hire: () => {
        const name = joinerName(this.joiners.length);
        this.joiners.push(name);
        return Promise.resolve(this.subjectOf(name));
      },
      takeBack: (person) => {
        this.hired.add(person);
        return done;
      },
      anHourLater: () => (this.now += HOUR_MS),
    };
  }
}
