import type { AccountPolicy } from '../../domain/plan.js';

/** A SCIM token as the set-up needs it. */
export interface SetupToken {
  readonly id: string;
  readonly hint: string;
  readonly revokedAt: Date | null;
  /** Of the last request that came with it; null: none yet. */
  readonly lastUsedAt: Date | null;
}

export interface SetupTokens {
  /** The token itself is shown once. Throws AppError `conflict` when as many as allowed are valid. */
  create(input: {
    readonly tenantId: string;
    readonly kind: 'scim';
    readonly name: string;
    readonly expiresAt: null;
    readonly actor: string;
  }): Promise<{ readonly token: string; readonly record: SetupToken }>;
  list(tenantId: string, kind: 'scim'): Promise<readonly SetupToken[]>;
  revoke(input: {
    readonly tenantId: string;
    readonly tokenId: string;
    readonly actor: string;
  }): Promise<void>;
}

export interface ArrivedGroup {
  readonly id: string;
  readonly displayName: string;
  /** null: not known, because it arrived with a test sign-in only. */
  readonly members: number | null;
}

export interface GroupQuery {
  /** Words of the name; empty: all of them. */
  readonly search: string;
  /** `next` of the page before; null: from the start. */
  readonly after: string | null;
}

export interface GroupPage {
  readonly rows: readonly ArrivedGroup[];
  /** null: that was all. */
  readonly next: string | null;
}

/** What has arrived from the identity provider so far. */
export interface SetupDirectory {
  countPeople(tenantId: string): Promise<number>;
  /** By name. */
  groups(tenantId: string, query: GroupQuery & { readonly limit: number }): Promise<GroupPage>;
}

export interface SetupRules {
  /** Whether somebody has saved rules already: a set-up never writes over them. */
  exist(tenantId: string): Promise<boolean>;
  /** Throws AppError `invalid` for a text that could not be saved. */
  check(tenantId: string, text: string): Promise<unknown>;
  /** Throws AppError `invalid`. */
  save(input: {
    readonly tenantId: string;
    readonly text: string;
    readonly note: string;
    readonly actor: string;
  }): Promise<unknown>;
}

export interface SetupAccount {
  readonly name: string;
  readonly provider: string;
  readonly policy: AccountPolicy;
}

export interface SetupAccounts {
  list(tenantId: string): Promise<readonly SetupAccount[]>;
  setPolicy(tenantId: string, name: string, policy: AccountPolicy, actor: string): Promise<void>;
}
