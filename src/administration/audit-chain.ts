import type { AuditEntry } from '../tenancy/ports.js';

/** What computing the chain anew says about a tenant's audit trail. */
export type ChainVerdict =
  /** `head` (hex) stands for everything before it: kept elsewhere, it shows whether the newest events were cut off. */
  | { readonly type: 'intact'; readonly events: number; readonly head: string }
  | { readonly type: 'broken'; readonly chainNo: number; readonly problem: 'missing' | 'altered' };

export interface ChainCheck {
  readonly checkedAt: Date;
  readonly verdict: ChainVerdict;
}

export interface ChainCheckStore {
  /** The last check; null: there was none yet. */
  last(tenantId: string): Promise<ChainCheck | null>;
  /** Replaces the last check. `audit`: the event that tells of it, if one is due. */
  save(tenantId: string, check: ChainCheck, audit: AuditEntry | null): Promise<void>;
  /** A tenant whose last check is older than `before`, or that never had one; null: none. */
  nextDue(before: Date): Promise<string | null>;
}

export interface AuditChain {
  last(tenantId: string): Promise<ChainCheck | null>;
  /** Computes the whole chain now. Every event is read: seconds for a million of them. */
  check(tenantId: string, actor: string): Promise<ChainCheck>;
  /** Checks the tenant that waited longest, if one has not been checked for a day. */
  checkNext(): Promise<void>;
}

const EVERY_MS = 86_400_000;

export function makeAuditChain(deps: {
  readonly store: ChainCheckStore;
  readonly verify: (tenantId: string) => Promise<ChainVerdict>;
  readonly now: () => Date;
}): AuditChain {
  const { store } = deps;
  const check = async (tenantId: string, actor: string | null): Promise<ChainCheck> => {
    const verdict = await deps.verify(tenantId);
    const found = { checkedAt: deps.now(), verdict };
    await store.save(tenantId, found, auditOf(tenantId, found, actor));
    return found;
  };
  return {
    last: (tenantId) => store.last(tenantId),
    check,
    async checkNext() {
      const tenantId = await store.nextDue(new Date(deps.now().getTime() - EVERY_MS));
      if (tenantId !== null) await check(tenantId, null);
    },
  };
}

/** The daily check is only worth an event when it found something. */
function auditOf(
  tenantId: string,
  { checkedAt, verdict }: ChainCheck,
  actor: string | null,
): AuditEntry | null {
  if (actor === null && verdict.type === 'intact') return null;
  const target = { targetType: 'tenant', targetId: tenantId } as const;
  return { at: checkedAt, actor: actor ?? 'system', action: 'audit.checked', ...target, data: verdict };
}
