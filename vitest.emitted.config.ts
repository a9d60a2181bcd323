import { defineConfig } from 'vitest/config';

/** Attacks on generated, running projects. One file at a time: they time things, and the machine may have two cores. */
export default defineConfig({
  test: {
    include: ['test/emitted/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
