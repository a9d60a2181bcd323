import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';

const templates = join(import.meta.dirname, 'templates');
const rendered = join(import.meta.dirname, 'test/templates/platform/fixtures/rendered');

/**
 * What lies in one folder of an emitted project lies in several here. A file that an overlay imports may be one of
 * the project, and one that is rendered from holes has a stand-in.
 */
const standIns: Plugin = {
  name: 'rendered files',
  resolveId(source, importer) {
    if (importer?.startsWith(templates) !== true || !source.startsWith('.')) return null;
    const file = join(dirname(importer), source);
    if (existsSync(file)) return null;
    const [, ...path] = relative(templates, file).split(sep);
    const own = join(templates, 'project', ...path);
    return existsSync(own) ? own : join(rendered, ...path);
  },
};

/** The quick suite: what `npm test` runs. The slow ones are rows of test/ci/steps.ts. */
export default defineConfig({
  plugins: [standIns],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/fixtures/**', 'test/e2e/**', 'test/emitted/**', 'node_modules/**'],
    globalSetup: ['test/cli/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most tests wait for a process that they spawned: one worker on a machine with two cores would leave one idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
