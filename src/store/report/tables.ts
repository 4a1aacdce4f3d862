import type { ColumnType, Generated, JSONColumnType, Kysely } from 'kysely';
import type { Db, TenantDatabase } from '../database.js';
import type { Database } from '../tables.js';

type Json = JSONColumnType<object, string, string>;
type NullableJson = ColumnType<object | null, string | null, string | null>;

export interface ComparisonRunsTable {
  tenant_id: string;
  id: string;
  source_type: 'account' | 'seats' | 'idp';
  source_id: string;
  trigger: string;
  state: 'running' | 'complete' | 'incomplete';
  phase: string;
  done: number | null;
  total: number | null;
  reason: string | null;
  figures: ColumnType<object, string | undefined, string>;
  started_at: Date;
  heartbeat_at: Date;
  finished_at: Date | null;
}

export interface FindingsTable {
  tenant_id: string;
  id: string;
  source_type: ComparisonRunsTable['source_type'];
  source_id: string;
  key: string;
  class: string;
  severity: string;
  subject_id: string | null;
  provider_user_id: string | null;
  about: string;
  body: Json;
  first_seen_at: Date;
  opened_at: Date;
  last_seen_at: Date;
  last_run_id: string;
  occurrences: Generated<number>;
  resolved_at: Date | null;
  decision: 'fix' | 'accept' | null;
  decided_by: string | null;
  decided_at: Date | null;
  /** `infinity` arrives as a number: ignored for good. */
  ignored_until: ColumnType<Date | number | null, Date | string | null, Date | string | null>;
  ignore_reason: string | null;
  ignored_by: string | null;
  assignee: string | null;
  due_at: Date | null;
}

export interface FindingPoliciesTable {
  tenant_id: string;
  source_type: ComparisonRunsTable['source_type'];
  source_id: string;
  class: string;
  policy: 'report' | 'fix' | 'adopt' | 'ask';
  updated_at: Date;
  updated_by: string;
}

export interface FindingBaselinesTable {
  tenant_id: string;
  account_id: string;
  body: Json;
  updated_at: Date;
}

export interface AgentUseTable {
  tenant_id: string;
  account_id: string;
  provider_user_id: string;
  last_call_at: Date | null;
  searched_from: Date;
  searched_to: Date;
}

export interface IdpSourcesTable {
  tenant_id: string;
  id: string;
  name: string;
  kind: 'okta' | 'entra' | 'google' | 'ldap' | 'scim';
  config: Json;
  secrets: string;
  settings: Json;
  paused_reason: string | null;
  compared_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface IdpReadingsTable {
  tenant_id: string;
  source_id: string;
  read_at: Date;
  body: Json;
  resume_token: NullableJson;
}

export interface ReportsTable {
  tenant_id: string;
  id: string;
  created_at: Date;
  period_from: Date;
  period_to: Date;
  model: Json;
  is_quiet: boolean;
}

export interface ReportDestinationsTable {
  tenant_id: string;
  id: string;
  name: string;
  kind: 'email' | 'webhook' | 'slack';
  config: Json;
  secrets: string | null;
  cron: string;
  time_zone: string;
  quiet_when_unchanged: boolean;
  is_active: Generated<boolean>;
  created_at: Date;
  updated_at: Date;
}

export interface ReportDeliveriesTable {
  tenant_id: string;
  id: string;
  destination_id: string;
  report_id: string;
  state: 'due' | 'sent' | 'failed';
  attempts: Generated<number>;
  due_at: Date;
  claimed_until: Date | null;
  last_error: string | null;
  created_at: Date;
  sent_at: Date | null;
}

export interface ComparisonRequestsTable {
  tenant_id: string;
  source_type: ComparisonRunsTable['source_type'];
  source_id: string;
  trigger: string;
  due_at: Date;
}

export interface VendorWebhooksTable {
  tenant_id: string;
  account_id: string;
  id: string;
  remote_id: string;
  token_hash: Buffer;
  url: string;
  created_at: Date;
  last_event_at: Date | null;
}

export interface VendorHintsTable {
  tenant_id: string;
  account_id: string;
  kind: 'created' | 'deleted';
  provider_user_id: string;
  email: string | null;
  due_at: Date;
}

export interface ReportTables {
  vendor_webhooks: VendorWebhooksTable;
  vendor_hints: VendorHintsTable;
  comparison_requests: ComparisonRequestsTable;
  comparison_runs: ComparisonRunsTable;
  findings: FindingsTable;
  finding_policies: FindingPoliciesTable;
  finding_baselines: FindingBaselinesTable;
  agent_use: AgentUseTable;
  idp_sources: IdpSourcesTable;
  idp_readings: IdpReadingsTable;
  reports: ReportsTable;
  report_destinations: ReportDestinationsTable;
  report_deliveries: ReportDeliveriesTable;
}

/** The same as a type that `withTables` takes. */
type Plain<T> = { [Name in keyof T]: { [Column in keyof T[Name]]: T[Name][Column] } };

/** Queries that see the tables of comparisons and reports besides all others. */
export type ReportDb = Kysely<Database & Plain<ReportTables>>;

export function reportDb(database: TenantDatabase, tenantId: string): ReportDb {
  return withReportTables(database.forTenant(tenantId));
}

export function withReportTables(db: Db): ReportDb {
  return db.withTables<Plain<ReportTables>>();
}
