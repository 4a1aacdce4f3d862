import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';

const STEPS = 'test/property/scim-filter-steps.test.ts';

/**
 * `unit` needs nothing; `service` needs Postgres, which its global set-up starts; `product` runs the built product in
 * processes of its own. Files share the modules that are loaded, which is half the work of small tests and honest only
 * because no module keeps state: a test that fails beside others has found one that does.
 */
export default defineConfig({
  test: {
    passWithNoTests: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{unit,property,contract}/**/*.test.{ts,tsx}'],
          exclude: [STEPS],
          isolate: false,
          maxWorkers: 2,
          // Generous everywhere: a slow machine is no failure, a hanging test is.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          // Steps are counted in whatever is loaded: apart from the rest, that is little.
          name: 'steps',
          include: [STEPS],
          maxWorkers: 2,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'service',
          include: ['test/{integration,conformance,crash,e2e}/**/*.test.ts'],
          exclude: ['test/{crash,e2e}/product/**'],
          globalSetup: ['test/support/global-setup.ts'],
          isolate: false,
          // They wait for databases, browsers and simulated vendors most of the time: more of them than processors.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'product',
          include: ['test/{crash,e2e}/product/**/*.test.ts'],
          globalSetup: ['test/support/built-service.ts'],
          // Beside the services: they wait for other processes most of the time.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
