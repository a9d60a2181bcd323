import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package.ts';
import { dependencyOrder } from '../../src/plan/order.ts';
import { sampleDocument } from '../../src/plan/samples.ts';
import { commandTable } from '../../src/plan/view/commands.ts';
import { examples } from '../../src/project/examples.ts';
import type { FieldSpec, Spec } from '../../src/spec/schema.ts';
import { zodOf } from '../../templates/project/app/core/types.ts';
import { randomSpec } from '../laws/random-spec.ts';
import { fc } from '../properties.ts';
import { emitted, specOf } from './support.ts';

const shelled = (readme: string): string[] =>
  [...readme.matchAll(/^```sh\n([^]*?)\n```$/gm)].map(([, block = '']) => block);

/** Whether a shell understands the lines, and what it would send. */
const bodiesSent = (readme: string): unknown[] => {
  const script = [
    'curl() { while [ $# -gt 0 ]; do if [ "$1" = -d ]; then printf "%s\\n" "$2" >&3; fi; shift; done; }',
    'node() { echo 0123456789abcdef01234567; }',
    ...shelled(readme).filter((block) => !/npm (?:run|install)/.test(block)),
  ].join('\n');
  const { stderr, output } = spawnSync('sh', ['-eu'], {
    input: script,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  expect(stderr.toString()).toBe('');
  const lines = output[3]?.toString().trim();
  return lines === undefined || lines === ''
    ? []
    : lines.split('\n').map((line) => JSON.parse(line) as unknown);
};

/** The path of each field, nested ones too, and how many resources have one there. */
const pathsOf = (spec: Spec): Map<string, number> => {
  const inside = (fields: Readonly<Record<string, FieldSpec>>, prefix = ''): string[] =>
    Object.entries(fields).flatMap(([name, { fields: own = {} }]) => [
      prefix + name,
      ...inside(own, `${prefix}${name}.`),
    ]);
  const paths = Object.values(spec.resources).flatMap(({ fields }) => inside(fields));
  return new Map(paths.map((path) => [path, paths.filter((other) => other === path).length]));
};

describe('README.md', () => {
  it('has lines for a shell that send what each resource takes, targets first', async () => {
    const spec = specOf({
      book: {
        title: { type: 'string', required: true },
        author: { type: 'ref', to: 'author', required: true },
      },
      author: { name: { type: 'string', required: true } },
    });
    const readme = (await emitted(spec)).get('README.md') ?? '';
    expect(readme.indexOf('### Authors')).toBeLessThan(readme.indexOf('### Books'));
    expect(bodiesSent(readme)).toEqual([
      { name: 'First author' },
      { name: 'Sample 2' },
      { title: 'First book', author: '0123456789abcdef01234567' },
      { title: 'Sample 2' },
    ]);
  });

  it('G7 has a row for each field and lines that a shell understands, whatever the spec', async () => {
    await fc.assert(
      fc.asyncProperty(randomSpec, async (spec: Spec) => {
        const readme = (await emitted(spec)).get('README.md') ?? '';
        for (const [path, count] of pathsOf(spec))
          expect(readme.split(`\n| \`${path}\` `).length - 1, path).toBe(count);
        expect(bodiesSent(readme).length).toBeGreaterThanOrEqual(
          Object.keys(spec.resources).length,
        );
      }),
      { numRuns: 25, seed: 13 },
    );
  });

  it('draws one line for each reference: to one document or to many', async () => {
    const to = { type: 'ref', to: 'author' } as const;
    const spec = specOf({
      author: { name: { type: 'string' } },
      book: {
        by: { ...to, required: true },
        editor: to,
        helpers: { ...to, array: true },
        print: { type: 'object', fields: { designer: to } },
        chapters: { type: 'object', array: true, fields: { by: to } },
      },
    });
    const readme = (await emitted(spec)).get('README.md') ?? '';
    expect(readme.match(/^ {2}"book" }o--.*$/gm)).toEqual([
      '  "book" }o--|| "author" : "by"',
      '  "book" }o--o| "author" : "editor"',
      '  "book" }o--o{ "author" : "helpers"',
      '  "book" }o--o| "author" : "print.designer"',
      '  "book" }o--o{ "author" : "chapters.by"',
    ]);
  });

  it('says nothing of resources that are not there', async () => {
    const readme = (await emitted(specOf({}))).get('README.md') ?? '';
    expect(readme).not.toMatch(/Tidy up|Data model|PyMongo|\n\n\n|\{\{/);
  });

  it('knows what each script is for', () => {
    expect(() => commandTable({ surprise: 'x' }, 'npm')).toThrow('surprise');
  });
});

describe('samples', () => {
  it('are accepted by the model, in any spec', () => {
    fc.assert(
      fc.property(randomSpec, (spec) => {
        for (const [name, { fields }] of Object.entries(spec.resources)) {
          const { body } = sampleDocument(name, fields, new Set());
          for (const [field, value] of Object.entries(body)) {
            const rules = fields[field];
            if (rules !== undefined && rules.type !== 'object')
              expect(zodOf(rules).safeParse(value).success, `${name}.${field}`).toBe(true);
          }
        }
      }),
      { numRuns: 60, seed: 14 },
    );
  });
});

describe('the order of resources', () => {
  it('puts targets first, and survives circles and long chains', () => {
    const ref = (to: string, required?: true) => ({
      plural: 'x',
      path: '/x',
      collection: 'x',
      fields: { to: { type: 'ref' as const, to, ...(required && { required }) } },
    });
    expect(dependencyOrder({ a: ref('b'), b: ref('a', true) })).toEqual(['b', 'a']);
    const names = Array.from({ length: 20_000 }, (_, n) => `r${n}`);
    const chain = Object.fromEntries(names.map((name, n) => [name, ref(`r${n + 1}`, true)]));
    expect(dependencyOrder(chain)).toEqual(names.reverse());
  });
});

describe('the example specs', () => {
  it('each give a project with everything that it lists', async () => {
    const folder = path.join(packageRoot(), 'templates/examples');
    const found = await examples(packageRoot());
    expect(found.map(({ name }) => `${name}.json`)).toEqual(
      expect.arrayContaining((await readdir(folder)).filter((file) => file.endsWith('.json'))),
    );
    for (const { spec, what } of found) {
      expect(what).not.toBe('');
      const files = await emitted(spec);
      expect(bodiesSent(files.get('README.md') ?? '').length).toBeGreaterThan(0);
    }
  });
});
