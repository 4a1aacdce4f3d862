import type pg from 'pg';

export interface ConsoleData {
  readonly tenantId: string;
  readonly personId: string;
  readonly groupId: string;
  readonly planId: string;
  readonly taskId: string;
  readonly findingId: string;
  /** The link of somebody who is parked. */
  readonly leaverId: string;
}

const TENANT = '00000000-0000-7000-8000-000000000001';
/** An id whose last part is the number; `kind` tells the tables apart. */
const id = (kind: string, number: string) =>
  `('00000000-0000-7000-${kind}-' || lpad((${number})::text, 12, '0'))::uuid`;

/** One tenant in the middle of its life: people, groups, accounts with agents, marks, plans, tasks and an audit trail. */
export async function fillConsole(superuser: pg.Pool, people: number): Promise<ConsoleData> {
  for (const statement of statements(people)) await superuser.query(statement);
  await superuser.query('vacuum analyze');
  const number = String(Math.ceil(people / 2)).padStart(12, '0');
  return {
    tenantId: TENANT,
    personId: `00000000-0000-7000-a000-${number}`,
    groupId: '00000000-0000-7000-b000-000000000005',
    planId: '00000000-0000-7000-8c00-000000000001',
    taskId: '00000000-0000-7000-8d00-000000000001',
    findingId: '00000000-0000-7000-8e00-000000000001',
    leaverId: '00000000-0000-7000-8f00-000001000050',
  };
}

function statements(people: number): readonly string[] {
  const name = `(array['Ada','Björn','Chloé','Dario','Élodie','Farid','Grace','Hélène','Imani','João'])[1 + i % 10] || ' ' || md5(i::text)`;
  return [
    `insert into tenants (id, slug, name, created_at) values ('${TENANT}', 'bench', 'Bench', now())`,
    `insert into accounts (tenant_id, id, name, provider, config, secrets, policy, settings, created_at, updated_at, first_plan_done, reconciled_at)
     select '${TENANT}', ${id('8900', 'i')}, 'account-' || i, 'aircall', '{}', '', 'sync', '{"safety": {"seatCeiling": 60000}}', now(), now(), true, now()
     from generate_series(1, 3) i`,
    `insert into scim_users (tenant_id, id, user_name, user_name_key, external_id, active, people_key, resource, wire, meta, created_at, last_modified)
     select '${TENANT}', ${id('a000', 'i')}, 'user' || i || '@x.example', 'user' || i || '@x.example', 'ext' || i, i % 20 <> 0,
       patchbay_fold(${name} || ' user' || i || '@x.example user' || i || '@x.example'),
       jsonb_build_object('userName', 'user' || i || '@x.example', 'displayName', ${name}, 'title', 'Agent',
         'emails', jsonb_build_array(jsonb_build_object('value', 'user' || i || '@x.example', 'primary', true))),
       repeat('x', 770), repeat('x', 130), now(), now() from generate_series(1, ${String(people)}) i`,
    `insert into scim_counts values ('${TENANT}', 'User', 0, ${String(people)})`,
    `insert into scim_groups (tenant_id, id, display_name, display_name_key, resource, wire, created_at, last_modified)
     select '${TENANT}', ${id('b000', 'i')}, 'Group ' || i, 'group ' || i, '{}', '{', now(), now() from generate_series(1, 300) i`,
    `insert into scim_memberships select '${TENANT}', ${id('b000', '1 + (i * 7 + k * 31) % 300')}, ${id('a000', 'i')}, now()
     from generate_series(1, ${String(people)}) i, generate_series(1, 4) k on conflict do nothing`,
    `insert into rule_sets select '${TENANT}', 1, jsonb_build_object('version', 1, 'defaultRole', 'agent', 'owners', '[]'::jsonb, 'rules',
       (select jsonb_agg(jsonb_build_object('id', 'rule-' || g, 'accounts', '[]'::jsonb,
         'when', jsonb_build_object('type', 'group', 'group', jsonb_build_object('by', 'name', 'name', 'Group ' || g)),
         'grant', jsonb_build_object('role', null, 'teams', jsonb_build_array('Group ' || g), 'numbers', '[]'::jsonb),
         'deny', '{"roles": [], "teams": [], "numbers": [], "account": false}'::jsonb)) from generate_series(1, 300) g)), 'rules: []', 'bench', now(), null`,
    `insert into links (tenant_id, id, account_id, subject_id, provider_user_id, email, origin, state, last_written, parked_at, delete_due_at, created_at, updated_at)
     select '${TENANT}', ${id('8f00', 'a * 1000000 + i')}, ${id('8900', 'a')}, ${id('a000', 'i')}, (1000000 + i)::text, 'user' || i || '@x.example', 'created',
       case when i % 50 = 0 then 'parked' else 'active' end,
       '{"email": "x", "givenName": "a", "familyName": "b", "entitlements": {"role": "agent", "owner": false, "teams": ["Group 1"], "numbers": []}}',
       case when i % 50 = 0 then now() end, case when i % 50 = 0 then now() + (i % 30) * interval '1 day' end, now(), now()
     from generate_series(1, 3) a, generate_series(1, ${String(people)}) i where i <= ${String(people)} / a`,
    `insert into account_readings select '${TENANT}', ${id('8900', 'a')}, now(), jsonb_build_object('agents',
       (select jsonb_agg(jsonb_build_object('providerUserId', (1000000 + i)::text, 'email', 'user' || i || '@x.example', 'name', 'Name', 'status', 'active',
         'role', null, 'owner', null, 'teams', jsonb_build_array('Group ' || i % 300), 'numbers', null)) from generate_series(1, ${String(people)} / a) i))
     from generate_series(1, 3) a`,
    `insert into dirty_subjects (tenant_id, account_id, subject_id, urgent, reason, marked_at)
     select '${TENANT}', ${id('8900', '1')}, ${id('a000', 'i')}, false, 'push', now() from generate_series(1, ${String(people)} / 3) i`,
    `insert into plans (tenant_id, id, account_id, trigger, scope, digest, body, verdict, state, change_count, removal_count, created_at)
     select '${TENANT}', ${id('8c00', 'i')}, ${id('8900', '1 + i % 3')}, 'push', 'subjects', md5(i::text),
       '{"inputs": {"directoryVersion": 1, "ruleSetVersion": 1, "actualReadAt": 1, "policy": "sync"}, "drift": [], "notices": []}',
       '{"type": "allowed"}', 'applied', 3, 1, now() - i * interval '1 minute' from generate_series(1, ${String(people)}) i`,
    `insert into changes (tenant_id, id, account_id, plan_id, position, subject_id, key, action, body, urgent, state, created_at)
     select '${TENANT}', gen_random_uuid(), ${id('8900', '1 + i % 3')}, ${id('8c00', 'i')}, k, ${id('a000', `1 + i % ${String(people)}`)}, 'x' || k, 'grant',
       '{"action": "grant", "key": "x", "subjectId": "x", "email": "x@x", "reason": "r", "because": [], "urgent": false, "providerUserId": "1", "entitlement": {"type": "team", "team": "Group 1"}}',
       false, 'applied', now() - i * interval '1 minute' from generate_series(1, ${String(people)}) i, generate_series(1, 3) k`,
    `insert into worklist_items (tenant_id, id, account_id, subject_id, key, kind, title, steps, state, urgent, created_at)
     select '${TENANT}', ${id('8d00', 'i')}, ${id('8900', '1')}, ${id('a000', 'i')}, 'k' || i, 'grant-number', 'Give user' || i || ' a number', '["a", "b"]',
       'open', i % 10 = 0, now() from generate_series(1, ${String(people)} / 25) i`,
    `insert into scim_requests (tenant_id, at, actor, method, path, query, status, duration_ms, request_body, request_bytes,
       response_body, response_bytes, user_agent)
     select '${TENANT}', now() - i * interval '1 second', 'scim:okta', 'PATCH', '/Users/' || i, '', case when i % 2 = 0 then 200 else 409 end, 5,
       '{"userName": "user' || i || '@x.example"}' || repeat(' ', 3000), 3000, repeat('x', 3000), 3000, 'Okta'
     from generate_series(1, 600) i`,
    `insert into findings (tenant_id, id, source_type, source_id, key, class, severity, subject_id, about, body, first_seen_at, opened_at,
       last_seen_at, last_run_id)
     select '${TENANT}', ${id('8e00', 'i')}, 'account', ${id('8900', '1')}, 'k' || i, 'name', 'warning', ${id('a000', 'i')}, 'user' || i,
       '{"words": {"title": "A name differs", "meaning": "m", "advice": "a"}, "evidence": {"expected": "a", "found": "b", "facts": []}, "fixedBy": []}', now() - i * interval '1 minute', now() - i * interval '1 minute', now(), gen_random_uuid()
     from generate_series(1, ${String(people)} / 10) i`,
    `insert into audit_events (tenant_id, at, actor, action, target_type, target_id, data)
     select '${TENANT}', now() - (${String(people)} * 10 - i) * interval '1 second', case when i % 1000 = 0 then 'cli:root' else 'scim:okta' end,
       (array['user.changed', 'user.created', 'group.changed', 'agent.grant'])[1 + i % 4], 'User', (${id('a000', `1 + i % ${String(people)}`)})::text, '{"attributes": ["title"]}'
     from generate_series(1, ${String(people)} * 10) i`,
  ];
}
