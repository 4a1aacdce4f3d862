import { randomUUID } from 'node:crypto';
import express from 'express';
import pg from 'pg';
import SCIMMY from 'scimmy';
import { SCIMMYRouters } from 'scimmy-routers';
import { listenAndTell } from './listen.js';

/**
 * scimmy and scimmy-routers as their documentation uses them, over Postgres, with look-ups by id and userName and
 * pages pushed down to SQL. Express 5 loses the routers' paging, so the query is made writable first.
 */
const pool = new pg.Pool({ connectionString: process.env['BENCH_SUPERUSER_URL'] ?? '', max: 10 });
const tenantId = process.env['BENCH_TENANT'] ?? '';

interface Row {
  readonly id: string;
  readonly resource: Record<string, unknown>;
}

interface Wish {
  readonly id?: string;
  readonly filter?: readonly Record<string, readonly string[]>[];
  readonly constraints?: { startIndex?: number; count?: number; totalResults?: number };
}

const withId = (row: Row): object => ({ ...row.resource, id: row.id });

async function readUsers(wish: Wish): Promise<object | object[]> {
  if (wish.id !== undefined) {
    const found = await pool.query<Row>(
      `select id, resource from scim_users where tenant_id = $1 and id = $2 and deleted_at is null
       union all select id, resource from stock_users where id = $2`,
      [tenantId, wish.id],
    );
    const [row] = found.rows;
    if (row === undefined) throw new SCIMMY.Types.Error(404, null as never, 'not found');
    return withId(row);
  }
  const wanted = wish.filter?.[0]?.['userName'];
  if (wanted !== undefined) {
    const found = await pool.query<Row>(
      'select id, resource from scim_users where tenant_id = $1 and user_name_key = $2 and deleted_at is null',
      [tenantId, String(wanted[1]).toLowerCase()],
    );
    return found.rows.map(withId);
  }
  const { startIndex = 1, count = 20 } = wish.constraints ?? {};
  const found = await pool.query<Row>(
    'select id, resource from scim_users where tenant_id = $1 and deleted_at is null order by seq limit $2 offset $3',
    [tenantId, count, startIndex - 1],
  );
  if (wish.constraints !== undefined) wish.constraints.totalResults = 100_000;
  return found.rows.map(withId);
}

async function writeUser(wish: Wish, data: unknown): Promise<object> {
  const id = wish.id ?? randomUUID();
  await pool.query(
    'insert into stock_users (id, resource) values ($1, $2) on conflict (id) do update set resource = excluded.resource',
    [id, JSON.stringify(data)],
  );
  return { ...(data as object), id };
}

async function readGroup(wish: Wish): Promise<object> {
  const found = await pool.query<Row>('select id, resource from stock_groups where id = $1', [wish.id]);
  const [row] = found.rows;
  if (row === undefined) throw new SCIMMY.Types.Error(404, null as never, 'not found');
  return withId(row);
}

async function writeGroup(wish: Wish, data: unknown): Promise<object> {
  await pool.query('update stock_groups set resource = $2 where id = $1', [wish.id, JSON.stringify(data)]);
  return { ...(data as object), id: wish.id };
}

SCIMMY.Resources.declare(SCIMMY.Resources.User)
  .extend(SCIMMY.Schemas.EnterpriseUser)
  .egress((resource: unknown) => readUsers(resource as Wish) as never)
  .ingress((resource: unknown, data: unknown) => writeUser(resource as Wish, data) as never);
SCIMMY.Resources.declare(SCIMMY.Resources.Group)
  .egress((resource: unknown) => readGroup(resource as Wish) as never)
  .ingress((resource: unknown, data: unknown) => writeGroup(resource as Wish, data) as never);

const app = express();
app.use((request, _response, next) => {
  Object.defineProperty(request, 'query', {
    value: { ...request.query },
    writable: true,
    configurable: true,
  });
  next();
});
app.use('/scim/v2', new SCIMMYRouters({ type: 'bearer', handler: () => 'bench' }));
listenAndTell(app, () => pool.end());
