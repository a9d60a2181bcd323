import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import nodePlop from 'node-plop';
import { beforeAll, describe, expect, test } from 'vitest';
import { register } from '../../src/plop/register.ts';
import { hasTerminal, openTerminal } from '../cli/terminal.ts';
import { node, packageRoot, scratch, snapshot, tool } from '../cli/tool.ts';

const require = createRequire(import.meta.url);

const answers = {
  dir: 'shop',
  resources: [{ name: 'product', fields: ['name:string:required', 'price:decimal:min=0'] }],
  pages: true,
  pm: 'npm',
};

/** A plop of nobody, working in `base`, with our generators. */
async function plopIn(base: string, templates?: string) {
  const plop = await nodePlop('', { destBasePath: base, force: false });
  register(plop, templates === undefined ? {} : { templates });
  return plop;
}

describe('register', () => {
  test('adds one generator and one step type', async () => {
    const plop = await plopIn(scratch());
    expect(plop.getGeneratorList().map(({ name }) => name)).toEqual(['flask-style-api']);
    expect(plop.getActionTypeList()).toEqual(['flask-style-api:write']);
  });

  test('its generator writes what the command line writes', async () => {
    const [base, cwd] = [scratch(), scratch()];
    const plop = await plopIn(base);
    const { changes, failures } = await plop.getGenerator('flask-style-api').runActions(answers);
    expect(failures).toEqual([]);
    expect(changes).toHaveLength(1);
    const fields = answers.resources[0]?.fields ?? [];
    await tool(['shop', '--resource', 'product', ...fields, '--no-install', '--no-git'], { cwd });
    expect(snapshot(base)).toEqual(snapshot(cwd));
  });

  test.each([
    ['a folder outside', { dir: '../shop' }, 'lies outside the working folder'],
    ['a field that is none', { resources: [{ name: 'product', fields: ['a:strnig'] }] }, 'strnig'],
  ])('G5: %s is a failure, and nothing is written', async (_, wrong, message) => {
    const base = scratch();
    const plop = await plopIn(base);
    const generator = plop.getGenerator('flask-style-api');
    const { changes, failures } = await generator.runActions({ ...answers, ...wrong });
    expect(changes).toEqual([]);
    expect(JSON.stringify(failures)).toContain(message);
    expect(snapshot(base)).toEqual({});
  });

  test('G19: a path that exists is a failure, and nothing is written', async () => {
    const base = scratch();
    mkdirSync(join(base, 'shop'));
    writeFileSync(join(base, 'shop/package.json'), '{}');
    const before = snapshot(base);
    const plop = await plopIn(base);
    const { failures } = await plop.getGenerator('flask-style-api').runActions(answers);
    expect(JSON.stringify(failures)).toContain('package.json');
    expect(snapshot(base)).toEqual(before);
  });

  test.each([undefined, 'templates-of-ours'])(
    'a template of theirs takes the place of ours (%s)',
    async (templates) => {
      const base = scratch();
      const folder = join(base, templates ?? '.flask-style/templates', 'resource/app/services');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, '{{pluralFile}}.ts.hbs'), 'export const   theirs = "yes"\n');
      const plop = await plopIn(base, templates);
      const { failures } = await plop.getGenerator('flask-style-api').runActions(answers);
      expect(failures).toEqual([]);
      expect(readFileSync(join(base, 'shop/app/services/products.ts'), 'utf8')).toBe(
        "export const theirs = 'yes';\n",
      );
      expect(existsSync(join(base, 'shop/app/models/product.ts'))).toBe(true);
    },
  );
});

const plopfile = `import { register } from 'create-flask-style-api/plop';

export default (plop) => register(plop);
`;

const foreign = `import { register } from 'create-flask-style-api/plop';

export default (plop) => {
  register(plop);
  plop.setGenerator('catalogue', {
    description: 'the API that each of our shops starts from',
    prompts: [{ type: 'input', name: 'dir', message: 'Folder' }],
    actions: ({ dir }) => [
      (answers) => {
        Object.assign(answers, { resources: [{ name: 'product', fields: ['name:string:required'] }], pages: false, pm: 'npm' });
        return 'one resource: product';
      },
      { type: 'flask-style-api:write' },
      { type: 'add', path: dir + '/OWNERS', template: 'shop-team\\n' },
    ],
  });
};
`;

describe("under plop's own command, from the package", () => {
  const plop = join(dirname(require.resolve('plop/package.json')), 'bin/plop.js');

  beforeAll(async () => {
    if (existsSync(join(packageRoot, 'dist/plop.js'))) return;
    const { code, err } = await node(['--import', 'tsx', 'build.ts'], { cwd: packageRoot });
    if (code !== 0) throw new Error(err);
  });

  /** A folder of somebody who installed the package. */
  function folderWith(text: string): string {
    const cwd = scratch();
    mkdirSync(join(cwd, 'node_modules'));
    symlinkSync(packageRoot, join(cwd, 'node_modules/create-flask-style-api'));
    writeFileSync(join(cwd, 'package.json'), '{"type":"module"}\n');
    writeFileSync(join(cwd, 'plopfile.js'), text);
    return cwd;
  }

  test.skipIf(!hasTerminal)('a plopfile of three lines asks and writes', async () => {
    const cwd = folderWith(plopfile);
    const terminal = openTerminal(`'${process.execPath}' '${plop}' flask-style-api`, cwd);
    for (const [question, text] of [
      ['Folder of the new project', 'shop'],
      ['First resource', 'product'],
      ['First field of product', 'name:string:required'],
      ['Next field of product', ''],
      ['Next resource', ''],
      ['HTML pages as well', ''],
      ['Package manager', ''],
    ] as const) {
      await terminal.shows(question);
      if (text !== '') terminal.type(text);
      terminal.press('Enter');
    }
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen()).toContain('files in ');
    expect(existsSync(join(cwd, 'shop/app/routes/products.ts'))).toBe(true);
  });

  test('a foreign one has a template and a generator of its own', async () => {
    const cwd = folderWith(foreign);
    const folder = join(cwd, '.flask-style/templates/resource/app/services');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '{{pluralFile}}.ts.hbs'), 'export const theirs = "yes";\n');
    const { code, out, err } = await node([plop, 'catalogue', 'shop'], { cwd });
    expect([code, out + err]).toEqual([0, expect.stringContaining('one resource: product')]);
    expect(readFileSync(join(cwd, 'shop/OWNERS'), 'utf8')).toBe('shop-team\n');
    expect(readFileSync(join(cwd, 'shop/app/services/products.ts'), 'utf8')).toContain('theirs');
    expect(readdirSync(join(cwd, 'shop/app/routes'))).toContain('products.ts');
  });

  test('a failure of ours is a failure of plop', async () => {
    const cwd = folderWith(foreign);
    const { code, out, err } = await node([plop, 'catalogue', '../evil'], { cwd });
    expect(code).not.toBe(0);
    expect(out + err).toContain('lies outside the working folder');
    expect(existsSync(join(cwd, '../evil'))).toBe(false);
  });
});
