import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Files share one copy of the application's modules: each has a server and a database of its own.
    pool: 'threads',
    isolate: false,
    // Half of a test is waiting for answers, so no core is kept free.
    maxWorkers: '100%',
    testTimeout: 15_000,
    hookTimeout: 30_000,
    // Vitest gives BASE_URL a meaning of its own inside of tests; this is the one of `npm run test:contract`.
    env: { DEPLOYMENT_URL: process.env['BASE_URL'] ?? '' },
  },
});
