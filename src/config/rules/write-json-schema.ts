import { writeFileSync } from 'node:fs';
import { ruleFileJsonSchema } from './json-schema.js';

/** Run by `npm run schema` after a change of the rule file's schema; a test fails when that was forgotten. */
writeFileSync('config/rules.schema.json', ruleFileJsonSchema());
