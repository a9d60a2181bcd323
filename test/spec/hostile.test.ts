import { describe, expect, it } from 'vitest';
import { buildSpec } from '../../src/spec/build.ts';
import { quote, resourceNames } from '../../src/spec/names.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import { projectNameProblem } from '../../src/spec/project-name.ts';
import { parseField } from '../../src/spec/shorthand.ts';
import { resolveTarget } from '../../src/spec/target.ts';
import { fc } from '../properties.ts';
import { refusal, specText } from './support.ts';

const cwd = '/srv/work';

describe('G1 resource names', () => {
  it('G1 are letters, digits and single separators, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (typed) => {
        let names;
        try {
          names = resourceNames(typed);
        } catch {
          return;
        }
        expect(names.singular).toMatch(/^[a-z][A-Za-z0-9]*$/);
        expect(names.plural).toMatch(/^[a-z][A-Za-z0-9]*$/);
        expect(names.path).toMatch(/^\/[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(names.collection).toMatch(/^[a-z][a-z0-9_]*$/);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['  product ', '\uFEFFproduct', 'order--item', 'order__item', 'order - item'])(
    'G1 %j is repaired: spaces, a BOM and repeated separators go',
    (typed) => {
      expect(resourceNames(typed).singular).toMatch(/^(product|orderItem)$/);
    },
  );

  it('G1 have at most 64 characters', async () => {
    expect(resourceNames('a'.repeat(63)).singular).toHaveLength(63);
    expect(await refusal(() => resourceNames('a'.repeat(65)))).toMatch(/longer than 64/);
  });

  it.each(['9lives', 'a.b', '..', 'a/../b', '$where', 'a b\u0000', 'toString()', '%2e%2e', '-'])(
    'G1 %j is refused in a spec too',
    async (name) => {
      const text = JSON.stringify({ resources: { [name]: { fields: { a: { type: 'string' } } } } });
      expect(await refusal(() => parseSpec(text, 'flask-style.json'))).toMatch(/:1: /);
    },
  );
});

describe('G2 project names', () => {
  it.each(['node_modules', 'favicon.ico', 'express', 'mongodb', 'zod', 'fs', 'node', 'test/x/y'])(
    'G2 %s is refused unless npm takes it',
    (name) => {
      const problem = projectNameProblem(name);
      if (name === 'node') expect(problem).toBeUndefined();
      else expect(problem?.message).toMatch(/cannot be used/);
    },
  );

  it('G2 a scoped name lies in the folder behind its scope', () => {
    expect(resolveTarget('@acme/shop', cwd)).toEqual({
      root: '/srv/work/shop',
      name: '@acme/shop',
    });
  });

  it('G2 the refusal proposes a name that is taken', () => {
    expect(projectNameProblem('My Shop')?.hint).toBe('did you mean my-shop?');
    expect(projectNameProblem('my-shop')).toBeUndefined();
    expect(projectNameProblem('http')?.hint).toBe('did you mean http-api?');
  });

  it.each(['../shop', '/etc/shop', 'a/../../b', '..'])(
    'G4 the folder %s lies outside, and the line names --cwd',
    async (word) => {
      expect(await refusal(() => resolveTarget(word, cwd))).toMatch(/outside.*--cwd/);
    },
  );

  it('G4 a nested folder is allowed', () => {
    expect(resolveTarget('apps/api', cwd)).toEqual({ root: '/srv/work/apps/api', name: 'api' });
  });
});

describe('G28 what is echoed', () => {
  it.each(['\u001b[31mred', 'a\u0007b', 'a\r\nb', '\u009b2J', 'x'.repeat(5000)])(
    'G28 %j reaches the terminal harmless and short',
    async (typed) => {
      for (const what of [
        () => resourceNames(typed),
        () => parseField(`${typed}:string`),
        () => parseField(`a:${typed}`),
        () => parseField(`a:string:${typed}`),
        () => parseSpec(specText({ a: { type: 'string', [typed]: 1 } }), 'flask-style.json'),
      ]) {
        const line = await refusal(what);
        expect(line).not.toBe('accepted');
        expect(line).not.toMatch(/\p{Cc}/u);
        expect(line.length).toBeLessThan(600);
      }
    },
  );

  it('G28 quotes text, cut to 80 characters', () => {
    expect(quote('a"b')).toBe('"a\\"b"');
    expect(quote('x'.repeat(500)).length).toBeLessThan(100);
    expect(quote('\u009b\u202ea\u2028')).toBe('"\\u{9b}\\u{202e}a\\u{2028}"');
  });
});

describe('G29 Unicode in names', () => {
  it.each([
    ['caf\u00e9', 'composed'],
    ['cafe\u0301', 'decomposed'],
    ['pr\u043educt', 'a Cyrillic letter'],
    ['pro\u200bduct', 'a space without width'],
    ['\u202eproduct', 'a change of direction'],
    ['\uff50roduct', 'a wide letter'],
    ['pro\u00adduct', 'a soft hyphen'],
    ['\u{1f600}', 'an emoji'],
  ])('G29 %j (%s) names nothing', async (name) => {
    expect(await refusal(() => resourceNames(name))).toMatch(/is not a name/);
    expect(await refusal(() => parseField(`${name}:string`))).toMatch(/is not a name/);
    expect(projectNameProblem(name)?.message).toMatch(/cannot be used/);
    const spec = specText({ [name]: { type: 'string' } });
    expect(await refusal(() => parseSpec(spec, 'flask-style.json'))).toMatch(/is not a name/);
  });
});

describe('G30 names that a file system may take for one', () => {
  const choices = {
    name: 'shop',
    packageManager: 'npm',
    database: 'embedded',
    pages: true,
    features: [],
  } as const;
  const build = (...names: string[]) =>
    buildSpec(
      { ...choices, features: [] },
      names.map((name) => ({ name, fields: ['a'] })),
    );

  it.each([
    [['orderItem', 'orderitem'], /would share/],
    [['product', 'PRODUCT'], /both the resource product/],
    [['person/people', 'human/people'], /would share the name people/],
    [['a-b', 'aB'], /both the resource aB/],
  ])('G30 %j are refused', async (names, message) => {
    expect(await refusal(() => build(...names))).toMatch(message);
  });

  it('G30 the same path or collection is refused', async () => {
    const resources = (more: object) => ({
      resources: {
        a: { fields: { x: { type: 'string' } } },
        b: { fields: { x: { type: 'string' } }, ...more },
      },
    });
    for (const more of [{ path: '/as' }, { collection: 'as' }, { plural: 'as' }])
      expect(
        await refusal(() => parseSpec(JSON.stringify(resources(more)), 'flask-style.json')),
      ).toMatch(/a and b would share/);
  });

  it('G30 fields that differ only in case are refused', async () => {
    const spec = specText({ name: { type: 'string' }, Name: { type: 'string' } });
    expect(await refusal(() => parseSpec(spec, 'flask-style.json'))).toMatch(/differ only in case/);
  });
});

describe('G31 names that Windows has no file for', () => {
  it.each(['con', 'CON', 'prn', 'aux', 'nul', 'com1', 'lpt9'])('G31 %s', async (name) => {
    expect(await refusal(() => resourceNames(`${name}/${name}`))).toMatch(/device name on Windows/);
    expect(projectNameProblem(name.toLowerCase())?.message).toMatch(/Windows/);
    expect(await refusal(() => resolveTarget(`${name}/api`, cwd))).toMatch(/cannot exist on every/);
  });

  it.each([
    'nul.txt',
    'a./api',
    'a /api',
    'a:b/api',
    `${'x'.repeat(256)}/api`,
    'a\u0001/api',
    'a?/api',
  ])('G31 the folder %j', async (word) => {
    expect(await refusal(() => resolveTarget(word, cwd))).toMatch(/cannot/);
  });
});
