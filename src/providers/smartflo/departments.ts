import { AppError, isAppError } from '../../domain/errors.js';
import { pickTeam } from '../pick-team.js';
import type { WriteOutcome } from '../port.js';
import type { SmartfloClient } from './client.js';
import type { AgentIds, Directory } from './directory.js';
import { unknownShape } from './errors.js';
import { makeLock } from './lock.js';
import { AnyObject, CreatedDepartment, Departments as DepartmentsAnswer, type Department } from './schema.js';
import type { SmartfloConfig } from './settings.js';

export interface Departments {
  /** All departments with their members, read now. */
  list(): Promise<readonly Department[]>;
  create(name: string): Promise<WriteOutcome>;
  grant(providerUserId: string, name: string): Promise<WriteOutcome>;
  revoke(providerUserId: string, name: string): Promise<WriteOutcome>;
}

interface DepartmentDeps {
  readonly client: SmartfloClient;
  readonly config: SmartfloConfig;
  readonly directory: Directory;
}

interface Membership {
  readonly providerUserId: string;
  readonly name: string;
  readonly isMember: boolean;
}

const APPLIED: WriteOutcome = { result: 'applied', providerId: null };
const ALREADY: WriteOutcome = { result: 'already', providerId: null };
const ROUNDS_MAX = 3;
const WORDS = { vendor: 'Smartflo', teams: 'departments', where: 'the Smartflo portal' };
const LIST = { purpose: 'list the departments', method: 'GET', route: '/v1/departments' } as const;
const REPLACE = {
  purpose: "change a department's members",
  method: 'PUT',
  route: '/v1/department/:id',
} as const;
/** What the list shows beside what an update takes. */
const READ_ONLY = new Set(['id', 'agent_count', 'agents']);

/**
 * Departments of one Smartflo account (vendors.md 2.3). Membership is part of an update that replaces the whole
 * department: it is read right before it is written, by one writer at a time, and read again afterwards, since
 * somebody in the portal may have written in between.
 */
export function makeDepartments(deps: DepartmentDeps): Departments {
  const lock = makeLock();
  const list = (): Promise<readonly Department[]> => deps.client.request(LIST, DepartmentsAnswer);
  return {
    list,
    create: (name) => lock(() => createDepartment(deps, list, name)),
    grant: (providerUserId, name) =>
      lock(() => setMember(deps, list, { providerUserId, name, isMember: true })),
    revoke: (providerUserId, name) =>
      lock(() => setMember(deps, list, { providerUserId, name, isMember: false })),
  };
}

/** Looks first: whether Smartflo refuses a second department of one name is not documented. */
async function createDepartment(
  { client, config }: DepartmentDeps,
  list: Departments['list'],
  name: string,
): Promise<WriteOutcome> {
  const existing = pickTeam(await list(), name, WORDS);
  if (existing !== null) return { result: 'already', providerId: existing.id };
  const body = {
    name,
    description: 'Made by Patchbay',
    ring_strategy: config.newDepartmentRingStrategy,
    destination: [],
  };
  const call = { purpose: 'create a department', method: 'POST', route: '/v1/department' } as const;
  const created = await client.request({ ...call, body }, CreatedDepartment);
  const id = created.data?.id ?? created.id ?? pickTeam(await list(), name, WORDS)?.id;
  if (id === undefined) throw unknownShape(call, 'a department that the list does not show');
  return { result: 'applied', providerId: id };
}

/** Read, write, read again: until the department is as wished, or it moves every time. */
async function setMember(
  deps: DepartmentDeps,
  list: Departments['list'],
  wish: Membership,
): Promise<WriteOutcome> {
  const ids = await idsOf(deps, wish);
  if (ids === null) return ALREADY;
  const isDone = ({ agents }: Department): boolean =>
    agents.some(({ eid }) => eid === ids.agentId) === wish.isMember;
  const extensions: Extensions = new Map();
  let outcome = ALREADY;
  for (let round = 0; round <= ROUNDS_MAX; round += 1) {
    let department = pickTeam(await list(), wish.name, WORDS);
    if (department !== null && !isDone(department) && (await learnExtensions(deps, department, extensions))) {
      department = pickTeam(await list(), wish.name, WORDS);
    }
    if (department === null) return withoutDepartment(wish);
    if (isDone(department)) return outcome;
    if (round < ROUNDS_MAX) await replace(deps, { department, extensions, ids, wish });
    outcome = APPLIED;
  }
  throw new AppError(
    'unavailable',
    'Somebody else changes this Smartflo department all the time, so that its members could not be written. Patchbay ' +
      'tries again by itself.',
    { fields: { route: `${REPLACE.method} ${REPLACE.route}` } },
  );
}

/** null: there is nobody to take out. */
async function idsOf({ directory }: DepartmentDeps, wish: Membership): Promise<AgentIds | null> {
  const ids = await directory.idsOf(wish.providerUserId, { withIntercom: wish.isMember });
  if (ids !== null || !wish.isMember) return ids;
  await directory.mustLook(wish.providerUserId);
  throw new AppError(
    'invalid',
    'This Smartflo user has a web login but no agent, and only agents can be in a department. Create the agent in the ' +
      'Smartflo portal.',
  );
}

/** By agent id; null: the agent is gone, and only their row was left. */
type Extensions = Map<string, string | null>;

/**
 * Looks up the extensions of all members where the list does not show them. True: that took its time, so the
 * department has to be read again. What somebody in the portal writes between reading and writing is lost, and look-ups
 * of a large department would make seconds of a moment.
 */
async function learnExtensions(
  { config, directory }: DepartmentDeps,
  { agents }: Department,
  known: Extensions,
): Promise<boolean> {
  const unknown = agents.filter(({ eid }) => config.memberExtension === 'looked-up' && !known.has(eid));
  for (const { eid } of unknown) known.set(eid, await directory.extensionOf(eid));
  return unknown.length > 0;
}

interface Update {
  readonly department: Department;
  readonly extensions: Extensions;
  readonly ids: AgentIds;
  readonly wish: Membership;
}

async function replace(deps: DepartmentDeps, { department, extensions, ids, wish }: Update): Promise<void> {
  // Whoever was added between the two readings is not known yet.
  await learnExtensions(deps, department, extensions);
  const kept = department.agents
    .filter(({ eid }) => eid !== ids.agentId)
    .flatMap((member) => destinationOf(deps, member, extensions));
  const added = wish.isMember ? [`${ids.intercom ?? ''}||${ids.agentId}`] : [];
  const body = {
    ...Object.fromEntries(Object.entries(department).filter(([field]) => !READ_ONLY.has(field))),
    destination: [...kept, ...added],
  };
  try {
    await deps.client.request({ ...REPLACE, params: { id: department.id }, body }, AnyObject);
  } catch (error) {
    if (!isAppError(error, 'invalid')) throw error;
    // The person may have gone since their ids were read: then that is the answer, not the refusal.
    await deps.directory.mustLook(wish.providerUserId);
    throw error;
  }
}

/** A member as an update names them; nothing for an agent who is gone and whose row was left. */
function destinationOf(
  { config }: DepartmentDeps,
  { id, eid }: Department['agents'][number],
  extensions: Extensions,
): readonly string[] {
  if (config.memberExtension === 'looked-up') {
    const extension = extensions.get(eid) ?? null;
    return extension === null ? [] : [`${extension}||${eid}`];
  }
  if (id) return [`${id}||${eid}`];
  throw unknownShape(LIST, 'a member without an extension');
}

/** Nobody is a member of a department that does not exist. */
function withoutDepartment(wish: Membership): WriteOutcome {
  if (!wish.isMember) return ALREADY;
  throw new AppError(
    'notFound',
    `Smartflo has no department "${wish.name}" any more, so nobody was added to it. The next plan creates it again.`,
  );
}
