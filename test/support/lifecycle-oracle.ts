import { expect } from 'vitest';
import { emailKey } from '../../src/domain/email.js';
import { emailOf } from './engine.js';
import type { LifecycleWorld } from './lifecycle-world.js';

export const DAY_MS = 86_400_000;
export const GRACE_DAYS = 1;

/** One human being, whatever entries the directory had of them. */
export interface Person {
  readonly name: string;
  /** The entry of today; null: none. */
  userId: string | null;
  isActive: boolean;
  isMember: boolean;
  /** The earliest moment of our clock since they were wanted last; null: they are wanted, and known to be. */
  leftAt: number | null;
  /** A person's last word about the date: a moment, or never. */
  date: number | 'never' | null;
  isRejected: boolean;
  isApproved: boolean;
  /** End of the legal hold; null: none stands. */
  heldUntil: number | null;
  isProtected: boolean;
}

/** What has to be true, in terms so simple that they cannot be wrong in the same way as the product. */
export class Oracle {
  readonly people: readonly Person[];
  needsApproval = false;
  isPaused = false;
  policy: 'sync' | 'upsert-only' = 'sync';
  /** Calls that the vendor carried out, by agent. */
  readonly deleted = new Map<string, number>();
  deletions = 0;
  /** Deletions before which something was handed over. */
  handovers = 0;
  readonly problems: string[] = [];

  constructor(names: readonly string[]) {
    this.people = names.map((name) => ({
      name,
      userId: null,
      isActive: true,
      isMember: true,
      leftAt: null,
      date: null,
      isRejected: false,
      isApproved: false,
      heldUntil: null,
      isProtected: false,
    }));
  }

  byEmail(email: string): Person | undefined {
    return this.people.find(({ name }) => emailOf(name) === emailKey(email));
  }

  /** Asked in the very moment in which the vendor is told to delete. */
  assertMayDelete(world: LifecycleWorld, providerUserId: string): void {
    const agent = world.vendor.agents.get(providerUserId);
    const person = agent === undefined ? undefined : this.byEmail(agent.email);
    const wrong =
      person === undefined ? 'nobody is there any more' : this.whyNot(world, person, providerUserId);
    if (wrong !== null) this.problems.push(`${person?.name ?? providerUserId} was deleted although ${wrong}`);
    this.deletions += 1;
  }

  private whyNot(world: LifecycleWorld, person: Person, agent: string): string | null {
    const now = world.now();
    const dueAt = dueOf(person);
    if (isWanted(person)) return 'they are wanted';
    if (dueAt === null) return 'nobody knows them as a leaver';
    if (dueAt === 'never') return 'it was cancelled';
    if (now < dueAt) return `it is ${String(Math.round((dueAt - now) / 1000))} s too early`;
    if (person.isRejected) return 'it was rejected';
    if (this.needsApproval && !person.isApproved) return 'nobody approved it';
    if (person.heldUntil !== null && person.heldUntil > now) return 'a legal hold stands';
    if (person.isProtected) return 'they are protected';
    if (this.isPaused || this.policy !== 'sync') return 'the account is not to be written to';
    if (world.vendor.inCall.has(agent)) return 'they are in a call';
    if ((this.deleted.get(agent) ?? 0) > 0) return 'that had been done';
    return null;
  }

  /** Right after the vendor deleted: what had to be there before must be there. */
  async recordDeleted(world: LifecycleWorld, providerUserId: string): Promise<void> {
    this.deleted.set(providerUserId, (this.deleted.get(providerUserId) ?? 0) + 1);
    const rows = await world.query<{ state: string; is_complete: string; hash: string | null }>(
      `select d.state, d.manifest ->> 'isComplete' as is_complete, d.manifest_hash as hash
       from deletions d join links l on l.id = d.link_id where l.provider_user_id = '${providerUserId}'
       and d.state <> 'restored'`,
    );
    const isRight = rows.some(
      (row) => row.state === 'deleting' && row.is_complete === 'true' && row.hash !== null,
    );
    if (!isRight) this.problems.push(`${providerUserId}: no complete manifest before the call`);
    await this.lookAtHandover(world, providerUserId);
  }

  /** Whoever was chosen to take over has what the leaver left without anybody, before the leaver is gone for good. */
  private async lookAtHandover(world: LifecycleWorld, providerUserId: string): Promise<void> {
    const rows = await world.query<{
      agent: string;
      takeovers: readonly { readonly team?: string }[] | null;
      is_seen: boolean;
      is_theirs: boolean;
    }>(
      `select d.successor ->> 'providerUserId' as agent, d.takeovers, d.handover_at is not null as is_seen,
         exists (select 1 from links s where s.provider_user_id = d.successor ->> 'providerUserId'
           and s.state = 'active' and s.ended_at is null) as is_theirs
       from deletions d join links l on l.id = d.link_id
       where l.provider_user_id = '${providerUserId}' and d.state = 'deleting'`,
    );
    for (const { agent, takeovers, is_seen, is_theirs } of rows) {
      if (!is_seen) this.problems.push(`${providerUserId} was deleted although somebody was chosen since`);
      if (takeovers === null) continue;
      if (!is_theirs) this.problems.push(`${providerUserId} was deleted although the successor is no more`);
      const teams = world.vendor.agents.get(agent)?.teams;
      for (const { team } of takeovers) {
        if (teams === undefined || team === undefined || teams.has(team)) continue;
        this.problems.push(`${providerUserId} was deleted although "${team}" was not handed over`);
      }
      this.handovers += 1;
    }
  }

  /** After each turn of work: who is seen to be back starts anew, and the rows must make sense. */
  async look(world: LifecycleWorld): Promise<void> {
    expect(this.problems).toEqual([]);
    const links = await world.query<{
      subject_id: string;
      state: string;
      provider_user_id: string;
      open: string;
    }>(
      `select l.subject_id, l.state, l.provider_user_id, (select count(*) from deletions d
         where d.link_id = l.id and d.state not in ('cancelled', 'restored')) as open
       from links l where l.ended_at is null`,
    );
    for (const { state, open } of links) if (state === 'active') expect(Number(open)).toBe(0);
    const agents = links.map(({ provider_user_id }) => provider_user_id);
    expect(new Set(agents).size).toBe(agents.length);
    for (const person of this.people) {
      const own = links.filter(({ subject_id }) => subject_id === person.userId);
      expect(own.length).toBeLessThanOrEqual(1);
      if (isWanted(person) && own[0]?.state === 'active') forgetLeaving(person);
    }
    for (const [agent, count] of this.deleted) expect([agent, count]).toEqual([agent, 1]);
    const broken =
      await world.query(`select d.state, l.state as link_state from deletions d join links l on l.id = d.link_id
      where d.state <> 'restored'
        and ((d.state in ('deleted', 'verified')) <> (l.state = 'deleted') or (d.state = 'deleting') <> (l.state = 'deleting'))`);
    expect(broken).toEqual([]);
  }
}

export function isWanted({ userId, isActive, isMember }: Person): boolean {
  return userId !== null && isActive && isMember;
}

/** Called whenever the directory or the clocks may have changed. */
export function noteLeaving(person: Person, now: number): void {
  if (isWanted(person) && person.leftAt === null) return;
  person.leftAt = Math.min(person.leftAt ?? now, now);
}

function forgetLeaving(person: Person): void {
  Object.assign(person, { leftAt: null, date: null, isRejected: false, isApproved: false });
}

/** The earliest moment at which their agent may be deleted; null: not at all. */
function dueOf({ leftAt, date }: Person): number | 'never' | null {
  if (date !== null) return date;
  return leftAt === null ? null : leftAt + GRACE_DAYS * DAY_MS;
}
