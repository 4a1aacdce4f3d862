import type { ColumnType, Generated, JSONColumnType } from 'kysely';

export interface LegalHoldsTable {
  tenant_id: string;
  id: string;
  subject_id: string;
  reason: string;
  until: Date | null;
  created_by: string;
  created_at: Date;
  released_by: string | null;
  released_at: Date | null;
}

export interface SigningKeysTable {
  tenant_id: string;
  id: string;
  public_key: string;
  secret: string;
  created_at: Date;
}

export type ArchiveObjectState = 'pending' | 'stored' | 'missing' | 'waived' | 'removed';

export interface ArchiveObjectsTable {
  tenant_id: string;
  deletion_id: string;
  account_id: string;
  call_id: string;
  kind: 'recording' | 'voicemail';
  state: ArchiveObjectState;
  call_at: Date;
  retention_class: string;
  expires_at: Date | null;
  /** The archive in which it lies: two destinations of one account are told apart. */
  place: string | null;
  object_key: string | null;
  /** int8: arrives as text from the driver. */
  bytes: ColumnType<string | null, string | number | null, string | number | null>;
  sha256: string | null;
  attempts: Generated<number>;
  not_before: Date | null;
  last_error: string | null;
  stored_at: Date | null;
  checked_at: Date | null;
  ended_at: Date | null;
  ended_by: string | null;
}

export interface RetentionPurgesTable {
  tenant_id: string;
  id: string;
  account_id: string;
  state: 'announced' | 'done' | 'cancelled';
  objects: JSONColumnType<object[], string, string>;
  object_count: number;
  bytes: ColumnType<string, string | number, string | number>;
  announced_at: Date;
  due_at: Date;
  finished_at: Date | null;
  result: ColumnType<object | null, string | null, string | null>;
}

export interface RetentionTables {
  legal_holds: LegalHoldsTable;
  signing_keys: SigningKeysTable;
  archive_objects: ArchiveObjectsTable;
  retention_purges: RetentionPurgesTable;
}
