import type { z } from 'zod';

import type { World } from '../world.js';

/** Something a person can do in the vendor's Dashboard. */
export interface Action<Schema extends z.ZodType, Result> {
  readonly schema: Schema;
  readonly run: (world: World, input: z.output<Schema>) => Result;
}

export function action<Schema extends z.ZodType, Result>(
  schema: Schema,
  run: (world: World, input: z.output<Schema>) => Result,
): Action<Schema, Result> {
  return { schema, run };
}
