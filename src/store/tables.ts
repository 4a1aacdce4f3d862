import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { DirectoryTables } from './directory/tables.js';
import type { ConsoleTables } from './console/tables.js';
import type { SsoTables } from './sso/tables.js';
import type { RetentionTables } from './retention/tables.js';
import type { OAuthTables } from './oauth/tables.js';
import type { MailTables } from './mail/tables.js';
import type { ManualTables } from './manual/tables.js';

type Json<T extends object> = JSONColumnType<T, string, string>;
type NullableJson<T extends object> = ColumnType<T | null, string | null, string | null>;

export interface TenantsTable {
  id: string;
  slug: string;
  name: string;
  settings: ColumnType<Record<string, unknown>, string | undefined, string>;
  created_at: Date;
}

export interface ApiTokensTable {
  tenant_id: string;
  id: string;
  kind: 'scim' | 'admin';
  name: string;
  hash: Buffer;
  hint: string;
  scopes: string[];
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

export interface AccountsTable {
  tenant_id: string;
  id: string;
  name: string;
  provider: string;
  config: Json<Record<string, unknown>>;
  secrets: string;
  /** Credential of the archive's bucket, encrypted; null: none. */
  archive_secrets: ColumnType<string | null, string | null | undefined, string | null>;
  policy: 'report-only' | 'upsert-only' | 'sync';
  settings: Json<Record<string, unknown>>;
  state: Generated<'active' | 'paused'>;
  paused_reason: string | null;
  paused_at: Date | null;
  /** When people were told of the pause that stands, and of the held plans. */
  pause_told_at: Date | null;
  holds_told_at: Date | null;
  first_plan_done: Generated<boolean>;
  applied_rule_set_version: number | null;
  applied_active_users: number | null;
  lease_holder: string | null;
  lease_until: Date | null;
  /** The vendor is ill or pauses us: no work before this moment. */
  rest_until: Date | null;
  /** A whole-account reconciliation is asked for; null when none is. */
  reconcile_due_at: Date | null;
  reconcile_trigger: string | null;
  reconciled_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface AccountPaceTable {
  tenant_id: string;
  account_id: string;
  tokens: number;
  refilled_at: Date;
  blocked_until: Date | null;
  limit_per_minute: number | null;
  slowdown: Generated<number>;
}

export interface RuleSetsTable {
  tenant_id: string;
  version: number;
  body: Json<object>;
  source: string;
  created_by: string;
  created_at: Date;
  note: string | null;
}

export interface LinksTable {
  tenant_id: string;
  id: string;
  account_id: string;
  subject_id: string;
  provider_user_id: string;
  email: string;
  origin: 'created' | 'adopted';
  state: 'active' | 'parked' | 'deleting' | 'deleted' | 'forgotten';
  last_written: NullableJson<object>;
  held_at_park: NullableJson<object>;
  parked_at: Date | null;
  delete_due_at: Date | null;
  ended_at: Date | null;
  /** The first sign that the person uses the account. */
  accepted_at: Generated<Date | null>;
  /** What rules last said of the time until deletion. */
  grace_days: Generated<number | null>;
  role_suspected_at: Generated<Date | null>;
  created_at: Date;
  updated_at: Date;
}

export interface DirtySubjectsTable {
  tenant_id: string;
  account_id: string;
  subject_id: string;
  /** int8: arrives as text from the driver. */
  generation: ColumnType<string, number | undefined, string | number>;
  urgent: boolean;
  reason: string;
  marked_at: Date;
  attempts: Generated<number>;
  not_before: Date | null;
  held_plan_id: string | null;
  last_error: string | null;
}

export interface AccountReadingsTable {
  tenant_id: string;
  account_id: string;
  read_at: Date;
  body: Json<object>;
}

export type PlanState =
  | 'reported'
  | 'held'
  | 'approved'
  | 'applying'
  | 'awaiting'
  | 'applied'
  | 'failed'
  | 'rejected'
  | 'superseded';

export interface PlansTable {
  tenant_id: string;
  id: string;
  account_id: string;
  trigger: string;
  scope: string;
  digest: string;
  body: Json<object>;
  verdict: Json<object>;
  state: PlanState;
  change_count: number;
  removal_count: number;
  decided_by: string | null;
  decided_at: Date | null;
  created_at: Date;
  finished_at: Date | null;
  /** When people were told by e-mail that it waits for them. */
  told_at: Date | null;
}

export interface PlanApprovalsTable {
  tenant_id: string;
  plan_id: string;
  approver: string;
  digest: string;
  approved_at: Date;
}

export type ChangeState =
  'planned' | 'applying' | 'awaiting' | 'applied' | 'already' | 'failed' | 'stale' | 'abandoned';

export interface ChangesTable {
  tenant_id: string;
  id: string;
  account_id: string;
  plan_id: string;
  position: number;
  subject_id: string;
  key: string;
  action: string;
  body: Json<object>;
  urgent: boolean;
  state: ChangeState;
  error_kind: string | null;
  error_message: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

export type DeletionState =
  'scheduled' | 'held' | 'deleting' | 'deleted' | 'verified' | 'cancelled' | 'restored';

export interface DeletionsTable {
  tenant_id: string;
  id: string;
  account_id: string;
  link_id: string;
  subject_id: string;
  due_at: Date;
  state: DeletionState;
  hold_reason: string | null;
  /** The plan that waits for approval while the deletion is held. */
  plan_id: string | null;
  attempts: Generated<number>;
  not_before: Date | null;
  last_error: string | null;
  manifest: NullableJson<object>;
  manifest_hash: string | null;
  manifest_signature: NullableJson<object>;
  handover: NullableJson<object>;
  /** Who takes the lines over, as somebody decided it. */
  successor: NullableJson<object>;
  /** What plans give the successor, a list of entitlements. */
  takeovers: NullableJson<object>;
  /** The successor's entry in the directory. */
  takeover_subject: string | null;
  handover_at: Date | null;
  /** When, and for which reason, people were told by e-mail that it is held and no plan asks for an approval. */
  told_at: Date | null;
  told_reason: string | null;
  proof: NullableJson<object>;
  certificate: NullableJson<object>;
  certificate_hash: string | null;
  certificate_signature: NullableJson<object>;
  created_at: Date;
  updated_at: Date;
  started_at: Date | null;
  deleted_at: Date | null;
  verified_at: Date | null;
}

export interface WorklistItemsTable {
  tenant_id: string;
  id: string;
  account_id: string;
  subject_id: string | null;
  key: string;
  kind: string;
  title: string;
  steps: ColumnType<string[], string, string>;
  link: string | null;
  urgent: Generated<boolean>;
  state: 'open' | 'done' | 'obsolete';
  due_at: Date | null;
  assignee: string | null;
  comment: string | null;
  created_at: Date;
  closed_at: Date | null;
  closed_by: string | null;
  /** Why it is not needed; null where nobody said so. */
  closed_because: Generated<string | null>;
  /** When somebody was told that the time of an urgent task ran out. */
  escalated_at: Generated<Date | null>;
  /** What is asked for, as planned; null: a refusal to be looked into, or a checklist. */
  task: ColumnType<object | null, string | null | undefined, string | null>;
  /** When people were last reminded of it. */
  reminded_at: Generated<Date | null>;
}

export interface AuditEventsTable {
  tenant_id: string;
  /** int8: arrives as text from the driver. */
  id: Generated<string>;
  at: Date;
  actor: string;
  action: string;
  target_type: string;
  target_id: string;
  correlation_id: string | null;
  data: ColumnType<Record<string, unknown>, string | undefined, never>;
  chain_no: string | null;
  hash: Buffer | null;
}

export interface Database
  extends DirectoryTables, OAuthTables, SsoTables, ConsoleTables, MailTables, ManualTables, RetentionTables {
  tenants: TenantsTable;
  api_tokens: ApiTokensTable;
  accounts: AccountsTable;
  account_pace: AccountPaceTable;
  rule_sets: RuleSetsTable;
  links: LinksTable;
  dirty_subjects: DirtySubjectsTable;
  account_readings: AccountReadingsTable;
  plans: PlansTable;
  plan_approvals: PlanApprovalsTable;
  changes: ChangesTable;
  deletions: DeletionsTable;
  worklist_items: WorklistItemsTable;
  audit_events: AuditEventsTable;
}
