import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { defineConfig, type Plugin } from 'vitest/config';

const templates = join(import.meta.dirname, 'templates/project');
const rendered = join(import.meta.dirname, 'test/templates/platform/fixtures/rendered');

/** Templates without holes import files that are rendered from holes: in tests, stand-ins for these. */
const standIns: Plugin = {
  name: 'rendered files',
  resolveId(source, importer) {
    if (importer?.startsWith(templates) !== true || !source.startsWith('.')) return null;
    const file = join(dirname(importer), source);
    return existsSync(file) ? null : join(rendered, relative(templates, file));
  },
};

/** The quick suite: what `npm test` runs. The slow ones are rows of test/ci/steps.ts. */
export default defineConfig({
  plugins: [standIns],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/fixtures/**', 'test/e2e/**', 'test/emitted/**', 'node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
