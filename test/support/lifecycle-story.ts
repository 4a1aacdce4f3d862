import fc from 'fast-check';
import { AppError } from '../../src/domain/errors.js';
import type { SuccessorWish } from '../../src/domain/handover.js';
import { emailOf } from './engine.js';
import { DAY_MS, isWanted, noteLeaving, type Oracle, type Person, GRACE_DAYS } from './lifecycle-oracle.js';
import { isRefusal, type LifecycleWorld } from './lifecycle-world.js';

const HOUR_MS = 60 * 60_000;

/** Everything that may come from outside while nobody looks. */
export type Happening =
  | {
      readonly type: 'idp';
      readonly who: number;
      readonly says: 'deactivate' | 'activate' | 'delete' | 'create' | 'leave-group' | 'join-group';
    }
  | { readonly type: 'clock'; readonly which: 'ours' | 'database' | 'both'; readonly hours: number }
  | { readonly type: 'approve' }
  | { readonly type: 'reject'; readonly who: number }
  | { readonly type: 'legal-hold'; readonly who: number; readonly hours: number | null }
  | { readonly type: 'release' | 'cancel' | 'gone-at-vendor' | 'protect' | 'call'; readonly who: number }
  | { readonly type: 'reschedule'; readonly who: number; readonly hours: number }
  | { readonly type: 'hand-over'; readonly who: number; readonly to: 'other' | 'Anchor' | 'team' | null }
  | { readonly type: 'approval-needed' | 'pause' | 'policy' };

export type VendorFault = 'lost' | 'unavailable' | 'refused' | 'rate-limited';

/** One turn of one worker, or of two at once, as when the queue held a job twice. */
export interface Turn {
  readonly type: 'work';
  readonly diesAt: number | null;
  readonly isTwice: boolean;
  readonly onDelete: VendorFault | null;
  readonly meanwhile: { readonly atRequest: number; readonly happening: Happening } | null;
}

const who = fc.nat({ max: 1 });
const says = fc.constantFrom<Extract<Happening, { type: 'idp' }>['says']>(
  'deactivate',
  'deactivate',
  'activate',
  'delete',
  'create',
  'leave-group',
  'join-group',
);
const idp: fc.Arbitrary<Happening> = fc.record({ type: fc.constant('idp'), who, says });
const clock: fc.Arbitrary<Happening> = fc.record({
  type: fc.constant('clock'),
  which: fc.constantFrom('ours', 'ours', 'database', 'both', 'both', 'both'),
  hours: fc.constantFrom(-48, -2, 1, 25, 25, 25, 49),
});

export const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 5, arbitrary: idp },
  { weight: 4, arbitrary: clock },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('approve') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('release', 'cancel', 'gone-at-vendor', 'protect', 'call', 'reject'),
      who,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('legal-hold'),
      who,
      hours: fc.constantFrom(null, 1, 30),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('reschedule'),
      who,
      hours: fc.constantFrom(-72, 0, 2, 30),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('hand-over'),
      who,
      to: fc.constantFrom('other', 'other', 'Anchor', 'team', null),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('approval-needed', 'pause', 'policy') }) },
) as fc.Arbitrary<Happening>;

export const turn: fc.Arbitrary<Turn> = fc.record({
  type: fc.constant('work'),
  diesAt: fc.option(fc.integer({ min: 1, max: 220 }), { freq: 2 }),
  isTwice: fc.integer({ min: 0, max: 7 }).map((one) => one === 0),
  onDelete: fc.option(fc.constantFrom<VendorFault>('lost', 'unavailable', 'refused', 'rate-limited'), {
    freq: 2,
  }),
  meanwhile: fc.option(
    fc.record({ atRequest: fc.integer({ min: 1, max: 12 }), happening: fc.oneof(idp, happening) }),
    { freq: 2 },
  ),
});

/** Lets it happen, in the world and in the oracle alike. */
export async function happen(world: LifecycleWorld, oracle: Oracle, one: Happening): Promise<void> {
  switch (one.type) {
    case 'idp':
      await push(world, oracle.people[one.who]!, one.says);
      break;
    case 'clock':
      await turnClock(world, one.which, one.hours * HOUR_MS);
      break;
    case 'approve':
      await approveAll(world, oracle);
      break;
    case 'approval-needed':
      oracle.needsApproval = !oracle.needsApproval;
      break;
    case 'pause':
      oracle.isPaused = !oracle.isPaused;
      break;
    case 'policy':
      oracle.policy = oracle.policy === 'sync' ? 'upsert-only' : 'sync';
      await world.setPolicy(oracle.policy);
      break;
    default:
      await decide(world, oracle.people[one.who]!, one);
  }
  await writeSettings(world, oracle);
  for (const person of oracle.people) noteLeaving(person, world.directory.clock.now().getTime());
}

async function push(
  world: LifecycleWorld,
  person: Person,
  said: Extract<Happening, { type: 'idp' }>['says'],
): Promise<void> {
  const { userId } = person;
  if (said === 'create') {
    if (userId !== null) return;
    Object.assign(person, { userId: await world.addUser(person.name), isActive: true, isMember: true });
    return;
  }
  if (userId === null) return;
  switch (said) {
    case 'delete':
      await world.removeUser(userId);
      person.userId = null;
      return;
    case 'activate':
    case 'deactivate':
      person.isActive = said === 'activate';
      return world.setActive(userId, person.isActive);
    case 'join-group':
      person.isMember = true;
      return world.addMember(userId);
    case 'leave-group':
      person.isMember = false;
      return world.removeMember(userId);
  }
}

async function turnClock(
  world: LifecycleWorld,
  which: 'ours' | 'database' | 'both',
  byMs: number,
): Promise<void> {
  const { databaseClock, directory } = world;
  if (which !== 'database') directory.clock.advance(byMs);
  if (which !== 'ours') await databaseClock.setAhead(databaseClock.aheadMs + byMs);
}

async function decide(
  world: LifecycleWorld,
  person: Person,
  one: Extract<Happening, { readonly who: number }>,
): Promise<void> {
  switch (one.type) {
    case 'legal-hold': {
      const until =
        one.hours === null ? null : new Date(world.directory.clock.now().getTime() + one.hours * HOUR_MS);
      return setHold(world, person, until);
    }
    case 'release':
      return releaseHold(world, person);
    case 'protect':
      person.isProtected = !person.isProtected;
      return;
    case 'call': {
      const id = world.vendor.byEmail(emailOf(person.name))?.providerUserId;
      if (id !== undefined && !world.vendor.inCall.delete(id)) world.vendor.inCall.add(id);
      return;
    }
    case 'gone-at-vendor': {
      const id = world.vendor.byEmail(emailOf(person.name))?.providerUserId;
      if (id === undefined) return;
      world.vendor.agents.delete(id);
      // Only the schedule finds out about somebody whom nothing else is known of.
      return world.requestReconcile();
    }
    case 'reject':
      return reject(world, person);
    case 'hand-over':
      return handOver(world, person, one.to === 'other' ? (one.who === 0 ? 'Bea' : 'Ada') : one.to);
    case 'cancel':
      return setDate(world, person, 'never');
    case 'reschedule':
      return setDate(world, person, world.directory.clock.now().getTime() + one.hours * HOUR_MS);
    case 'idp':
  }
}

async function setHold(world: LifecycleWorld, person: Person, until: Date | null): Promise<void> {
  const subjects = await leavingSubjects(world, person);
  for (const personId of subjects) {
    const { tenantId } = world.account;
    await unlessRefused(() =>
      world.legalHolds.set({ tenantId, personId, reason: 'case', until, actor: 'legal' }),
    );
  }
  if (subjects.length > 0) person.heldUntil = until?.getTime() ?? Infinity;
}

async function releaseHold(world: LifecycleWorld, person: Person): Promise<void> {
  const { tenantId } = world.account;
  const holds = await world.query<{ subject_id: string }>(
    `select h.subject_id from legal_holds h join scim_users u on u.id = h.subject_id
     where h.released_at is null and u.user_name = '${emailOf(person.name)}'`,
  );
  for (const { subject_id: personId } of holds)
    await unlessRefused(() => world.legalHolds.release({ tenantId, personId, actor: 'legal' }));
  person.heldUntil = null;
}

/** Entries of the directory under which the person has, or had, an agent. */
async function leavingSubjects(world: LifecycleWorld, { name, userId }: Person): Promise<readonly string[]> {
  const rows = await world.query<{ subject_id: string }>(
    `select distinct subject_id from links where email = '${emailOf(name)}' and ended_at is null`,
  );
  return [...new Set([...rows.map(({ subject_id }) => subject_id), ...(userId === null ? [] : [userId])])];
}

/** To somebody by name, to the team of everybody, or to nobody any more. */
async function handOver(world: LifecycleWorld, person: Person, to: string | null): Promise<void> {
  const deletionId = await lastDeletionOf(world, person);
  if (deletionId === null) return;
  const { tenantId } = world.account;
  const wish: SuccessorWish | null =
    to === null
      ? null
      : to === 'team'
        ? { type: 'team', team: 'Sales' }
        : { type: 'person', email: emailOf(to) };
  await unlessRefused(() => world.successors.choose({ tenantId, deletionId, actor: 'boss', to: wish }));
}

async function lastDeletionOf(world: LifecycleWorld, person: Person): Promise<string | null> {
  const [row] = await world.query<{ id: string }>(
    `select d.id from deletions d join links l on l.id = d.link_id
     where l.email = '${emailOf(person.name)}' order by d.created_at desc, d.id desc limit 1`,
  );
  return row?.id ?? null;
}

async function setDate(world: LifecycleWorld, person: Person, date: number | 'never'): Promise<void> {
  const deletionId = await lastDeletionOf(world, person);
  if (deletionId === null) return;
  const decision = { tenantId: world.account.tenantId, deletionId, actor: 'boss' };
  const isDone = await unlessRefused(() =>
    date === 'never'
      ? world.leaverDecisions.cancel(decision)
      : world.leaverDecisions.reschedule({ ...decision, dueAt: new Date(date) }),
  );
  if (isDone) Object.assign(person, { date, isRejected: false, isApproved: false });
}

interface HeldPlan {
  readonly id: string;
  readonly digest: string;
  readonly trigger: string;
  readonly email: string | null;
}

function heldPlans(world: LifecycleWorld): Promise<readonly HeldPlan[]> {
  return world.query(
    `select p.id, p.digest, p.trigger, (select c.body ->> 'email' from changes c where c.plan_id = p.id limit 1) as email
     from plans p where p.state = 'held' order by p.created_at`,
  );
}

async function approveAll(world: LifecycleWorld, oracle: Oracle): Promise<void> {
  for (const { id: planId, digest, trigger, email } of await heldPlans(world)) {
    const isDone = await unlessRefused(() =>
      world.decisions.approve({ account: world.account, planId, digest, actor: 'boss' }),
    );
    const person = oracle.byEmail(email ?? '');
    if (isDone && trigger === 'deletion-due' && person !== undefined) person.isApproved = true;
  }
}

async function reject(world: LifecycleWorld, person: Person): Promise<void> {
  for (const { id: planId, trigger, email } of await heldPlans(world)) {
    if (trigger !== 'deletion-due' || email !== emailOf(person.name)) continue;
    if (await unlessRefused(() => world.decisions.reject({ account: world.account, planId, actor: 'boss' })))
      person.isRejected = true;
  }
}

async function writeSettings(world: LifecycleWorld, oracle: Oracle): Promise<void> {
  const protectedEmails = oracle.people.filter((one) => one.isProtected).map(({ name }) => emailOf(name));
  await world.setSettings({
    graceDays: GRACE_DAYS,
    protectedEmails,
    deletion: { approval: oracle.needsApproval },
    // What is about many people at once has tests of its own.
    safety: {
      removalFloor: 1_000,
      removalsPerHourMax: 10_000,
      flapsPerDayMax: 1_000,
      directoryShrinkShareMax: 1,
    },
  });
  await world.query(`update accounts set state = '${oracle.isPaused ? 'paused' : 'active'}'`);
}

async function unlessRefused(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  }
}

export async function takeTurn(world: LifecycleWorld, oracle: Oracle, one: Turn): Promise<void> {
  const { diesAt, meanwhile, isTwice, onDelete } = one;
  watch(world, oracle, onDelete);
  const fate = {
    diesAt,
    meanwhile:
      meanwhile === null
        ? null
        : { atRequest: meanwhile.atRequest, act: () => happen(world, oracle, meanwhile.happening) },
  };
  const turns = [world.work(fate)];
  if (isTwice) turns.push(world.work({ diesAt: null, meanwhile: null }));
  await Promise.all(turns);
  await oracle.look(world);
}

/** Every call that deletes is judged by the oracle before it is made, and answered as the turn says. */
function watch({ vendor, ...rest }: LifecycleWorld, oracle: Oracle, onDelete: VendorFault | null): void {
  const world = { vendor, ...rest };
  let left = onDelete;
  vendor.fault = (request) => {
    if (request.call !== 'write' || request.operation.type !== 'delete-agent') return null;
    oracle.assertMayDelete(world, request.operation.providerUserId);
    const fault = left;
    left = null;
    switch (fault) {
      case null:
        return null;
      case 'lost':
        return { error: new AppError('unavailable', 'The answer was lost.'), hasEffect: true };
      case 'unavailable':
        return { error: new AppError('unavailable', 'Nothing was heard.') };
      case 'refused':
        return { error: new AppError('invalid', 'Not this one.') };
      case 'rate-limited':
        return { error: new AppError('rateLimited', 'Later.', { retryAt: world.directory.clock.now() }) };
    }
  };
  vendor.onRequest = async (request) => {
    if (request.call !== 'write' || request.operation.type !== 'delete-agent') return;
    await oracle.recordDeleted(world, request.operation.providerUserId);
  };
}

/** Nothing stands in the way any more, and time passes, until nobody finds anything to do. */
export async function comeToRest(world: LifecycleWorld, oracle: Oracle): Promise<void> {
  Object.assign(oracle, { needsApproval: false, isPaused: false });
  if (oracle.policy !== 'sync') await happen(world, oracle, { type: 'policy' });
  for (const person of oracle.people) {
    person.isProtected = false;
    await releaseHold(world, person);
    if (person.isRejected) await setDate(world, person, world.directory.clock.now().getTime());
  }
  world.vendor.inCall.clear();
  const ahead = Math.max(world.databaseClock.aheadMs, 0) + 4 * DAY_MS;
  await world.databaseClock.setAhead(ahead);
  world.directory.clock.set(new Date(Math.max(world.directory.clock.now().getTime(), Date.now() + ahead)));
  await workUntilQuiet(world, oracle);
  await withdrawHandovers(world, 'all');
  await workUntilQuiet(world, oracle);
}

async function workUntilQuiet(world: LifecycleWorld, oracle: Oracle): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    await withdrawHandovers(world, 'of who leaves as well');
    await happen(world, oracle, { type: 'approve' });
    if (await world.hasWork())
      await takeTurn(world, oracle, {
        type: 'work',
        diesAt: null,
        isTwice: false,
        onDelete: null,
        meanwhile: null,
      });
    else if (await isQuiet(world)) return;
    await turnClock(world, 'both', 61 * 60_000);
  }
  throw new Error('The world does not come to rest.');
}

/** What was handed over goes back, be the leaver gone or not. */
async function withdrawHandovers(
  world: LifecycleWorld,
  which: 'all' | 'of who leaves as well',
): Promise<void> {
  const chosen = await world.query<{ id: string; is_active: boolean }>(
    `select d.id, exists (select 1 from links l where l.ended_at is null and l.state = 'active'
       and l.provider_user_id = d.successor ->> 'providerUserId') as is_active
     from deletions d where d.successor is not null`,
  );
  const { tenantId } = world.account;
  for (const { id: deletionId, is_active: isActive } of chosen) {
    if (which !== 'all' && isActive) continue;
    await unlessRefused(() => world.successors.choose({ tenantId, deletionId, actor: 'boss', to: null }));
  }
}

async function isQuiet(world: LifecycleWorld): Promise<boolean> {
  const rows = await world.query(`select 1 from deletions where state in ('held', 'deleting', 'deleted')
    union all select 1 from deletions d where d.state = 'scheduled' and d.due_at <= now() + interval '400 days'
    union all select 1 from dirty_subjects where not_before is distinct from 'infinity'
    union all select 1 from plans where state in ('held', 'approved', 'applying')`);
  return rows.length === 0;
}

export { isWanted };
