import { z } from 'zod';

/** Schemas by the name that the OpenAPI document gives them. */
export const schemaNames = z.registry<{ readonly id: string }>();

/** Gives a schema its name in the document. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  schemaNames.add(schema, { id });
  return schema;
}

export const moment = z.iso.datetime();
export const noParams = z.object({});
export const noQuery = z.object({});
export const byId = z.object({ id: z.uuid() });
export const byName = z.object({ name: z.string().min(1).max(100) });
export const byVersion = z.object({ version: z.coerce.number().int().min(1).max(2_147_483_647) });

const LIMIT = { default: 50, max: 200 } as const;

/** Where a list page begins and how long it is. */
export const pageQuery = z.object({
  after: z.string().max(2_000).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(LIMIT.max).default(LIMIT.default),
});

export function pageRequest(query: { after?: string | undefined; limit: number }) {
  return { after: query.after ?? null, limit: query.limit };
}

/** A page of rows; `next` continues after the last one. */
export function listOf<Row extends z.ZodType>(id: string, row: Row) {
  return named(id, z.object({ items: z.array(row), next: z.string().nullable() }));
}

/** A list that is always whole. */
export function allOf<Row extends z.ZodType>(id: string, row: Row) {
  return named(id, z.object({ items: z.array(row) }));
}

export const problem = named(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What happened, what it means, what to do'),
  }),
);

const role = z.enum(['agent', 'supervisor', 'admin']);
export const numberAccess = z.object({
  number: z.string(),
  kind: z.enum(['assigned', 'outbound', 'call_flow']),
});

export const entitlementSet = named(
  'EntitlementSet',
  z.object({
    role: role.nullable(),
    owner: z.boolean(),
    teams: z.array(z.string()),
    numbers: z.array(numberAccess),
  }),
);

export const entitlement = named(
  'Entitlement',
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('role'), role }),
    z.object({ type: z.literal('owner') }),
    z.object({ type: z.literal('team'), team: z.string() }),
    z.object({ type: z.literal('number'), ...numberAccess.shape }),
  ]),
);

export const reason = z.object({ ruleId: z.string(), because: z.string() });
export const hold = z.object({
  code: z.string(),
  message: z.string(),
  about: z.array(z.string()).optional().describe('Whom in particular; an approval covers nobody else'),
  extent: z.number().optional().describe('Seats above the ceiling; an approval covers no more'),
});
export const notice = named(
  'Notice',
  z.object({
    code: z.string(),
    subjectId: z.string().nullable(),
    providerUserId: z.string().nullable(),
    message: z.string(),
  }),
);
