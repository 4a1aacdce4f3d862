import { emailKey } from '../domain/email.js';
import { byEmail, type ManualRecord, type RecordedAgent } from '../domain/manual-record.js';
import { combinedName } from '../domain/person-name.js';
import type { ExportedPerson } from '../providers/manual.js';
import { newMemberId } from './confirm.js';

export interface ExportedList {
  readonly people: readonly ExportedPerson[];
  /** Whether it names everybody: only then does absence say anything. */
  readonly isComplete: boolean;
  /** Milliseconds since the epoch. */
  readonly exportedAt: number;
}

/** What a list does to the record. Every list of people is sorted by address. */
export interface Merge {
  readonly agents: readonly RecordedAgent[];
  readonly added: readonly RecordedAgent[];
  readonly changed: readonly { readonly before: RecordedAgent; readonly after: RecordedAgent }[];
  /** Not in a list that names everybody. */
  readonly removed: readonly RecordedAgent[];
  /** Confirmed by a person after the export was made: what the list says of them is old. */
  readonly kept: readonly RecordedAgent[];
  readonly unchanged: number;
}

/**
 * The record after a list. What the list does not say stays as it was known, a person whom somebody confirmed later
 * is left alone, and nobody goes for being absent from a list that does not claim to be complete.
 */
export function mergeList(record: ManualRecord, list: ExportedList): Merge {
  const byKey = new Map(record.agents.map((agent) => [emailKey(agent.email), agent]));
  const next = new Map(record.agents.map((agent) => [agent.id, agent]));
  const [added, changed, kept]: [
    RecordedAgent[],
    { before: RecordedAgent; after: RecordedAgent }[],
    RecordedAgent[],
  ] = [[], [], []];
  const seen = new Set<string>();
  for (const person of list.people) {
    const before = byKey.get(emailKey(person.email));
    if (before !== undefined) seen.add(before.id);
    if (before !== undefined && before.asOf > list.exportedAt && before.source === 'person') {
      kept.push(before);
      continue;
    }
    const after = agentFrom(person, before, list, [...next.values()]);
    next.set(after.id, after);
    if (before === undefined) added.push(after);
    else if (!isSame(before, after)) changed.push({ before, after });
  }
  const absent = record.agents.filter(({ id }) => list.isComplete && !seen.has(id));
  const removed = absent.filter(({ asOf }) => asOf <= list.exportedAt);
  kept.push(...absent.filter(({ asOf }) => asOf > list.exportedAt));
  for (const { id } of removed) next.delete(id);
  return {
    agents: [...next.values()].toSorted(byEmail),
    added: added.toSorted(byEmail),
    changed: changed.toSorted((a, b) => byEmail(a.after, b.after)),
    removed: removed.toSorted(byEmail),
    kept: kept.toSorted(byEmail),
    unchanged: seen.size - changed.length - kept.filter(({ id }) => seen.has(id)).length,
  };
}

function agentFrom(
  person: ExportedPerson,
  before: RecordedAgent | undefined,
  { exportedAt }: ExportedList,
  agents: readonly RecordedAgent[],
): RecordedAgent {
  const hasName = combinedName(person) !== '';
  return {
    id: before?.id ?? newMemberId(person.email, agents),
    email: person.email,
    givenName: hasName ? person.givenName : (before?.givenName ?? ''),
    familyName: hasName ? person.familyName : (before?.familyName ?? ''),
    role: person.role === undefined ? (before?.role ?? null) : person.role,
    status: person.status === 'unknown' ? (before?.status ?? 'unknown') : person.status,
    numbers: person.numbers ?? before?.numbers ?? null,
    asOf: exportedAt,
    source: 'import',
  };
}

/** As far as anybody would call it a change. */
function isSame(a: RecordedAgent, b: RecordedAgent): boolean {
  return changedFields(a, b).length === 0;
}

/** What differs, in words. */
export function changedFields(a: RecordedAgent, b: RecordedAgent): readonly string[] {
  return [
    ...(a.email === b.email ? [] : ['e-mail']),
    ...(combinedName(a) === combinedName(b) ? [] : ['name']),
    ...(a.role === b.role ? [] : ['role']),
    ...(a.status === b.status ? [] : ['invitation']),
    ...(JSON.stringify(a.numbers) === JSON.stringify(b.numbers) ? [] : ['numbers']),
  ];
}
