import { sql } from 'kysely';
import type { NameId } from '../../sso/saml/facts.js';
import { AppError } from '../../domain/errors.js';
import type {
  ActivationResult,
  ConsoleSession,
  NewSession,
  SessionActor,
  SessionStore,
} from '../../sso/session-ports.js';
import type { AuditEntry } from '../../tenancy/ports.js';
import type { TenantDatabase } from '../database.js';
import { audited } from './audited.js';
import { IS_LEAVER } from './leaver-sessions.js';
import { isWithinOwnLimits } from './session-limits.js';

/** Console sessions in Postgres, found by the hash of a cookie whose tenant is not known before. */
export function makeSessionStore(database: TenantDatabase): SessionStore {
  return {
    insert: (session) => insertSession(database, session),
    async find(tokenHash, now, seenAfter) {
      const row = await selectValid(database, now)
        .where('console_sessions.token_hash', '=', tokenHash)
        .where('console_sessions.last_seen_at', '>', seenAfter)
        .executeTakeFirst();
      return row === undefined ? null : toSession(row);
    },
    async touch({ tenantId, id }, now) {
      await database
        .forTenant(tenantId)
        .updateTable('console_sessions')
        .set({ last_seen_at: now })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .execute();
    },
    activate: (input) => activateSession(database, input),
    async revoke(tokenHash) {
      const result = await database
        .system()
        .deleteFrom('console_sessions')
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
    revokeAll: (tenantId, audit) => revokeAll(database, tenantId, audit),
    async revokeByNameId(tenantId, connectionId, nameId, sessionIndex) {
      const result = await database
        .forTenant(tenantId)
        .deleteFrom('console_sessions')
        .where('tenant_id', '=', tenantId)
        .where('connection_id', '=', connectionId)
        .where(sql<boolean>`name_id ->> 'value' = ${nameId}`)
        .$if(sessionIndex !== null, (query) => query.where('session_index', '=', sessionIndex))
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
    async removeExpired(now, seenBefore) {
      const result = await database
        .system()
        .deleteFrom('console_sessions')
        .where((eb) => eb.or([eb('expires_at', '<=', now), eb('last_seen_at', '<=', seenBefore)]))
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

async function insertSession(database: TenantDatabase, session: NewSession): Promise<void> {
  await database
    .forTenant(session.tenantId)
    .insertInto('console_sessions')
    .values({
      tenant_id: session.tenantId,
      id: session.id,
      token_hash: session.tokenHash,
      state: session.state,
      user_id: session.userId,
      setup_link_id: session.setupLinkId,
      connection_id: session.connectionId,
      name_id: session.nameId === null ? null : JSON.stringify(session.nameId),
      session_index: session.sessionIndex,
      browser_hash: session.browserHash,
      return_to: session.returnTo,
      created_at: session.createdAt,
      last_seen_at: session.createdAt,
      expires_at: session.expiresAt,
      ends_at: session.endsAt,
    })
    .execute();
}

async function revokeAll(database: TenantDatabase, tenantId: string, audit: AuditEntry): Promise<number> {
  let count = 0;
  await audited(database, tenantId, audit, async (trx) => {
    const result = await trx
      .deleteFrom('console_sessions')
      .where('tenant_id', '=', tenantId)
      .executeTakeFirst();
    count = Number(result.numDeletedRows);
    return true;
  });
  return count;
}

/** A session is only as good as what it stands on: the person, the person's role, the connection, the setup link. */
function selectValid(database: TenantDatabase, now: Date) {
  return database
    .system()
    .selectFrom('console_sessions')
    .innerJoin('tenants', 'tenants.id', 'console_sessions.tenant_id')
    .leftJoin('console_users', (join) =>
      join
        .onRef('console_users.tenant_id', '=', 'console_sessions.tenant_id')
        .onRef('console_users.id', '=', 'console_sessions.user_id'),
    )
    .leftJoin('sso_connections', (join) =>
      join
        .onRef('sso_connections.tenant_id', '=', 'console_sessions.tenant_id')
        .onRef('sso_connections.id', '=', 'console_sessions.connection_id'),
    )
    .leftJoin('setup_links', (join) =>
      join
        .onRef('setup_links.tenant_id', '=', 'console_sessions.tenant_id')
        .onRef('setup_links.id', '=', 'console_sessions.setup_link_id'),
    )
    .selectAll('console_sessions')
    .select([
      'tenants.slug as tenant_slug',
      'console_users.role as role',
      'console_users.kind as user_kind',
      'console_users.display_name as display_name',
      'console_users.email as email',
    ])
    .where('console_sessions.state', '=', 'active')
    .where('console_sessions.expires_at', '>', now)
    .where(isWithinOwnLimits(now))
    .where((eb) =>
      eb.or([
        eb.and([
          eb('console_users.role', 'is not', null),
          eb.not(IS_LEAVER),
          eb.or([
            eb('console_users.kind', '=', 'local'),
            eb('sso_connections.state', 'in', ['active', 'draft']),
          ]),
        ]),
        eb.and([
          eb('setup_links.id', 'is not', null),
          eb('setup_links.revoked_at', 'is', null),
          eb('setup_links.completed_at', 'is', null),
          eb('setup_links.expires_at', '>', now),
        ]),
      ]),
    );
}

type SessionRow = Awaited<ReturnType<ReturnType<typeof selectValid>['executeTakeFirstOrThrow']>>;

function toSession(row: SessionRow): ConsoleSession {
  return {
    tenantId: row.tenant_id,
    tenantSlug: row.tenant_slug,
    id: row.id,
    actor: toActor(row),
    connectionId: row.connection_id,
    nameId: row.name_id as NameId | null,
    sessionIndex: row.session_index,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
  };
}

function toActor(row: SessionRow): SessionActor {
  if (row.setup_link_id !== null) return { kind: 'setup', setupLinkId: row.setup_link_id };
  if (row.user_id === null || row.role === null) throw new AppError('bug', 'A session has nobody behind it.');
  return {
    kind: 'person',
    userId: row.user_id,
    role: row.role,
    displayName: row.display_name ?? '',
    email: row.email,
    isLocal: row.user_kind === 'local',
  };
}

async function activateSession(
  database: TenantDatabase,
  { ticketHash, browserHash, tokenHash, now }: Parameters<SessionStore['activate']>[0],
): Promise<ActivationResult> {
  const db = database.system();
  const activated = await db
    .updateTable('console_sessions')
    .set((eb) => ({
      state: 'active',
      token_hash: tokenHash,
      browser_hash: null,
      last_seen_at: now,
      expires_at: eb.ref('ends_at'),
    }))
    .where('token_hash', '=', ticketHash)
    .where('state', '=', 'pending')
    .where('expires_at', '>', now)
    .where((eb) => eb.or([eb('browser_hash', 'is', null), eb('browser_hash', '=', browserHash)]))
    .returning(['tenant_id', 'return_to'])
    .executeTakeFirst();
  if (activated !== undefined) {
    return { kind: 'activated', tenantId: activated.tenant_id, returnTo: activated.return_to };
  }
  const spent = await db
    .deleteFrom('console_sessions')
    .where('token_hash', '=', ticketHash)
    .where('state', '=', 'pending')
    .where('expires_at', '>', now)
    .returning(['tenant_id', 'connection_id'])
    .executeTakeFirst();
  if (spent === undefined) return { kind: 'unknown' };
  return { kind: 'otherBrowser', tenantId: spent.tenant_id, connectionId: spent.connection_id };
}
