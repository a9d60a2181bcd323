import type { Fragment } from '../../render/fragment.ts';
import { code, inline, table } from '../../render/writers/markdown.ts';
import type { Spec } from '../../spec/schema.ts';

/** What each script of package.json is for, in the order of the table. */
const purposes = new Map([
  ['dev', 'starts in debug mode: reload, detailed errors'],
  ['test', 'all tests, offline'],
  ['check', 'all that CI does: lint, format, types, contract, tests, build'],
  ['lint', 'ESLint, and whether everything is formatted'],
  ['format', 'formats everything'],
  ['typecheck', 'TypeScript only'],
  ['build', 'compiles to `dist/`'],
  ['start', 'starts `dist/` in production mode'],
  ['db:sync', 'creates collections, validators and indexes as the models say'],
  ['db:seed', 'adds sample documents'],
  ['db:migrate', 'runs the data migrations of `migrations/` that have not run'],
  ['contract:check', 'fails when the models no longer give `openapi.json`'],
  ['contract:accept', 'writes `openapi.json` anew; `-- --breaking` for changes that break clients'],
  ['test:contract', 'the resource tests against `BASE_URL`; removes only its own documents'],
  ['sbom', 'prints a CycloneDX list of what is shipped'],
]);

/**
 * The table of scripts in README.md.
 * @throws {TypeError} on a script of which nothing is said here
 */
export function commandTable(
  scripts: Readonly<Record<string, string>>,
  manager: Spec['packageManager'],
): Fragment {
  const unknown = Object.keys(scripts).filter((name) => !purposes.has(name));
  if (unknown.length > 0) throw new TypeError(`scripts without a purpose: ${unknown.join(', ')}`);
  const rows = [...purposes]
    .filter(([name]) => Object.hasOwn(scripts, name))
    .map(([name, purpose]) => [code(call(name, manager)), inline(purpose)]);
  return table(['Command', 'What it does'], rows);
}

function call(script: string, manager: Spec['packageManager']): string {
  const short = script === 'test' || script === 'start';
  return short ? `${manager} ${script}` : `${manager} run ${script}`;
}
