import { z } from 'zod';

/** How a `bad-page` answer is spoiled; the README says what each one looks like. */
export const pageDefects = [
  'truncated',
  'not-json',
  'missing-list',
  'null-list',
  'null-ids',
  'missing-meta',
  'empty-page',
  'short-page',
  'repeated-link',
  'foreign-link',
] as const;

export type PageDefect = (typeof pageDefects)[number];

const longestDelayMs = 600_000;
const delayMs = z.int().min(0).max(longestDelayMs);

const common = {
  /** Shown in the request log; `rule 1`, `rule 2`, ... when absent. */
  name: z.string().min(1).optional(),
  match: z
    .strictObject({
      method: z.string().optional(),
      /** A regular expression over the path without the query. */
      path: z.string().refine(isPattern, 'is not a regular expression').optional(),
    })
    .default({}),
  /** Fires from the nth matching request on; `times` is then 1 unless given. */
  nth: z.int().min(1).optional(),
  /** The chance of firing on a matching request. */
  probability: z.number().min(0).max(1).optional(),
  /** Fires at most so often. */
  times: z.int().min(1).optional(),
  /** Waits before anything else happens. */
  delayMs: delayMs.optional(),
};

/** Whether the request takes effect although the client does not learn of it. */
const applies = z.boolean().default(false);

/** One line of a fault script. */
export const faultRuleSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('error'),
    /** Below 400 for vendors whose refusals can be a 200. */
    status: z.int().min(200).max(599).default(503),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    applies,
  }),
  z.strictObject({ ...common, kind: z.literal('timeout'), applies }),
  z.strictObject({ ...common, kind: z.literal('reset'), applies }),
  z.strictObject({ ...common, kind: z.literal('lost-response') }),
  z.strictObject({
    ...common,
    kind: z.literal('bad-page'),
    defect: z.enum(pageDefects).default('truncated'),
    /** Where a `foreign-link` leads. */
    link: z.string().default('http://127.0.0.1:9/'),
  }),
  z.strictObject({ ...common, kind: z.literal('delay'), delayMs }),
  z.strictObject({
    ...common,
    kind: z.literal('moving-total'),
    change: z.enum(['insert', 'remove']),
    /** Who is inserted or removed; without it somebody new, or the first who may be removed. */
    email: z.string().optional(),
  }),
]);

export type FaultRule = z.output<typeof faultRuleSchema>;
export type FaultRuleInput = z.input<typeof faultRuleSchema>;
export const faultScriptSchema = z.array(faultRuleSchema).max(100);

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
