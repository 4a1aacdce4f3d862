import { defineConfig } from 'vitest/config';

/** Apart from the tests: this run writes pictures into the repository. */
export default defineConfig({
  test: {
    name: 'screenshots',
    root: `${import.meta.dirname}/../..`,
    include: ['test/screenshots/*.shots.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
