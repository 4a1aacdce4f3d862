import { AppError } from '../domain/errors.js';
import type { AuditRecord } from '../reconcile/ports.js';

/** By whose order, why and until when nobody may delete a person's agents and recordings. */
export interface LegalHold {
  readonly id: string;
  readonly personId: string;
  readonly reason: string;
  /** null: until somebody releases it. */
  readonly until: Date | null;
  readonly setBy: string;
  readonly setAt: Date;
}

export interface LegalHoldStore {
  /** Those that stand by both clocks: one whose end has come by one of them only still stands. */
  list(tenantId: string, now: Date): Promise<readonly LegalHold[]>;
  find(tenantId: string, personId: string, now: Date): Promise<LegalHold | null>;
  /** One on the person, or on another entry of the directory under which they had the same agents. */
  findOnAgents(tenantId: string, personId: string, now: Date): Promise<LegalHold | null>;
  /** null: the directory never held such a person. */
  personName(tenantId: string, personId: string): Promise<string | null>;
  /** Replaces the person's hold. `hasBegun`: a deletion was under way already and is not stopped by it. */
  set(tenantId: string, hold: LegalHold, audit: AuditRecord): Promise<{ readonly hasBegun: boolean }>;
  /** False: there was none. */
  release(
    tenantId: string,
    personId: string,
    by: { readonly by: string; readonly at: Date },
    audit: AuditRecord,
  ): Promise<boolean>;
}

export interface LegalHolds {
  list(tenantId: string): Promise<readonly LegalHold[]>;
  find(tenantId: string, personId: string): Promise<LegalHold | null>;
  /**
   * Sets a hold, or gives the one that stands another reason or end. Deletions of the person that have not begun
   * wait from this moment. @throws AppError `invalid`, `notFound`, `conflict` when a deletion has begun already
   */
  set(input: {
    readonly tenantId: string;
    readonly personId: string;
    readonly reason: string;
    readonly until: Date | null;
    readonly actor: string;
  }): Promise<LegalHold>;
  /** @throws AppError `notFound` where none stands */
  release(input: {
    readonly tenantId: string;
    readonly personId: string;
    readonly actor: string;
  }): Promise<void>;
}

const REASON_MAX_CHARS = 500;

export function makeLegalHolds(deps: {
  readonly store: LegalHoldStore;
  readonly newId: () => string;
  readonly now: () => Date;
}): LegalHolds {
  const { store, newId, now } = deps;
  return {
    list: (tenantId) => store.list(tenantId, now()),
    find: (tenantId, personId) => store.find(tenantId, personId, now()),
    async set({ tenantId, personId, reason, until, actor }) {
      const name = await nameOf(store, tenantId, personId);
      const words = checkReason(reason);
      if (until !== null && until <= now()) {
        throw new AppError('invalid', 'The end of a legal hold must lie in the future. Nothing was changed.');
      }
      const before = await store.find(tenantId, personId, now());
      const hold = { id: newId(), personId, reason: words, until, setBy: actor, setAt: now() };
      const action = before === null ? 'legal-hold.set' : 'legal-hold.changed';
      const data = { name, reason: words, until, before: before && { ...before } };
      const { hasBegun } = await store.set(tenantId, hold, auditOf(action, personId, actor, data));
      if (!hasBegun) return hold;
      throw new AppError(
        'conflict',
        `The legal hold stands, but a permanent deletion of ${name} had begun in that moment and cannot be stopped. Its manifest and recordings are kept: see the list of leavers.`,
      );
    },
    async release({ tenantId, personId, actor }) {
      const name = await nameOf(store, tenantId, personId);
      const audit = auditOf('legal-hold.released', personId, actor, { name });
      if (await store.release(tenantId, personId, { by: actor, at: now() }, audit)) return;
      throw new AppError('notFound', `No legal hold stands for ${name}. Nothing was changed.`);
    },
  };
}

/** What a person reads about it. */
export function describeHold({ reason, until, setBy }: LegalHold): string {
  const end = until === null ? 'without an end' : `until ${until.toISOString().slice(0, 10)}`;
  return `Legal hold ${end}, set by ${setBy}: ${reason}`;
}

async function nameOf(store: LegalHoldStore, tenantId: string, personId: string): Promise<string> {
  const name = await store.personName(tenantId, personId);
  if (name !== null) return name;
  throw new AppError('notFound', 'The directory holds no such person. Nothing was changed.');
}

function checkReason(reason: string): string {
  const words = reason.trim();
  if (words !== '' && words.length <= REASON_MAX_CHARS) return words;
  throw new AppError(
    'invalid',
    `Give the reason of the legal hold in 1 to ${String(REASON_MAX_CHARS)} characters. Nothing was changed.`,
  );
}

function auditOf(
  action: string,
  personId: string,
  actor: string,
  data: Record<string, unknown>,
): AuditRecord {
  return { actor, action, targetType: 'subject', targetId: personId, correlationId: null, data };
}
