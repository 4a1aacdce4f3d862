import { ACCESS_LISTS, type AccessList, type JournalEntry, type MemberRecord } from '../records.js';
import type { World } from '../world.js';

/** A number with the addresses of those who are at it. */
export interface NumberView extends Readonly<Record<AccessList, readonly string[]>> {
  readonly number: string;
  readonly name: string;
}

/** The whole organisation as a person sees it; a copy that no longer changes. */
export interface DashboardView {
  /** Sandbox time in milliseconds. */
  readonly now: number;
  readonly organisation: string | null;
  readonly members: readonly Readonly<MemberRecord>[];
  readonly numbers: readonly NumberView[];
  readonly journal: readonly JournalEntry[];
}

export function dashboardView({ state, clock }: World): DashboardView {
  const emails = new Map(state.members.rows().map(({ id, email }) => [id, email]));
  const named = (ids: readonly number[]): readonly string[] => ids.map((id) => emails.get(id) ?? '');
  return structuredClone({
    now: clock.now(),
    organisation: state.organisation,
    members: state.members.rows(),
    numbers: state.numbers.rows().map((record) => ({
      number: record.number,
      name: record.name,
      ...(Object.fromEntries(ACCESS_LISTS.map((list) => [list, named(record[list])])) as Record<
        AccessList,
        readonly string[]
      >),
    })),
    journal: state.journal,
  });
}
