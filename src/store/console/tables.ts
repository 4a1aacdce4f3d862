import type { GeneratedAlways, JSONColumnType } from 'kysely';

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
  audit_checks: {
    tenant_id: string;
    checked_at: Date;
    verdict: JSONColumnType<object, string, string>;
  };
  /** A ring per tenant of what identity providers sent lately. */
  scim_requests: {
    tenant_id: string;
    /** int8: arrives as text from the driver. */
    id: GeneratedAlways<string>;
    at: Date;
    actor: string;
    method: string;
    path: string;
    query: string;
    status: number;
    duration_ms: number;
    failed: GeneratedAlways<boolean>;
    request_body: string | null;
    request_bytes: number;
    response_body: string | null;
    response_bytes: number;
    user_agent: string;
    correlation_id: string | null;
  };
}
