import { AppError } from '../../domain/errors.js';
import { entitlementsAt, type Holding } from './entitlements.js';
import type { HistoryEvent } from './events.js';
import { journeysOf, type Sla } from './journeys.js';
import {
  byId,
  holdingRow,
  journeyRow,
  naming,
  type HoldingRow,
  type JourneyRow,
  type NamedPerson,
} from './rows.js';

/** One page of a list. `next` continues after it; null: that was all. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

export interface HolderQuery {
  /** Cursor of the page before; null begins at the start. */
  readonly after: string | null;
  readonly limit: number;
  /** Words of which each must be part of a name or an address, whatever the case. Empty: everybody. */
  readonly search: string;
}

export interface AuditorDeps {
  /** Of everything up to and including `until`, in the order in which it was written; of `people` alone where named. */
  readonly events: (
    tenantId: string,
    until: Date,
    people?: readonly string[],
  ) => Promise<readonly HistoryEvent[]>;
  /** By id; those who were deleted from the directory as well. Of everybody unless some are named. */
  readonly people: (
    tenantId: string,
    people?: readonly string[],
  ) => Promise<ReadonlyMap<string, Omit<NamedPerson, 'id'>>>;
  /** Whoever has or had an agent somewhere, by name. */
  readonly holders: (tenantId: string, query: HolderQuery) => Promise<Page<NamedPerson>>;
  /** Whoever was changed in a phone system between two moments. */
  readonly changed: (
    tenantId: string,
    period: { readonly from: Date; readonly to: Date },
  ) => Promise<readonly string[]>;
  readonly accounts: (tenantId: string) => Promise<ReadonlyMap<string, string>>;
  readonly now: () => Date;
}

/** Answers for auditors, from the audit trail. */
export interface Auditor {
  /** Who held what at a past moment, and why. Throws AppError `invalid` for a moment to come. */
  entitlementsAt(tenantId: string, at: Date, search?: string): Promise<readonly HoldingRow[]>;
  /** The same for one page of people, by name: as fast as they are few. */
  entitlementsPage(tenantId: string, at: Date, query: HolderQuery): Promise<Page<HoldingRow>>;
  /** How long each joiner, mover and leaver of a period took. Throws AppError `invalid` when it ends before it begins. */
  journeys(tenantId: string, period: JourneyPeriod): Promise<readonly JourneyRow[]>;
}

export interface JourneyPeriod {
  readonly from: Date;
  readonly to: Date;
  readonly sla: Sla;
  /** As in HolderQuery. */
  readonly search?: string;
}

const PEOPLE_AT_ONCE = 1_000;

export function makeAuditor(deps: AuditorDeps): Auditor {
  const entitlementsPage: Auditor['entitlementsPage'] = async (tenantId, at, query) => {
    assertPast(deps, at);
    const page = await deps.holders(tenantId, query);
    const ids = page.rows.map(({ id }) => id);
    const named = naming(byId(page.rows), await deps.accounts(tenantId));
    const held = entitlementsAt(await deps.events(tenantId, at, ids), at.getTime());
    const place = new Map(ids.map((id, index) => [id, index]));
    const placeOf = ({ subjectId }: Holding): number => place.get(subjectId) ?? ids.length;
    const rows = held.toSorted((a, b) => placeOf(a) - placeOf(b)).map((one) => holdingRow(one, named));
    return { rows, next: page.next };
  };
  return {
    entitlementsPage,
    async entitlementsAt(tenantId, at, search = '') {
      assertPast(deps, at);
      if (search === '') {
        const named = naming(await deps.people(tenantId), await deps.accounts(tenantId));
        const held = entitlementsAt(await deps.events(tenantId, at), at.getTime());
        return held.map((one) => holdingRow(one, named));
      }
      return everyPage((after) => entitlementsPage(tenantId, at, { search, after, limit: PEOPLE_AT_ONCE }));
    },
    async journeys(tenantId, { from, to, sla, search = '' }) {
      if (from >= to) throw new AppError('invalid', 'The period ends before it begins.');
      const subjects = await subjectsOf(deps, tenantId, { from, to, search });
      if (subjects.length === 0) return [];
      const named = naming(await deps.people(tenantId, subjects), await deps.accounts(tenantId));
      return journeysOf(await deps.events(tenantId, to, subjects))
        .filter(({ doneAt }) => doneAt >= from.getTime() && doneAt <= to.getTime())
        .map((journey) => journeyRow(journey, sla, named));
    },
  };
}

function assertPast({ now }: AuditorDeps, at: Date): void {
  if (at <= now()) return;
  throw new AppError('invalid', 'The moment lies in the future. Choose one that has passed.');
}

/** Nobody else can have a journey that ended in the period. */
async function subjectsOf(
  deps: AuditorDeps,
  tenantId: string,
  { search, ...period }: { readonly from: Date; readonly to: Date; readonly search: string },
): Promise<readonly string[]> {
  const changed = await deps.changed(tenantId, period);
  if (search === '') return changed;
  const found = await everyPage((after) => deps.holders(tenantId, { search, after, limit: PEOPLE_AT_ONCE }));
  const wanted = new Set(found.map(({ id }) => id));
  return changed.filter((id) => wanted.has(id));
}

async function everyPage<Row>(read: (after: string | null) => Promise<Page<Row>>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let after: string | null = null;
  do {
    const page: Page<Row> = await read(after);
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null);
  return rows;
}
