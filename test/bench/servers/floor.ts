import express from 'express';
import pg from 'pg';
import { listenAndTell } from './listen.js';

/**
 * As little as can be done with the same tools: bare Express 5 and pg, one statement for each request, no tenant,
 * token, schema, audit or row-level security. Reads send the same rows as the service; writes touch one row.
 */
const pool = new pg.Pool({ connectionString: process.env['BENCH_SUPERUSER_URL'] ?? '', max: 10 });
const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use(express.json({ type: 'application/scim+json' }));

interface WireRow {
  readonly wire: string;
}

const COLUMNS = 'id, seq, wire, version, created_at, last_modified';

app.get('/users/:tenant/by-id/:id', async (request, response) => {
  const { tenant, id } = request.params;
  const found = await pool.query<WireRow>(
    `select ${COLUMNS} from scim_users where tenant_id = $1 and id = $2 and deleted_at is null`,
    [tenant, id],
  );
  response.type('application/scim+json').send(`${found.rows[0]?.wire ?? '{'}}`);
});

app.get('/users/:tenant/by-name/:name', async (request, response) => {
  const { tenant, name } = request.params;
  const found = await pool.query<WireRow>(
    `select ${COLUMNS} from scim_users where tenant_id = $1 and user_name_key = $2 and deleted_at is null`,
    [tenant, name],
  );
  response
    .type('application/scim+json')
    .send(`{"Resources":[${found.rows.map((row) => `${row.wire}}`).join(',')}]}`);
});

app.get('/users/:tenant/page/:offset', async (request, response) => {
  const { tenant, offset } = request.params;
  const found = await pool.query<WireRow>(
    `select ${COLUMNS} from scim_users where tenant_id = $1 and deleted_at is null order by seq limit 100 offset $2`,
    [tenant, offset],
  );
  response
    .type('application/scim+json')
    .send(`{"Resources":[${found.rows.map((row) => `${row.wire}}`).join(',')}]}`);
});

app.post('/users', async (request, response) => {
  const { id, userName } = request.body as { id: string; userName: string };
  await pool.query('insert into floor_users (id, user_name, active, resource) values ($1, $2, true, $3)', [
    id,
    userName,
    JSON.stringify(request.body),
  ]);
  response.status(201).type('application/scim+json').send(JSON.stringify(request.body));
});

app.patch('/users/:id', async (request, response) => {
  const { active } = request.body as { active: boolean };
  const changed = await pool.query<{ resource: object }>(
    'update floor_users set active = $2 where id = $1 returning resource',
    [request.params.id, active],
  );
  response.type('application/scim+json').send(JSON.stringify(changed.rows[0]?.resource));
});

listenAndTell(app, () => pool.end());
