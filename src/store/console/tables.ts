/** Tables that only the console needs. */
export interface ConsoleTables {
  console_one_time_logins: {
    tenant_id: string;
    hash: Buffer;
    user_id: string;
    expires_at: Date;
  };
}
