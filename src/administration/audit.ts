import type { Page, PageRequest } from './page.js';

export interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  /** Of a person of the directory; null for everything else. */
  readonly targetName: string | null;
  readonly correlationId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  /** Position in the hash chain; null until the sealer has reached the event. */
  readonly chainNo: string | null;
}

export interface AuditFilter {
  readonly actor: string | null;
  readonly action: string | null;
  readonly target: { readonly type: string; readonly id: string } | null;
  readonly from: Date | null;
  readonly until: Date | null;
}

export interface AuditView {
  /** Newest first. */
  list(tenantId: string, query: AuditFilter & PageRequest): Promise<Page<AuditRow>>;
  /** Actions that occur, for a choice. */
  actions(tenantId: string): Promise<readonly string[]>;
}
