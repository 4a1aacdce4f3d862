import { emailKey } from './email.js';
import { NO_ENTITLEMENTS, ROLES, type Entitlement, type NumberAccess, type Role } from './entitlement.js';
import { withEntitlement, withoutEntitlement } from './entitlement-set.js';
import { combinedName } from './person-name.js';
import type { AgentSettings } from './settings.js';
import { byCodeUnits } from './sort.js';
import type { ActualAgent, Availability } from './state.js';

/**
 * One person in a phone system without an API, as people last confirmed or an export last showed them. Nothing in
 * here was ever concluded by a program.
 */
export interface RecordedAgent {
  readonly id: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  /** null: a mixture of single permissions that is none of the known roles. */
  readonly role: Role | null;
  readonly status: 'active' | 'pending' | 'unknown';
  /** null: no export has shown them yet. */
  readonly numbers: readonly NumberAccess[] | null;
  /** When this was so, milliseconds since the epoch: the confirmation, or the moment of the export. */
  readonly asOf: number;
  readonly source: 'person' | 'import';
}

/** All that is known of an account without an API. */
export interface ManualRecord {
  readonly agents: readonly RecordedAgent[];
  /** E.164. */
  readonly numbers: readonly { readonly number: string; readonly name: string }[];
  /** Moment of the last list that said it was complete; null before the first: nothing is known of who is there. */
  readonly completeAsOf: number | null;
}

/** One thing that a person does in the phone system, and that is so once they say so. */
export type ManualAct =
  | {
      readonly type: 'create-agent';
      readonly profile: {
        readonly email: string;
        readonly givenName: string;
        readonly familyName: string;
      };
      readonly role: Role;
      readonly settings?: AgentSettings;
    }
  | {
      readonly type: 'update-agent';
      readonly providerUserId: string;
      readonly fields: {
        readonly email?: string;
        readonly givenName?: string;
        readonly familyName?: string;
        readonly role?: Role;
        readonly availability?: Availability;
        readonly settings?: AgentSettings;
      };
    }
  | { readonly type: 'suspend-agent' | 'resume-agent' | 'delete-agent'; readonly providerUserId: string }
  | { readonly type: 'create-team'; readonly team: string }
  | {
      readonly type: 'grant' | 'revoke';
      readonly providerUserId: string;
      readonly entitlement: Entitlement;
    };

/** The agent of that id, or of that address: an invited person has no id yet. */
export function findRecorded(agents: readonly RecordedAgent[], idOrEmail: string): RecordedAgent | undefined {
  const key = emailKey(idOrEmail);
  return agents.find(({ id }) => id === idOrEmail) ?? agents.find(({ email }) => emailKey(email) === key);
}

export function toActualAgent(agent: RecordedAgent): ActualAgent {
  const { id, email, role, status, numbers } = agent;
  return {
    providerUserId: id,
    email,
    name: combinedName(agent),
    status,
    role,
    owner: null,
    teams: [],
    numbers,
  };
}

/** What an act does to the one agent it is about: `agent` null where there is none before or after. */
export function agentAfter(
  agent: RecordedAgent | null,
  act: ManualAct,
  stamp: { readonly newId: string; readonly at: number },
): RecordedAgent | null {
  const seen = { asOf: stamp.at, source: 'person' } as const;
  if (act.type === 'create-agent') {
    const { profile, role } = act;
    if (agent !== null) return { ...agent, ...profile, ...seen };
    return { id: stamp.newId, ...profile, role, status: 'unknown', numbers: [], ...seen };
  }
  if (agent === null) return null;
  switch (act.type) {
    case 'update-agent':
      return { ...agent, ...act.fields, ...seen };
    case 'grant':
    case 'revoke':
      return { ...agent, ...holdingsAfter(agent, act), ...seen };
    case 'delete-agent':
      return null;
    case 'suspend-agent':
    case 'resume-agent':
    case 'create-team':
      return agent;
  }
}

function holdingsAfter(
  { role, numbers }: RecordedAgent,
  { type, entitlement }: Extract<ManualAct, { readonly type: 'grant' | 'revoke' }>,
): Pick<RecordedAgent, 'role' | 'numbers'> {
  if (entitlement.type === 'role') return { role: type === 'grant' ? entitlement.role : ROLES[0], numbers };
  if (entitlement.type !== 'number') return { role, numbers };
  const held = { ...NO_ENTITLEMENTS, numbers: numbers ?? [] };
  const next = type === 'grant' ? withEntitlement(held, entitlement) : withoutEntitlement(held, entitlement);
  return { role, numbers: next.numbers };
}

/**
 * The agent once it turned out that an act was never done: what the act said of them is as it was before, and whatever
 * else is known by now stays. null: there is nobody.
 */
export function agentWithout(
  agent: RecordedAgent,
  act: ManualAct,
  { before, at }: { readonly before: RecordedAgent | null; readonly at: number },
): RecordedAgent | null {
  if (before === null) return null;
  const seen = { asOf: at, source: 'person' } as const;
  const { email, givenName, familyName, role } = before;
  switch (act.type) {
    case 'create-agent':
      return { ...agent, email, givenName, familyName, ...seen };
    case 'update-agent': {
      const named = Object.keys(act.fields);
      const old = Object.entries({ email, givenName, familyName, role });
      return { ...agent, ...Object.fromEntries(old.filter(([field]) => named.includes(field))), ...seen };
    }
    case 'grant':
    case 'revoke':
      return { ...agent, ...holdingsWithout(agent, act.entitlement, before), ...seen };
    case 'suspend-agent':
    case 'resume-agent':
    case 'delete-agent':
    case 'create-team':
      return agent;
  }
}

function holdingsWithout(
  { role, numbers }: RecordedAgent,
  entitlement: Entitlement,
  before: RecordedAgent,
): Pick<RecordedAgent, 'role' | 'numbers'> {
  if (entitlement.type === 'role') return { role: before.role, numbers };
  if (entitlement.type !== 'number') return { role, numbers };
  const held = { ...NO_ENTITLEMENTS, numbers: numbers ?? [] };
  const wasHeld = isHeld(before, entitlement) === true;
  const next = wasHeld ? withEntitlement(held, entitlement) : withoutEntitlement(held, entitlement);
  return { role, numbers: next.numbers };
}

/** Whether the record shows what the act would bring about. */
export function isShown(agents: readonly RecordedAgent[], act: ManualAct): boolean {
  if (act.type === 'create-agent') return findRecorded(agents, act.profile.email) !== undefined;
  if (act.type === 'create-team') return false;
  const agent = findRecorded(agents, act.providerUserId);
  if (agent === undefined)
    return act.type === 'delete-agent' || act.type === 'revoke' || act.type === 'suspend-agent';
  switch (act.type) {
    case 'update-agent':
      return isUpdated(agent, act.fields);
    case 'grant':
      return isHeld(agent, act.entitlement) === true;
    case 'revoke':
      return isHeld(agent, act.entitlement) === false;
    // Shut out: nothing is left that could be taken away short of deleting the person.
    case 'suspend-agent':
      return agent.role === ROLES[0] && agent.numbers?.length === 0;
    case 'resume-agent':
      return true;
    case 'delete-agent':
      return false;
  }
}

function isUpdated(
  agent: RecordedAgent,
  { email, givenName, familyName, role }: Extract<ManualAct, { type: 'update-agent' }>['fields'],
): boolean {
  const name = { givenName: givenName ?? agent.givenName, familyName: familyName ?? agent.familyName };
  return (
    (email === undefined || emailKey(email) === emailKey(agent.email)) &&
    combinedName(name) === combinedName(agent) &&
    (role === undefined || role === agent.role)
  );
}

/** null: not known. */
function isHeld({ role, numbers }: RecordedAgent, entitlement: Entitlement): boolean | null {
  switch (entitlement.type) {
    case 'role':
      return role === entitlement.role;
    case 'number': {
      const { number, kind } = entitlement;
      return numbers?.some((one) => one.number === number && one.kind === kind) ?? null;
    }
    case 'team':
    case 'owner':
      return null;
  }
}

/** By address: equal records are listed alike. */
export function byEmail(a: RecordedAgent, b: RecordedAgent): number {
  return byCodeUnits(emailKey(a.email), emailKey(b.email));
}
