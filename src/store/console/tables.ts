import type { JSONColumnType } from 'kysely';

/** Tables that only the console and the API need. */
export interface ConsoleTables {
  /** Agents of each account's last reading; filled by a trigger of `account_readings`. */
  account_agents: {
    tenant_id: string;
    account_id: string;
    provider_user_id: string;
    body: JSONColumnType<object, string, string>;
  };
  console_one_time_logins: {
    tenant_id: string;
    hash: Buffer;
    user_id: string;
    expires_at: Date;
  };
}
