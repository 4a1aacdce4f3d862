import { z } from 'zod';
import { ruleFileSchema } from './schema.js';

/** The JSON Schema of the rule file, as text ending in a line break: for completion and checks in editors. */
export function ruleFileJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(ruleFileSchema, { io: 'input', target: 'draft-7' }), null, 2)}\n`;
}
