import type { Capabilities } from '../../src/domain/capabilities.js';
import type { AccessKind, Role } from '../../src/domain/entitlement.js';
import type { FindingClass } from '../../src/domain/findings/finding.js';

/** What a person at the phone system's own dashboard can do. Agents are named by the vendor's ids. */
export interface VendorSide {
  addAgent(person: { email: string; givenName: string; familyName: string }): Promise<string>;
  deleteAgent(id: string): Promise<void>;
  rename(id: string, givenName: string, familyName: string): Promise<void>;
  setEmail(id: string, email: string): Promise<void>;
  setRole(id: string, role: Role): Promise<void>;
  setOwner(id: string, isOwner: boolean): Promise<void>;
  setSuspended(id: string, isSuspended: boolean): Promise<void>;
  setNumber(id: string, number: string, kind: AccessKind, isHeld: boolean): Promise<void>;
  deleteTeam(name: string): Promise<void>;
  setMember(team: string, id: string, isMember: boolean): Promise<void>;
  setRingTo(number: string, to: { teams: readonly string[]; agents: readonly string[] }): Promise<void>;
  setSetting(id: string, name: string, value: string): Promise<void>;
  /** The agent makes a call at this moment, in milliseconds since the epoch. */
  phone(id: string, at: number): Promise<void>;
}

/** What happens besides: invitations that wait, and what people say on the worklist. */
export interface OfficeSide {
  /** The agent was invited longer ago than an invitation lasts, and nobody has signed in. */
  leaveInvitation(id: string): Promise<void>;
  acceptInvitation(id: string): Promise<void>;
  /** Says that the open task of this key is done. */
  tick(taskKey: string): Promise<void>;
  /** Somebody new comes into the directory. Returns their subject. */
  hire(): Promise<string>;
  /** Somebody who left is back. */
  takeBack(person: string): Promise<void>;
  /** An hour passes. Milliseconds since the epoch. */
  anHourLater(): number;
}

/** A company that was reconciled, so that whatever is found afterwards was injected. */
export interface DriftWorld {
  readonly vendor: VendorSide;
  readonly office: OfficeSide;
  readonly capabilities: Capabilities;
  subjectOf(person: string): string;
  agentOf(person: string): string;
  emailOf(person: string): string;
}

export interface Expected {
  readonly class: FindingClass;
  readonly key: string;
}

export interface Injected {
  readonly expected: readonly Expected[];
  /** How a person takes it back; null where the plan does. */
  readonly undo: (() => Promise<void>) | null;
}

/** People by what they are there for, so that no two injections meet in one person. */
export const CAST = {
  /** In Everyone and Sales. */
  sales: ['ann', 'bob', 'cem', 'dag'],
  /** In Everyone and Support. */
  support: ['eva', 'fay', 'gus', 'hal'],
  /** In Everyone and Desk, which rings on the desk number. */
  desk: ['ida', 'jon'],
  /** The desk, to whom the company belongs. */
  owners: ['ida', 'jon'],
  /** Rung directly on the direct number, since before Patchbay came. */
  direct: 'kay',
  /** In Quiet, whose rule grants no number: somebody else's number rings them, since before Patchbay came. */
  quiet: 'quin',
  /** In Everyone and Night or Late, each alone in a team that rings on its own number. */
  night: 'rob',
  late: 'sia',
  /** Left, and parked. */
  parked: ['lea', 'max', 'ned'],
  /** Left, and never had an agent. */
  strangers: ['ola', 'pia'],
} as const;

export const EVERYONE = [
  ...CAST.sales,
  ...CAST.support,
  ...CAST.desk,
  CAST.direct,
  CAST.quiet,
  CAST.night,
  CAST.late,
];
export const NUMBER = {
  all: '+33100000001',
  desk: '+33100000002',
  direct: '+33100000003',
  extra: '+33100000004',
  quiet: '+33100000005',
  night: '+33100000006',
  late: '+33100000007',
} as const;
export const TEAMS = ['All', 'Sales', 'Support', 'Desk', 'Night', 'Late', 'Club'] as const;

/** Whoever joins is in Everyone and nothing else. */
export function joinerName(count: number): string {
  return `new${count}`;
}

/** Groups that a person of the cast is in. */
export function groupsOf(person: string): readonly string[] {
  const isOneOf = (some: readonly string[]): boolean => some.includes(person);
  if (person === CAST.quiet) return ['Quiet'];
  if (person === CAST.night) return ['Everyone', 'Night'];
  if (person === CAST.late) return ['Everyone', 'Late'];
  if (isOneOf(CAST.sales)) return ['Everyone', 'Sales'];
  if (isOneOf(CAST.support)) return ['Everyone', 'Support'];
  if (isOneOf(CAST.desk)) return ['Everyone', 'Desk'];
  return ['Everyone'];
}

/** The kind of access that the numbers of the rules give: through teams wherever the vendor has that. */
export function ringKind({ numberAccess }: Capabilities): AccessKind {
  return numberAccess.assigned !== 'via-team' && numberAccess.call_flow === 'via-team'
    ? 'call_flow'
    : 'assigned';
}

/** A setting that rules give to everybody where the vendor has it. */
export const SETTING = { name: 'designation', value: 'Staff' } as const;

export function hasSetting({ settings = [] }: Capabilities): boolean {
  return settings.some(({ name, write }) => name === SETTING.name && write === 'api');
}

export interface Injection {
  readonly name: string;
  /** What it takes away from the other injections: people, teams and numbers. */
  readonly uses: readonly string[];
  readonly needs?: (capabilities: Capabilities) => boolean;
  /** What is so, and known, before: the company is reconciled once more in between. */
  readonly prepare?: (world: DriftWorld) => Promise<void>;
  readonly inject: (world: DriftWorld) => Promise<Injected>;
}

function expect(kind: FindingClass, ...identity: readonly string[]): Expected {
  return { class: kind, key: [kind, ...identity].join(':') };
}

function planned(...expected: readonly Expected[]): Injected {
  return { expected, undo: null };
}

const hasTeams = ({ teams }: Capabilities): boolean => teams;
const ringsThroughTeams = (vendor: Capabilities): boolean =>
  vendor.numberAccess[ringKind(vendor)] === 'via-team';
const ringsPeopleToo = ({ numberAccess }: Capabilities): boolean => numberAccess.assigned === 'via-team';
const givesByApi = (vendor: Capabilities): boolean => vendor.numberAccess[ringKind(vendor)] === 'api';

const strangers: readonly Injection[] = [
  {
    name: 'somebody is invited by hand',
    uses: ['stranger'],
    async inject({ vendor }) {
      const id = await vendor.addAgent({
        email: 'zoe@elsewhere.example',
        givenName: 'Zoe',
        familyName: 'Zeit',
      });
      return { expected: [expect('unmanaged-agent', id)], undo: () => vendor.deleteAgent(id) };
    },
  },
  ...CAST.strangers.map((person): Injection => ({
    name: `${person}, who has left, is invited by hand`,
    uses: [person],
    async inject({ vendor, emailOf }) {
      const id = await vendor.addAgent({ email: emailOf(person), givenName: person, familyName: 'Back' });
      return { expected: [expect('unmanaged-agent', id)], undo: () => vendor.deleteAgent(id) };
    },
  })),
  ...CAST.sales.map((person): Injection => ({
    name: `${person} gets a second agent under a private address`,
    uses: [`twin ${person}`, person],
    async inject({ vendor }) {
      const id = await vendor.addAgent({
        email: `${person}@private.example`,
        givenName: person,
        familyName: 'Tester',
      });
      return { expected: [expect('duplicate-person', id)], undo: () => vendor.deleteAgent(id) };
    },
  })),
  ...CAST.desk.map((person): Injection => ({
    name: `${person} gets a second agent under a tagged address`,
    uses: [`twin ${person}`],
    async inject({ vendor, emailOf }) {
      const email = emailOf(person).replace('@', '+phone@');
      const id = await vendor.addAgent({ email, givenName: 'Second', familyName: `Of${person}` });
      return { expected: [expect('duplicate-person', id)], undo: () => vendor.deleteAgent(id) };
    },
  })),
];

const joiners: readonly Injection[] = [
  {
    name: 'somebody new joins',
    uses: ['joiner'],
    inject: async ({ office }) => planned(expect('not-provisioned', await office.hire())),
  },
];

const teamOf = (person: string): string =>
  (CAST.sales as readonly string[]).includes(person) ? 'Sales' : 'Support';

/** Somebody else in the same team, who stays in it. */
const teammateOf = (person: string): string =>
  [...CAST.sales, ...CAST.support].find((other) => other !== person && teamOf(other) === teamOf(person)) ??
  '';

const profiles: readonly Injection[] = [...CAST.sales, ...CAST.support].flatMap(
  (person): readonly Injection[] => [
    {
      name: `the agent of ${person} is deleted`,
      uses: [person],
      inject: async (world) => {
        await world.vendor.deleteAgent(world.agentOf(person));
        return planned(expect('missing-agent', world.subjectOf(person)));
      },
    },
    {
      name: `${person} is renamed`,
      uses: [person],
      inject: async (world) => {
        await world.vendor.rename(world.agentOf(person), 'Some', `Body${person}`);
        return planned(expect('name', world.subjectOf(person)));
      },
    },
    {
      name: `${person} gets another address`,
      uses: [person],
      inject: async (world) => {
        await world.vendor.setEmail(world.agentOf(person), `${person}@changed.example`);
        const undo = () => world.vendor.setEmail(world.agentOf(person), world.emailOf(person));
        return {
          expected: [expect('email', world.subjectOf(person))],
          undo: world.capabilities.writeEmail ? null : undo,
        };
      },
    },
    {
      name: `${person} is made admin`,
      uses: [person],
      needs: ({ readRole }) => readRole,
      inject: async (world) => {
        await world.vendor.setRole(world.agentOf(person), 'admin');
        return planned(expect('role', world.subjectOf(person)));
      },
    },
    {
      name: `${person} is suspended`,
      uses: [person],
      needs: ({ suspend }) => suspend,
      inject: async (world) => {
        await world.vendor.setSuspended(world.agentOf(person), true);
        return {
          expected: [expect('suspended', world.subjectOf(person))],
          undo: () => world.vendor.setSuspended(world.agentOf(person), false),
        };
      },
    },
  ],
);

const memberships: readonly Injection[] = [...CAST.sales, ...CAST.support].flatMap(
  (person): readonly Injection[] => [
    {
      name: `${person} is taken out of a team`,
      uses: [person, ...(teamOf(person) === 'Support' ? ['Support'] : [])],
      needs: hasTeams,
      inject: async (world) => {
        await world.vendor.setMember(teamOf(person), world.agentOf(person), false);
        return planned(expect('team-removed', world.subjectOf(person), teamOf(person).toLowerCase()));
      },
    },
    {
      name: `${person} is put into a team that no rule knows`,
      uses: [person],
      needs: hasTeams,
      inject: async (world) => {
        await world.vendor.setMember('Club', world.agentOf(person), true);
        return {
          expected: [expect('team-added', world.subjectOf(person), 'club')],
          undo: () => world.vendor.setMember('Club', world.agentOf(person), false),
        };
      },
    },
    {
      name: `${person} is put into a team of the rules`,
      uses: [person, 'desk team'],
      needs: hasTeams,
      inject: async (world) => {
        await world.vendor.setMember('Desk', world.agentOf(person), true);
        return planned(expect('team-added', world.subjectOf(person), 'desk'));
      },
    },
    {
      name: `${person} is rung directly`,
      // What rings the only member of a team cannot be told from what rings the team: "Ring to" is not to be read.
      uses: [person, 'direct number', teammateOf(person)],
      needs: ringsPeopleToo,
      inject: async (world) => {
        const before = [world.agentOf(CAST.direct)];
        await world.vendor.setRingTo(NUMBER.direct, {
          teams: [],
          agents: [...before, world.agentOf(person)],
        });
        return {
          expected: [expect('number-added', world.subjectOf(person), 'assigned', NUMBER.direct)],
          undo: () => world.vendor.setRingTo(NUMBER.direct, { teams: [], agents: before }),
        };
      },
    },
    ...(['assigned', 'outbound', 'call_flow'] as const).map((kind): Injection => ({
      name: `${person} is given a number (${kind})`,
      // Where a number leads to one person only, it is given to nobody else.
      uses: kind === 'assigned' ? [person, 'extra number'] : [person],
      needs: ({ numberAccess }) => numberAccess[kind] === 'api',
      inject: async (world) => {
        await world.vendor.setNumber(world.agentOf(person), NUMBER.extra, kind, true);
        return {
          expected: [expect('number-added', world.subjectOf(person), kind, NUMBER.extra)],
          undo: () => world.vendor.setNumber(world.agentOf(person), NUMBER.extra, kind, false),
        };
      },
    })),
    {
      name: `${person} is taken off a number`,
      uses: [person],
      needs: givesByApi,
      inject: async (world) => {
        const kind = ringKind(world.capabilities);
        await world.vendor.setNumber(world.agentOf(person), NUMBER.all, kind, false);
        return planned(expect('number-removed', world.subjectOf(person), kind, NUMBER.all));
      },
    },
  ],
);

const routing: readonly Injection[] = [
  {
    name: 'the desk is emptied',
    uses: ['desk team', ...CAST.desk],
    needs: hasTeams,
    inject: async (world) => {
      for (const person of CAST.desk) await world.vendor.setMember('Desk', world.agentOf(person), false);
      if (ringsThroughTeams(world.capabilities)) return planned(expect('dangling-ring-target', 'team:desk'));
      return planned(...CAST.desk.map((person) => expect('team-removed', world.subjectOf(person), 'desk')));
    },
  },
  {
    name: 'the desk number rings nobody',
    uses: ['desk team'],
    needs: ringsThroughTeams,
    inject: async ({ vendor }) => {
      await vendor.setRingTo(NUMBER.desk, { teams: [], agents: [] });
      return {
        expected: [expect('dangling-ring-target', 'number', NUMBER.desk, 'desk')],
        undo: () => vendor.setRingTo(NUMBER.desk, { teams: ['Desk'], agents: [] }),
      };
    },
  },
  {
    name: 'the direct number rings nobody',
    uses: ['direct number'],
    needs: ringsThroughTeams,
    inject: async ({ vendor, agentOf }) => {
      await vendor.setRingTo(NUMBER.direct, { teams: [], agents: [] });
      return {
        expected: [expect('dangling-ring-target', 'number', NUMBER.direct)],
        undo: () => vendor.setRingTo(NUMBER.direct, { teams: [], agents: [agentOf(CAST.direct)] }),
      };
    },
  },
  {
    name: `the agent of ${CAST.night}, alone in a team that a number rings, is deleted`,
    uses: [CAST.night],
    needs: ringsThroughTeams,
    inject: async (world) => {
      await world.vendor.deleteAgent(world.agentOf(CAST.night));
      return planned(
        expect('missing-agent', world.subjectOf(CAST.night)),
        expect('dangling-ring-target', 'number', NUMBER.night),
      );
    },
  },
  {
    name: 'the team Support is deleted',
    uses: ['Support'],
    needs: hasTeams,
    inject: async ({ vendor }) => {
      await vendor.deleteTeam('Support');
      return planned(expect('team-missing', 'support'));
    },
  },
];

/** Who is owner from now on, of a company that has two, as it was found. */
export const OWNERS: readonly Injection[] = [
  { name: 'there is one more owner', now: [...CAST.owners, CAST.direct] },
  { name: 'one of the owners is none any more', now: CAST.owners.slice(1) },
  { name: 'there is no owner any more', now: [] },
  { name: 'the company has changed hands, and fewer hold it', now: [CAST.direct] },
].map(({ name, now }) => ({
  name,
  uses: ['owner'],
  needs: ({ readRole, owners: hasOwners }) => readRole && hasOwners,
  inject: async (world) => {
    await setOwners(world, now);
    return { expected: [expect('owner-count', 'account')], undo: () => setOwners(world, CAST.owners) };
  },
}));

async function setOwners({ vendor, agentOf }: DriftWorld, owners: readonly string[]): Promise<void> {
  for (const person of [...CAST.owners, CAST.direct])
    await vendor.setOwner(agentOf(person), owners.includes(person));
}

const parked: readonly Injection[] = CAST.parked.flatMap((person): readonly Injection[] => [
  {
    name: `${person}, who is parked, is put into a team`,
    uses: [person],
    needs: hasTeams,
    inject: async (world) => {
      await world.vendor.setMember('Sales', world.agentOf(person), true);
      return planned(expect('parked-active', world.subjectOf(person)));
    },
  },
  {
    name: `${person}, who is parked, is resumed`,
    uses: [person],
    needs: ({ suspend }) => suspend,
    inject: async (world) => {
      await world.vendor.setSuspended(world.agentOf(person), false);
      return planned(expect('parked-active', world.subjectOf(person)));
    },
  },
  {
    name: `${person}, who is parked, is made admin`,
    uses: [person],
    needs: ({ readRole }) => readRole,
    inject: async (world) => {
      await world.vendor.setRole(world.agentOf(person), 'admin');
      return planned(expect('parked-active', world.subjectOf(person)));
    },
  },
  {
    name: `${person}, who is parked, is rung directly`,
    uses: [person, 'direct number'],
    needs: ringsPeopleToo,
    inject: async (world) => {
      const before = [world.agentOf(CAST.direct)];
      await world.vendor.setRingTo(NUMBER.direct, { teams: [], agents: [...before, world.agentOf(person)] });
      return {
        expected: [expect('parked-active', world.subjectOf(person))],
        undo: () => world.vendor.setRingTo(NUMBER.direct, { teams: [], agents: before }),
      };
    },
  },
  ...(['assigned', 'outbound', 'call_flow'] as const).map((kind): Injection => ({
    name: `${person}, who is parked, is given a number (${kind})`,
    uses: kind === 'assigned' ? [person, 'extra number'] : [person],
    needs: ({ numberAccess }) => numberAccess[kind] === 'api',
    inject: async (world) => {
      await world.vendor.setNumber(world.agentOf(person), NUMBER.extra, kind, true);
      return {
        expected: [expect('parked-active', world.subjectOf(person))],
        // The plan takes it; where it led before is for a person to say.
        undo: () => world.vendor.setNumber(world.agentOf(person), NUMBER.extra, kind, false),
      };
    },
  })),
  {
    name: `the agent of ${person}, who is parked, is deleted`,
    uses: [person],
    inject: async (world) => {
      await world.vendor.deleteAgent(world.agentOf(person));
      return planned(expect('missing-agent', world.subjectOf(person)));
    },
  },
]);

const settings: readonly Injection[] = [...CAST.sales, ...CAST.support].map((person) => ({
  name: `a setting of ${person} is changed`,
  uses: [person],
  needs: hasSetting,
  inject: async (world) => {
    await world.vendor.setSetting(world.agentOf(person), SETTING.name, 'Somebody else');
    return planned(expect('setting', world.subjectOf(person), SETTING.name));
  },
}));

/** Nothing of it shows at the vendor: days pass, and nobody signs in. */
export const INVITATIONS: readonly Injection[] = [...CAST.sales, ...CAST.support].map((person) => ({
  name: `${person} lets the invitation expire`,
  uses: [person],
  inject: async ({ office, agentOf }) => {
    await office.leaveInvitation(agentOf(person));
    return {
      expected: [expect('invitation-expired', agentOf(person))],
      undo: () => office.acceptInvitation(agentOf(person)),
    };
  },
}));

/** Nothing that the person holds shows it: only the vendor's list of calls does. */
export const CALLS: readonly Injection[] = CAST.parked.map((person) => ({
  name: `${person}, who is parked, phones`,
  uses: [person],
  inject: async ({ vendor, office, agentOf, subjectOf }) => {
    await vendor.phone(agentOf(person), office.anHourLater());
    return {
      expected: [expect('parked-active', subjectOf(person))],
      undo: () => office.takeBack(person),
    };
  },
}));

/** The number of the person without one by rule, as it was, or somebody else's from now on. */
async function ringQuiet({ vendor, capabilities, agentOf }: DriftWorld, isHeld: boolean): Promise<void> {
  const quiet = agentOf(CAST.quiet);
  if (!ringsThroughTeams(capabilities)) return vendor.setNumber(quiet, NUMBER.quiet, 'assigned', isHeld);
  await vendor.setRingTo(
    NUMBER.quiet,
    isHeld ? { teams: [], agents: [quiet] } : { teams: ['All'], agents: [] },
  );
}

const withoutNumber: Injection = {
  name: `${CAST.quiet} is taken off the only number`,
  uses: [CAST.quiet],
  inject: async (world) => {
    await ringQuiet(world, false);
    return {
      expected: [expect('agent-without-number', world.agentOf(CAST.quiet))],
      undo: () => ringQuiet(world, true),
    };
  },
};

const taskOf = ({ capabilities, subjectOf }: DriftWorld, person: string, number: string): string =>
  `manual:${subjectOf(person)}:grant-number:${ringKind(capabilities)}:${number}`;

/** A number that was taken from its team, so that it is on the worklist to give it back. */
const tasks: readonly Injection[] = [
  {
    name: 'a task is done, and nobody says so',
    uses: [CAST.night],
    needs: ringsThroughTeams,
    prepare: ({ vendor }) => vendor.setRingTo(NUMBER.night, { teams: [], agents: [] }),
    inject: async (world) => {
      await world.vendor.setRingTo(NUMBER.night, { teams: ['Night'], agents: [] });
      return planned(expect('task-done', taskOf(world, CAST.night, NUMBER.night)));
    },
  },
  {
    name: 'a task is ticked, and not done',
    uses: [CAST.late],
    needs: ringsThroughTeams,
    prepare: ({ vendor }) => vendor.setRingTo(NUMBER.late, { teams: [], agents: [] }),
    inject: async (world) => {
      const task = taskOf(world, CAST.late, NUMBER.late);
      await world.office.tick(task);
      return {
        expected: [
          expect('dangling-ring-target', 'number', NUMBER.late, 'late'),
          expect('task-undone', task),
        ],
        undo: () => world.vendor.setRingTo(NUMBER.late, { teams: ['Late'], agents: [] }),
      };
    },
  },
];

/** Everything that somebody can do at the dashboard, with what must be found of it. */
export const INJECTIONS: readonly Injection[] = [
  ...strangers,
  ...joiners,
  ...profiles,
  ...memberships,
  ...routing,
  ...OWNERS,
  ...parked,
  ...settings,
  ...INVITATIONS,
  ...CALLS,
  withoutNumber,
  ...tasks,
];

const PEOPLE = new RegExp(`\\b(${[...EVERYONE, ...CAST.parked, ...CAST.strangers].join('|')})\\b`, 'u');

/** What is done, whoever it is done to. */
export function kindOf({ name }: Injection): string {
  return name.replace(PEOPLE, 'X');
}

/** As many of them, in the order given, as do not get in each other's way. */
export function compatible(chosen: readonly Injection[], capabilities: Capabilities): readonly Injection[] {
  const taken = new Set<string>();
  return chosen.filter(({ uses, needs }) => {
    if (needs !== undefined && !needs(capabilities)) return false;
    if (uses.some((use) => taken.has(use))) return false;
    for (const use of uses) taken.add(use);
    return true;
  });
}
