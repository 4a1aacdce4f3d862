import type { ColumnType, JSONColumnType } from 'kysely';
import type { NumberAccess, Role } from '../../domain/entitlement.js';
import type { ManualAct, RecordedAgent } from '../../domain/manual-record.js';
import type { Change } from '../../domain/plan.js';

type Json<T extends object> = JSONColumnType<T, string, string>;
type NullableJson<T extends object> = ColumnType<T | null, string | null, string | null>;

export interface ManualListsTable {
  tenant_id: string;
  account_id: string;
  numbers: Json<{ number: string; name: string }[]>;
  complete_as_of: Date | null;
}

export interface ManualAgentsTable {
  tenant_id: string;
  account_id: string;
  id: string;
  email: string;
  email_key: string;
  given_name: string;
  family_name: string;
  role: Role | null;
  status: RecordedAgent['status'];
  numbers: NullableJson<NumberAccess[]>;
  as_of: Date;
  source: RecordedAgent['source'];
}

export interface ManualImportsTable {
  tenant_id: string;
  id: string;
  account_id: string;
  state: 'previewed' | 'applied' | 'discarded';
  file_name: string;
  file_hash: string;
  /** null once decided. */
  content: string | null;
  is_complete: boolean;
  exported_at: Date;
  figures: ColumnType<object, string | undefined, string>;
  created_at: Date;
  created_by: string;
  decided_at: Date | null;
  decided_by: string | null;
}

export interface ChecklistStepsTable {
  tenant_id: string;
  id: string;
  account_id: string;
  task_id: string;
  subject_id: string;
  key: string;
  digest: string;
  action: string;
  change: Json<Change>;
  act: Json<ManualAct>;
  plan_id: string | null;
  change_id: string | null;
  position: number;
  title: string;
  instructions: Json<string[]>;
  link: string | null;
  typed: string | null;
  urgent: boolean;
  state: 'open' | 'confirmed' | 'settled' | 'withdrawn';
  asked_at: Date;
  confirmed_at: Date | null;
  confirmed_by: string | null;
  confirmed_through: 'person' | 'import' | null;
  /** What was known of the person before a person ticked it. */
  record_before: Json<RecordedAgent> | null;
  closed_at: Date | null;
}

export interface ManualTables {
  manual_lists: ManualListsTable;
  manual_agents: ManualAgentsTable;
  manual_imports: ManualImportsTable;
  checklist_steps: ChecklistStepsTable;
}
