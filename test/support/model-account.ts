import type { Capabilities } from '../../src/domain/capabilities.js';
import { emailKey } from '../../src/domain/email.js';
import { withEntitlement, withoutEntitlement } from '../../src/domain/entitlement-set.js';
import {
  type Entitlement,
  type EntitlementSet,
  NO_ENTITLEMENTS,
  type Role,
  teamKey,
} from '../../src/domain/entitlement.js';
import { linkAfter, linkFrom } from '../../src/domain/link-after.js';
import { combinedName } from '../../src/domain/person-name.js';
import type { Change } from '../../src/domain/plan.js';
import type { AgentSettings } from '../../src/domain/settings.js';
import type { ActualAgent, ActualState, Link } from '../../src/domain/state.js';

export interface ModelAgent {
  readonly id: string;
  email: string;
  name: string;
  status: 'active' | 'suspended' | 'pending';
  holds: EntitlementSet;
  settings: AgentSettings;
}

/**
 * A phone system in memory that is as strict as a vendor: a change that a vendor would refuse throws. Keeps the
 * links the way the applier does.
 */
export class ModelAccount {
  readonly capabilities: Capabilities;
  readonly agents = new Map<string, ModelAgent>();
  readonly teams = new Map<string, string>();
  readonly numbers: readonly string[];
  /** Which team rings on a number; set in the vendor's dashboard only. */
  readonly ringTo = new Map<string, string>();
  links: Link[] = [];
  /** Every deletion call, by link id. */
  readonly deletions: string[] = [];
  private nextId = 1;

  constructor(capabilities: Capabilities, numbers: readonly string[]) {
    this.capabilities = capabilities;
    this.numbers = numbers;
  }

  addAgent(email: string, name: string, role: Role, teams: readonly string[] = []): ModelAgent {
    if ([...this.agents.values()].some((agent) => emailKey(agent.email) === emailKey(email))) {
      throw new Error(`409: an agent has ${email} already`);
    }
    const id = `v${this.nextId++}`;
    const holds = { ...NO_ENTITLEMENTS, role };
    const agent: ModelAgent = { id, email, name, status: 'active', holds, settings: {} };
    this.agents.set(id, agent);
    for (const team of teams) this.grant(agent, { type: 'team', team });
    return agent;
  }

  read(ids: 'all' | readonly string[] = 'all'): ActualState {
    const agents = [...this.agents.values()].filter(({ id }) => ids === 'all' || ids.includes(id));
    return {
      accountId: 'acc',
      readAt: 0,
      scope: ids === 'all' ? 'all' : 'subjects',
      agents: agents.map((agent) => this.show(agent)),
      teams: [...this.teams].map(([key, name]) => ({ providerTeamId: key, name })),
      numbers: this.numbers.map((number) => ({ providerNumberId: number, number, name: number })),
    };
  }

  apply(change: Change, at: number): void {
    if (change.action === 'create' || change.action === 'adopt') return this.begin(change);
    if (change.action === 'create-team') return this.createTeam(change.team);
    if (change.action === 'manual') return;
    const link = this.liveLink(change.subjectId);
    const before = 'providerUserId' in change ? change.providerUserId : null;
    if (before !== null && before !== link.providerUserId) throw new Error(`${change.key} names a stranger`);
    this.write(change, link.providerUserId);
    if (change.action === 'delete') this.deletions.push(link.id);
    this.links = this.links.map((one) => (one === link ? linkAfter(link, change, at) : one));
  }

  private begin(change: Extract<Change, { action: 'create' | 'adopt' }>): void {
    if (this.links.some((link) => link.subjectId === change.subjectId && link.state !== 'deleted')) {
      throw new Error(`${change.subjectId} has a link already`);
    }
    const id = change.action === 'create' ? this.create(change).id : change.providerUserId;
    if (this.links.some((link) => link.providerUserId === id && link.state !== 'deleted')) {
      throw new Error(`agent ${id} is somebody's already`);
    }
    const linkId = `link-${this.links.length + 1}`;
    this.links.push(linkFrom(change, { id: linkId, accountId: 'acc', providerUserId: id }));
  }

  private create(change: Extract<Change, { action: 'create' }>): ModelAgent {
    const agent = this.addAgent(change.email, combinedName(change), change.role);
    agent.settings = change.settings ?? {};
    return agent;
  }

  private createTeam(name: string): void {
    if (this.teams.has(teamKey(name))) throw new Error(`409: team ${name} exists`);
    this.teams.set(teamKey(name), name);
  }

  private write(change: Change, id: string): void {
    if (change.action === 'forget') return;
    const agent = this.agents.get(id);
    if (agent === undefined) throw new Error(`404: ${change.key} for an agent that is gone`);
    if (change.action === 'update') this.update(agent, change.after);
    if (change.action === 'grant') this.grant(agent, change.entitlement);
    if (change.action === 'revoke') this.revoke(agent, change.entitlement);
    if (change.action === 'park' && this.capabilities.suspend) agent.status = 'suspended';
    if (change.action === 'restore') agent.status = 'active';
    if (change.action === 'delete') this.agents.delete(id);
  }

  private update(agent: ModelAgent, after: Extract<Change, { action: 'update' }>['after']): void {
    if (after.givenName !== undefined && after.familyName !== undefined) {
      agent.name = combinedName({ givenName: after.givenName, familyName: after.familyName });
    }
    if (after.email !== undefined) {
      const key = emailKey(after.email);
      if ([...this.agents.values()].some((one) => one !== agent && emailKey(one.email) === key)) {
        throw new Error(`409: an agent has ${after.email} already`);
      }
      agent.email = after.email;
    }
    if (after.role !== undefined) agent.holds = { ...agent.holds, role: after.role };
    agent.settings = { ...agent.settings, ...after.settings };
  }

  private grant(agent: ModelAgent, entitlement: Entitlement): void {
    if (entitlement.type === 'team' && !this.teams.has(teamKey(entitlement.team))) {
      throw new Error(`404: no team ${entitlement.team}`);
    }
    agent.holds = withEntitlement(agent.holds, entitlement);
  }

  private revoke(agent: ModelAgent, entitlement: Entitlement): void {
    const held =
      entitlement.type !== 'team' ||
      agent.holds.teams.some((team) => teamKey(team) === teamKey(entitlement.team));
    if (!held) throw new Error(`a call for nothing: ${agent.id} is not in ${JSON.stringify(entitlement)}`);
    agent.holds = withoutEntitlement(agent.holds, entitlement);
  }

  private liveLink(subjectId: string): Link {
    const link = this.links.find((one) => one.subjectId === subjectId && one.state !== 'deleted');
    if (link === undefined) throw new Error(`${subjectId} has no link`);
    return link;
  }

  private show(agent: ModelAgent): ActualAgent {
    const { readRole, numberAccess } = this.capabilities;
    const ringing = [...this.ringTo]
      .filter(([, team]) => agent.holds.teams.some((name) => teamKey(name) === teamKey(team)))
      .map(([number]) => ({ number, kind: 'call_flow' as const }));
    return {
      providerUserId: agent.id,
      email: agent.email,
      name: agent.name,
      status: agent.status,
      role: readRole ? agent.holds.role : null,
      owner: readRole ? agent.holds.owner : null,
      teams: agent.holds.teams,
      settings: agent.settings,
      numbers: [
        ...(numberAccess.call_flow === 'via-team' ? ringing : []),
        ...agent.holds.numbers.filter(({ kind }) => numberAccess[kind] !== 'via-team'),
      ],
    };
  }
}
