import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** int8 columns arrive as text from the driver. */
type Int8 = ColumnType<string, number | string | undefined, number | string>;

export interface ScimUsersTable {
  tenant_id: string;
  id: string;
  seq: Generated<string>;
  user_name: string;
  user_name_key: string;
  external_id: string | null;
  active: boolean;
  resource: JSONColumnType<Record<string, unknown>, string, string>;
  wire: string;
  meta: string;
  people_key: string;
  version: Generated<number>;
  change_no: Int8;
  created_at: Date;
  last_modified: Date;
  deleted_at: Date | null;
}

export interface ScimUserEmailsTable {
  tenant_id: string;
  user_id: string;
  value_key: string;
}

export interface ScimGroupsTable {
  tenant_id: string;
  id: string;
  seq: Generated<string>;
  display_name: string;
  display_name_key: string;
  external_id: string | null;
  resource: JSONColumnType<Record<string, unknown>, string, string>;
  wire: string;
  version: Generated<number>;
  change_no: Int8;
  created_at: Date;
  last_modified: Date;
  deleted_at: Date | null;
}

export interface ScimMembershipsTable {
  tenant_id: string;
  group_id: string;
  user_id: string;
  added_at: Date;
}

export interface ScimCountsTable {
  tenant_id: string;
  resource: 'User' | 'Group';
  slot: number;
  total: Int8;
}

export interface JitMembershipsTable {
  tenant_id: string;
  group_id: string;
  user_id: string;
  valid_until: Date;
}

/** Tables of the SCIM directory. */
export interface DirectoryTables {
  scim_users: ScimUsersTable;
  scim_user_emails: ScimUserEmailsTable;
  scim_groups: ScimGroupsTable;
  scim_memberships: ScimMembershipsTable;
  scim_counts: ScimCountsTable;
  jit_memberships: JitMembershipsTable;
}
