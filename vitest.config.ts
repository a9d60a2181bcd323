import { defineConfig } from 'vitest/config';

/** The quick suite: what `npm test` runs. The slow ones are rows of test/ci/steps.ts. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/fixtures/**', 'test/e2e/**', 'test/emitted/**', 'node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
