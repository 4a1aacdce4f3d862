import type { z } from 'zod';

import type { Action } from '../../dashboard/action.js';
import type { World } from '../world.js';

export function action<Schema extends z.ZodType, Result>(
  schema: Schema,
  run: (world: World, input: z.output<Schema>) => Result,
): Action<World, Schema, Result> {
  return { schema, run };
}
