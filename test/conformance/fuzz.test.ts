import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzz } from '../support/scim-fuzz.js';
import { startScim, type ScimFixture } from '../support/scim.js';

/** `npm run fuzz` sends a hundred thousand; FUZZ_SEED tries others. */
const requests = Number(process.env['FUZZ_REQUESTS'] ?? 3_000);
const seed = Number(process.env['FUZZ_SEED'] ?? 20261122);

let fixture: ScimFixture;

beforeAll(async () => {
  fixture = await startScim({ limits: { requestsPerMinute: 1e9 } });
});
afterAll(() => fixture.close());

describe('random requests of two tenants at once', () => {
  it(
    'bring no server error, cross no tenant border and leave the directory sound',
    { timeout: Math.max(1_800_000, requests * 400) },
    async () => {
      const { byStatus, findings } = await fuzz(fixture, { requests, seed, parallel: 8 });
      console.log(`statuses of ${String(requests)} requests: ${JSON.stringify(byStatus)}`);
      expect(findings.join('\n\n')).toBe('');
      const succeeded = (byStatus['200'] ?? 0) + (byStatus['201'] ?? 0) + (byStatus['204'] ?? 0);
      expect(succeeded).toBeGreaterThan(requests / 5);
    },
  );
});
