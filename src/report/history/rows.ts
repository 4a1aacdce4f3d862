import type { Entitlement } from '../../domain/entitlement.js';
import { csvFile, type CsvCell } from '../../lib/csv.js';
import type { Holding } from './entitlements.js';
import { slaMs, tookMs, type Journey, type JourneyKind, type Sla } from './journeys.js';

export interface NamedPerson {
  readonly id: string;
  readonly name: string;
  readonly userName: string;
}

export interface HoldingRow {
  readonly person: string;
  readonly userName: string;
  readonly personId: string;
  readonly account: string;
  readonly agent: string | null;
  readonly email: string;
  readonly state: 'active' | 'parked';
  readonly type: Entitlement['type'] | 'agent';
  readonly entitlement: string;
  readonly since: string;
  readonly reason: string;
  /** The rules that wanted it and why each matched. */
  readonly rules: string;
  readonly trigger: string | null;
  readonly pushedBy: string | null;
  readonly push: string | null;
  readonly pushedAt: string | null;
  readonly planId: string | null;
}

export interface JourneyRow {
  readonly kind: JourneyKind;
  readonly person: string;
  readonly userName: string;
  readonly personId: string;
  readonly account: string;
  readonly pushedAt: string;
  readonly doneAt: string;
  readonly tookSeconds: number;
  readonly targetSeconds: number;
  readonly isInTime: boolean;
  readonly changes: number;
}

export type People = ReadonlyMap<string, Omit<NamedPerson, 'id'>>;
type Naming = (
  subjectId: string,
  accountId: string,
) => Pick<HoldingRow, 'person' | 'userName' | 'personId' | 'account'>;

export function byId(people: readonly NamedPerson[]): People {
  return new Map(people.map((person) => [person.id, person]));
}

export function naming(people: People, accounts: ReadonlyMap<string, string>): Naming {
  return (subjectId, accountId) => ({
    person: people.get(subjectId)?.name ?? '',
    userName: people.get(subjectId)?.userName ?? '',
    personId: subjectId,
    account: accounts.get(accountId) ?? accountId,
  });
}

export function holdingRow(
  { subjectId, accountId, providerUserId, email, state, entitlement, since, cause }: Holding,
  named: Naming,
): HoldingRow {
  return {
    ...named(subjectId, accountId),
    agent: providerUserId,
    email,
    state,
    type: entitlement?.type ?? ('agent' as const),
    entitlement: describe(entitlement),
    since: new Date(since).toISOString(),
    reason: cause.reason,
    rules: cause.rules.map(({ ruleId, because }) => `${ruleId}: ${because}`).join('; '),
    trigger: cause.trigger,
    pushedBy: cause.push?.actor ?? null,
    push: cause.push?.action ?? null,
    pushedAt: cause.push === null ? null : new Date(cause.push.at).toISOString(),
    planId: cause.planId,
  };
}

export function journeyRow(journey: Journey, sla: Sla, named: Naming): JourneyRow {
  return {
    kind: journey.kind,
    ...named(journey.subjectId, journey.accountId),
    pushedAt: new Date(journey.askedAt).toISOString(),
    doneAt: new Date(journey.doneAt).toISOString(),
    tookSeconds: tookMs(journey) / 1_000,
    targetSeconds: slaMs(sla, journey.kind) / 1_000,
    isInTime: tookMs(journey) <= slaMs(sla, journey.kind),
    changes: journey.changes,
  };
}

function describe(entitlement: Entitlement | null): string {
  switch (entitlement?.type) {
    case undefined:
      return 'agent without role, team or number';
    case 'role':
      return entitlement.role;
    case 'owner':
      return 'owner';
    case 'team':
      return entitlement.team;
    case 'number':
      return `${entitlement.number} (${entitlement.kind})`;
  }
}

const HOLDING_COLUMNS = [
  'person', 'userName', 'personId', 'account', 'agent', 'email', 'state', 'type', 'entitlement', 'since', 'reason', 'rules',
  'trigger', 'pushedBy', 'push', 'pushedAt', 'planId',
] as const satisfies readonly (keyof HoldingRow)[]; // prettier-ignore
const JOURNEY_COLUMNS = [
  'kind', 'person', 'userName', 'personId', 'account', 'pushedAt', 'doneAt', 'tookSeconds', 'targetSeconds', 'isInTime', 'changes',
] as const satisfies readonly (keyof JourneyRow)[]; // prettier-ignore

export function holdingsCsv(rows: readonly HoldingRow[]): string {
  return csvFile(
    HOLDING_COLUMNS,
    rows.map((row) => HOLDING_COLUMNS.map((column): CsvCell => row[column])),
  );
}

export function journeysCsv(rows: readonly JourneyRow[]): string {
  return csvFile(
    JOURNEY_COLUMNS,
    rows.map((row) => JOURNEY_COLUMNS.map((column): CsvCell => row[column])),
  );
}
