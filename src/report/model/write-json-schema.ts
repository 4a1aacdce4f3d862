import { writeFileSync } from 'node:fs';
import { reportJsonSchema } from './report.js';

/** Run by `npm run schema` after a change of the report's schema; a test fails when that was forgotten. */
writeFileSync('config/report.schema.json', reportJsonSchema());
