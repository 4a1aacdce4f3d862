import { AppError } from '../../domain/errors.js';
import type { Entitlement } from '../../domain/entitlement.js';
import { csvFile, type CsvCell } from '../../lib/csv.js';
import { entitlementsAt } from './entitlements.js';
import type { HistoryEvent } from './events.js';
import { journeysOf, slaMs, tookMs, type JourneyKind, type Sla } from './journeys.js';

export interface AuditorDeps {
  /** Of everything up to and including `until`, in the order in which it was written. */
  readonly events: (tenantId: string, until: Date) => Promise<readonly HistoryEvent[]>;
  /** By id; those who were deleted from the directory as well. */
  readonly people: (
    tenantId: string,
  ) => Promise<ReadonlyMap<string, { readonly name: string; readonly userName: string }>>;
  readonly accounts: (tenantId: string) => Promise<ReadonlyMap<string, string>>;
  readonly now: () => Date;
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

/** Answers for auditors, from the audit trail. */
export interface Auditor {
  /** Who held what at a past moment, and why. Throws AppError `invalid` for a moment to come. */
  entitlementsAt(tenantId: string, at: Date): Promise<readonly HoldingRow[]>;
  /** How long each joiner, mover and leaver of a period took. Throws AppError `invalid` when it ends before it begins. */
  journeys(
    tenantId: string,
    period: { readonly from: Date; readonly to: Date; readonly sla: Sla },
  ): Promise<readonly JourneyRow[]>;
}

export function makeAuditor(deps: AuditorDeps): Auditor {
  const naming = async (tenantId: string) => {
    const [people, accounts] = await Promise.all([deps.people(tenantId), deps.accounts(tenantId)]);
    return (subjectId: string, accountId: string) => ({
      person: people.get(subjectId)?.name ?? '',
      userName: people.get(subjectId)?.userName ?? '',
      personId: subjectId,
      account: accounts.get(accountId) ?? accountId,
    });
  };
  return {
    async entitlementsAt(tenantId, at) {
      if (at > deps.now()) {
        throw new AppError('invalid', 'The moment lies in the future. Choose one that has passed.');
      }
      const named = await naming(tenantId);
      const holdings = entitlementsAt(await deps.events(tenantId, at), at.getTime());
      return holdings.map(
        ({ subjectId, accountId, providerUserId, email, state, entitlement, since, cause }) => ({
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
        }),
      );
    },
    async journeys(tenantId, { from, to, sla }) {
      if (from >= to) throw new AppError('invalid', 'The period ends before it begins.');
      const named = await naming(tenantId);
      const journeys = journeysOf(await deps.events(tenantId, to));
      return journeys
        .filter(({ doneAt }) => doneAt >= from.getTime() && doneAt <= to.getTime())
        .map((journey) => ({
          kind: journey.kind,
          ...named(journey.subjectId, journey.accountId),
          pushedAt: new Date(journey.askedAt).toISOString(),
          doneAt: new Date(journey.doneAt).toISOString(),
          tookSeconds: tookMs(journey) / 1_000,
          targetSeconds: slaMs(sla, journey.kind) / 1_000,
          isInTime: tookMs(journey) <= slaMs(sla, journey.kind),
          changes: journey.changes,
        }));
    },
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
