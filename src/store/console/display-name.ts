import { sql, type RawBuilder } from 'kysely';

/** The name that lists show for a row of `scim_users`, as the rules' snapshot composes it. */
export function displayName(alias: string): RawBuilder<string> {
  const resource = sql.ref(`${alias}.resource`);
  return sql<string>`coalesce(nullif(${resource} ->> 'displayName', ''), nullif(${resource} #>> '{name,formatted}', ''),
    nullif(btrim(coalesce(${resource} #>> '{name,givenName}', '') || ' ' || coalesce(${resource} #>> '{name,familyName}', '')), ''),
    ${sql.ref(`${alias}.user_name`)})`;
}
