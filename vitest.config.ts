import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';

const STEPS = 'test/property/scim-filter-steps.test.ts';

/** For whatever a test waits for. Long: a slow machine is no failure, a hanging test is one, whenever it is noticed. */
const patient = {
  testTimeout: 1_200_000,
  hookTimeout: 1_200_000,
  expect: { poll: { timeout: 300_000 } },
};

const seeded = { setupFiles: ['test/support/property-seed.ts'] };

/**
 * `unit` needs nothing; `service` needs Postgres, which its global set-up starts; `product` runs the built product in
 * processes of its own. Files share the modules that are loaded, which is half the work of small tests and honest only
 * because no module keeps state: a test that fails beside others has found one that does.
 */
export default defineConfig({
  test: {
    passWithNoTests: false,
    sequence: { sequencer: LongestFirst },
    teardownTimeout: 300_000,
    projects: [
      {
        test: {
          ...patient,
          ...seeded,
          name: 'unit',
          include: ['test/{unit,property,contract}/**/*.test.{ts,tsx}'],
          exclude: [STEPS],
          isolate: false,
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...patient,
          ...seeded,
          // Steps are counted in whatever is loaded: apart from the rest, that is little.
          name: 'steps',
          include: [STEPS],
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...patient,
          ...seeded,
          name: 'service',
          include: ['test/{integration,conformance,crash,e2e}/**/*.test.ts'],
          exclude: ['test/{crash,e2e}/product/**'],
          globalSetup: ['test/support/global-setup.ts'],
          isolate: false,
          // They wait for databases, browsers and simulated vendors most of the time: more of them than processors.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...patient,
          name: 'product',
          include: ['test/{crash,e2e}/product/**/*.test.ts'],
          globalSetup: ['test/support/built-service.ts'],
          // Beside the services: they wait for other processes most of the time.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
