import type { Selectable, Transaction } from 'kysely';
import type { ConsoleRole } from '../../sso/console-role.js';
import type {
  ConsoleUser,
  ConsoleUserStore,
  LoginOutcome,
  LoginRules,
  SignedInPerson,
} from '../../sso/people-ports.js';
import { appendAudit } from '../audit.js';
import type { TenantDatabase } from '../database.js';
import type { Database } from '../tables.js';
import { countOtherOwners, lockRoles } from './role-lock.js';
import type { ConsoleUsersTable } from './tables.js';

/** People of the console in Postgres. */
export function makeConsoleUserStore(database: TenantDatabase): ConsoleUserStore {
  return {
    applyLogin: (person, rules) =>
      database
        .forTenant(person.tenantId)
        .transaction()
        .execute((trx) => applyLogin(trx, person, rules)),
    async list(tenantId) {
      const rows = await database
        .forTenant(tenantId)
        .selectFrom('console_users')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .orderBy('created_at')
        .execute();
      return rows.map(toUser);
    },
  };
}

async function applyLogin(
  trx: Transaction<Database>,
  person: SignedInPerson,
  rules: LoginRules,
): Promise<LoginOutcome> {
  await lockRoles(trx, person.tenantId);
  const known = await findAccount(trx, person);
  const previousRole = known?.role ?? null;
  const decision = rules.decide(
    previousRole,
    await countOtherOwners(trx, person.tenantId, known?.id ?? null),
    known?.pinned_role ?? null,
  );
  const isDenied = decision.kind === 'denied';
  const userId = known?.id ?? (isDenied ? null : rules.newId());
  if (userId !== null && isDenied) await denyAccess(trx, person.tenantId, userId);
  if (userId !== null && !isDenied) await saveAccount(trx, person, userId, decision.role);
  const outcome: LoginOutcome = { userId, decision, previousRole };
  await appendAudit(trx, person.tenantId, rules.describe(outcome));
  return outcome;
}

function findAccount(trx: Transaction<Database>, person: SignedInPerson) {
  return trx
    .selectFrom('console_users')
    .select(['id', 'role', 'pinned_role'])
    .where('tenant_id', '=', person.tenantId)
    .where('connection_id', '=', person.connectionId)
    .where('name_id', '=', person.nameId)
    .where('kind', '=', 'sso')
    .executeTakeFirst();
}

async function denyAccess(trx: Transaction<Database>, tenantId: string, userId: string): Promise<void> {
  await trx
    .updateTable('console_users')
    .set({ role: null })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', userId)
    .execute();
  await trx
    .deleteFrom('console_sessions')
    .where('tenant_id', '=', tenantId)
    .where('user_id', '=', userId)
    .execute();
}

async function saveAccount(
  trx: Transaction<Database>,
  person: SignedInPerson,
  userId: string,
  role: ConsoleRole,
): Promise<void> {
  const facts = {
    email: person.email,
    display_name: person.displayName,
    role,
    last_login_at: person.at,
  };
  await trx
    .insertInto('console_users')
    .values({
      tenant_id: person.tenantId,
      id: userId,
      kind: 'sso',
      connection_id: person.connectionId,
      name_id: person.nameId,
      created_at: person.at,
      ...facts,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet(facts))
    .execute();
}

export function toUser(row: Selectable<ConsoleUsersTable>): ConsoleUser {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    kind: row.kind,
    connectionId: row.connection_id,
    loginName: row.login_name,
    email: row.email,
    displayName: row.display_name,
    role: row.role,
    createdAt: row.created_at,
    lastLoginAt: row.last_login_at,
  };
}
