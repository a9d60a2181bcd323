import { runInNewContext } from 'node:vm';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { identifiersOf } from '../../src/plan/identifiers.ts';
import type { FieldSpec, Spec } from '../../src/spec/schema.ts';
import { randomSpec } from '../laws/random-spec.ts';
import { fc } from '../properties.ts';
import { hostileText } from '../render/hostile.ts';
import { emitted, specOf } from './support.ts';

/** Parses a file of TypeScript, and gives it as JavaScript. */
const compiled = async (text: string, format: 'esm' | 'cjs'): Promise<string> =>
  (await transform(text, { loader: 'ts', format, target: 'node20' })).code;

const expectParsed = async (files: ReadonlyMap<string, string>): Promise<void> => {
  for (const [file, text] of files)
    if (file.endsWith('.ts')) await expect(compiled(text, 'esm'), file).resolves.toBeDefined();
};

/** What the emitted model says at runtime; `model()` gives back what it is given. */
const modelOf = async (text: string): Promise<unknown> => {
  const module = { exports: {} as Record<string, unknown> };
  const require = (): object => ({ model: (definition: unknown) => definition });
  runInNewContext(await compiled(text, 'cjs'), { module, exports: module.exports, require });
  // Through JSON text: objects of another realm compare by what they hold.
  return JSON.parse(JSON.stringify(Object.values(module.exports)[0]));
};

const expectModels = async (spec: Spec, files: ReadonlyMap<string, string>): Promise<void> => {
  for (const [singular, resource] of Object.entries(spec.resources)) {
    const { singularFile } = identifiersOf(singular, resource);
    const text = files.get(`app/models/${singularFile}.ts`) ?? '';
    expect(await modelOf(text)).toEqual({ name: singular, ...resource });
  }
};

const texts = fc.sample(
  hostileText
    .filter((text) => text.isWellFormed() && text.trim() !== '')
    .map((text) => text.slice(0, 200)),
  { numRuns: 180, seed: 11 },
);

describe('what a user typed', () => {
  it('G9 G10 arrives in the model as it was typed, and every file parses', async () => {
    const fields = Object.fromEntries(
      texts.map((text, n) => [
        `f${n}`,
        n % 2 === 0 || /\p{C}|\p{Zl}|\p{Zp}/u.test(text)
          ? { type: 'text', description: text, default: text }
          : { type: 'enum', description: text, values: [text, 'other'], default: text },
      ]),
    ) as Record<string, FieldSpec>;
    const description = texts.join(' ').slice(0, 900).toWellFormed();
    const spec = specOf({ product: fields }, { description });
    const files = await emitted(spec);
    await expectModels(spec, files);
    await expectParsed(files);
    expect(JSON.parse(files.get('flask-style.json') ?? '')).toMatchObject({ description });
    expect(JSON.parse(files.get('openapi.json') ?? '')).toMatchObject({ info: { description } });
    expect(JSON.parse(files.get('package.json') ?? '')).toMatchObject({ description });
  });

  it('G8 is never a template', async () => {
    const text = '{{7*7}} {{constructor.constructor}} {{#each resources}}x{{/each}}';
    const spec = specOf(
      { product: { note: { type: 'text', description: text, default: text } } },
      { description: text },
    );
    const files = await emitted(spec);
    for (const file of ['README.md', 'app/info.ts', 'app/models/product.ts', 'openapi.json']) {
      expect(files.get(file), file).not.toContain('49');
      expect(files.get(file)?.replaceAll('\\', ''), file).toContain('{{7*7}}');
    }
  });

  it('G10 is one paragraph of README.md, without markup of its own', async () => {
    const text = '# Head\n\n```js\nx\n```\n<script>alert(1)</script> [a](javascript:b) | c --> */';
    const readme = (
      await emitted(specOf({ product: { n: { type: 'integer' } } }, { description: text }))
    ).get('README.md');
    const [title, , paragraph = '', , next] = readme?.split('\n') ?? [];
    expect(title).toBe('# shop');
    expect(paragraph).toContain('alert(1)');
    expect(paragraph).not.toMatch(/<|(?<!\\)[`|[\]#]/);
    expect(next).toMatch(/^A REST API/);
  });
});

describe('identifiers', () => {
  const reserved =
    'class default import await let yield static enum arguments eval map date error object symbol string ' +
    'model router service crud list blueprint context create read patch remove replace stored app info ' +
    'news series fish console process fetch page test it expect null this type of';

  it('G11 avoid every word that is taken; one project of all of them parses', async () => {
    const names = reserved.split(' ');
    const spec = specOf(
      Object.fromEntries(names.map((name) => [name, { name: { type: 'string' } as const }])),
    );
    const files = await emitted(spec);
    await expectModels(spec, files);
    await expectParsed(files);
    for (const name of ['class', 'default', 'await', 'model', 'crud', 'news'])
      expect(files.get('app/models/index.ts')).toContain(`import { ${name}Model }`);
    expect(files.get('app/models/date.ts')).toContain('export type DateDocument');
    expect(files.get('app/routes/index.ts')).toContain("from './pages-api.ts'");
  });

  it('G11 are looked up by name only, not among what every object has', () => {
    for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty']) {
      const names = identifiersOf(name, {
        plural: `${name}s`,
        path: '/x',
        collection: 'x',
        fields: {},
      });
      expect(names.model).toBe(name);
    }
  });
});

describe('any spec', () => {
  it('G9 gives models that say at runtime what the spec says', async () => {
    await fc.assert(
      fc.asyncProperty(randomSpec, async (spec) => {
        await expectModels(spec, await emitted(spec));
      }),
      { numRuns: 40, seed: 12 },
    );
  });
});
