import { defineConfig } from 'vitest/config';

/** `unit` needs nothing; `service` needs Postgres, which its global set-up starts. */
export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{unit,property,contract}/**/*.test.{ts,tsx}'],
        },
      },
      {
        test: {
          name: 'service',
          include: ['test/{integration,conformance,crash,e2e}/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
