import fc from 'fast-check';
import type { Capabilities } from '../../src/domain/capabilities.js';
import type { DirectoryGroup, DirectoryUser, SubjectStatus } from '../../src/domain/directory.js';
import { ROLES, type Role } from '../../src/domain/entitlement.js';
import type { RuleSet } from '../../src/domain/mapping.js';
import type { AccountPolicy, Plan } from '../../src/domain/plan.js';
import { calculatePlan } from '../../src/domain/planning/calculate.js';
import type { PlanInput } from '../../src/domain/planning/input.js';
import type { Protection } from '../../src/domain/protection.js';
import { compileRules } from '../../src/domain/rules/compile.js';
import { managedNames } from '../../src/domain/rules/managed.js';
import { deriveSubjects } from '../../src/domain/rules/subjects.js';
import { DEPARTMENTS, GROUP_NAMES, NUMBERS } from './arbitrary-rules.js';
import { DAY_MS, NOW, group, planInput, user } from './domain.js';
import { ModelAccount } from './model-account.js';

/** Something that happens in the directory, at the vendor, or with the clock. Numbers pick a user, agent, group. */
export type Happening =
  | { readonly type: 'join'; readonly groups: readonly number[]; readonly department: string | null }
  | { readonly type: 'move'; readonly who: number; readonly groups: readonly number[] }
  | { readonly type: 'status'; readonly who: number; readonly status: SubjectStatus }
  | { readonly type: 'rename'; readonly who: number }
  | { readonly type: 'new-email'; readonly who: number }
  | { readonly type: 'rehire' | 'twin' | 'no-email'; readonly who: number }
  | { readonly type: 'rename-group'; readonly which: number }
  | { readonly type: 'vendor-agent'; readonly who: number | null }
  | { readonly type: 'vendor-team'; readonly who: number; readonly team: string; readonly add: boolean }
  | { readonly type: 'vendor-role'; readonly who: number; readonly role: Role }
  | { readonly type: 'vendor-delete' | 'vendor-resume'; readonly who: number }
  | { readonly type: 'protect'; readonly who: number }
  | { readonly type: 'days'; readonly days: number };

const who = fc.nat(20);
const groups = fc.uniqueArray(fc.nat(GROUP_NAMES.length), { maxLength: 3 });

const happenings = {
  join: fc.record({ type: fc.constant('join'), groups, department: fc.constantFrom(null, ...DEPARTMENTS) }),
  move: fc.record({ type: fc.constant('move'), who, groups }),
  status: fc.record({
    type: fc.constant('status'),
    who,
    status: fc.constantFrom('active', 'inactive', 'deleted'),
  }),
  person: fc.record({
    type: fc.constantFrom('rename', 'new-email', 'rehire', 'twin', 'no-email', 'protect'),
    who,
  }),
  renameGroup: fc.record({ type: fc.constant('rename-group'), which: fc.nat(GROUP_NAMES.length - 1) }),
  vendorAgent: fc.record({ type: fc.constant('vendor-agent'), who: fc.option(who) }),
  vendorTeam: fc.record({
    type: fc.constant('vendor-team'),
    who,
    team: fc.constantFrom('T0', 'T2', 'Club'),
    add: fc.boolean(),
  }),
  vendorRole: fc.record({ type: fc.constant('vendor-role'), who, role: fc.constantFrom(...ROLES) }),
  vendorState: fc.record({ type: fc.constantFrom('vendor-delete', 'vendor-resume'), who }),
  days: fc.record({ type: fc.constant('days'), days: fc.nat(40) }),
} as const;

const arbitraryHappening = fc.oneof(
  { weight: 3, arbitrary: happenings.join },
  { weight: 3, arbitrary: happenings.move },
  { weight: 6, arbitrary: happenings.status },
  { weight: 4, arbitrary: happenings.person },
  { weight: 1, arbitrary: happenings.renameGroup },
  { weight: 2, arbitrary: happenings.vendorAgent },
  { weight: 3, arbitrary: happenings.vendorTeam },
  { weight: 1, arbitrary: happenings.vendorRole },
  { weight: 2, arbitrary: happenings.vendorState },
  { weight: 4, arbitrary: happenings.days },
) as fc.Arbitrary<Happening>;

/** People join first; then anything happens, in batches. A plan belongs between two batches. */
export const arbitraryStory: fc.Arbitrary<readonly (readonly Happening[])[]> = fc
  .tuple(
    fc.array(happenings.join, { minLength: 1, maxLength: 5 }),
    fc.array(fc.array(arbitraryHappening, { minLength: 1, maxLength: 4 }), { maxLength: 8, size: 'max' }),
  )
  .map(([first, rest]) => [first as Happening[], ...rest]);

export interface TenantOptions {
  readonly ruleSet: RuleSet;
  readonly capabilities: Capabilities;
  readonly policy?: AccountPolicy;
}

/** A directory and a phone system in memory, to which things happen and which are reconciled. */
export class ModelTenant {
  users: DirectoryUser[] = [];
  groups: DirectoryGroup[] = [
    ...GROUP_NAMES.map((name) => group(`id-${name}`, name)),
    group('id-stray', 'Stray'),
  ];
  readonly account: ModelAccount;
  readonly protections: Protection[] = [];
  readonly options: TenantOptions;
  now = NOW;
  private counter = 0;

  constructor(options: TenantOptions) {
    this.options = options;
    this.account = new ModelAccount(options.capabilities, NUMBERS);
    this.account.teams.set('club', 'Club');
    this.account.ringTo.set(NUMBERS[0], 'T0');
  }

  input(users: readonly DirectoryUser[] = this.users): PlanInput {
    const { ruleSet, capabilities, policy = 'sync' } = this.options;
    const compiled = compileRules(ruleSet, { name: 'acc' }, this.groups);
    const scope = users === this.users ? 'all' : 'subjects';
    const derivedSubjects = deriveSubjects(compiled, {
      tenantId: 't',
      version: 1,
      scope,
      users,
      groups: this.groups,
    });
    return planInput({
      ...derivedSubjects,
      scope,
      policy,
      capabilities,
      actual: this.account.read(),
      links: this.account.links,
      managed: managedNames(compiled),
      protections: this.protections,
      now: this.now,
    });
  }

  plan(): Plan {
    return calculatePlan(this.input());
  }

  apply(plan: Plan): void {
    for (const change of plan.changes) this.account.apply(change, this.now);
  }

  happen(happening: Happening): void {
    switch (happening.type) {
      case 'join':
        return this.join(`u${this.counter++}`, happening.groups, happening.department);
      case 'days':
        this.now += happening.days * DAY_MS;
        return;
      case 'rename-group': {
        const old = this.groups[happening.which];
        if (old !== undefined)
          this.groups = this.groups.map((one) =>
            one === old ? { ...old, displayName: `${old.id} renamed` } : one,
          );
        return;
      }
      case 'vendor-agent':
        return this.addByHand(happening.who);
      case 'vendor-team':
      case 'vendor-role':
      case 'vendor-delete':
      case 'vendor-resume':
        return this.changeAtVendor(happening);
      default:
        return this.changeUser(happening);
    }
  }

  private join(id: string, groupNumbers: readonly number[], department: string | null, email?: string): void {
    const groupIds = groupNumbers.map((number) => this.groups[number]?.id ?? 'id-stray');
    const attributes = department === null ? {} : { department: [department] };
    this.users = [...this.users, user(id, { groupIds, attributes, ...(email !== undefined && { email }) })];
  }

  private changeUser(happening: Extract<Happening, { who: number }>): void {
    const one = this.users[happening.who % Math.max(1, this.users.length)];
    if (one === undefined) return;
    const edit = (changes: Partial<DirectoryUser>): void => {
      this.users = this.users.map((other) => (other === one ? { ...one, ...changes } : other));
    };
    switch (happening.type) {
      case 'move':
        return edit({ groupIds: happening.groups.map((number) => this.groups[number]?.id ?? 'id-stray') });
      case 'status':
        return edit({ status: happening.status });
      case 'rename':
        return edit({ givenName: `Renamed${this.counter++}` });
      case 'new-email':
        return edit({ email: `fresh${this.counter++}@example.com` });
      case 'no-email':
        return edit({ email: null });
      case 'protect':
        this.protections.push({
          subjectId: one.id,
          providerUserId: null,
          reason: 'break-glass',
          until: null,
        });
        return;
      case 'rehire':
        edit({ status: 'deleted' });
        return this.join(`u${this.counter++}`, [0, 1], 'Sales', one.email ?? undefined);
      case 'twin':
        return this.join(`u${this.counter++}`, [0, 1], 'Sales', one.email ?? undefined);
    }
  }

  private addByHand(number: number | null): void {
    const one = number === null ? undefined : this.users[number % Math.max(1, this.users.length)];
    const email = one?.email ?? `stranger${this.counter++}@example.com`;
    const isTaken = [...this.account.agents.values()].some((agent) => agent.email === email);
    if (!isTaken) this.account.addAgent(email, 'By Hand', 'supervisor', ['Club']);
  }

  private changeAtVendor(happening: Extract<Happening, { type: `vendor-${string}`; who: number }>): void {
    const agents = [...this.account.agents.values()];
    const agent = agents[happening.who % Math.max(1, agents.length)];
    if (agent === undefined) return;
    if (happening.type === 'vendor-delete') this.account.agents.delete(agent.id);
    if (happening.type === 'vendor-resume') agent.status = 'active';
    if (happening.type === 'vendor-role') agent.holds = { ...agent.holds, role: happening.role };
    if (happening.type !== 'vendor-team') return;
    const others = agent.holds.teams.filter((team) => team !== happening.team);
    if (happening.add)
      this.account.teams.set(
        happening.team.toLowerCase(),
        this.account.teams.get(happening.team.toLowerCase()) ?? happening.team,
      );
    agent.holds = { ...agent.holds, teams: happening.add ? [...others, happening.team] : others };
  }
}
