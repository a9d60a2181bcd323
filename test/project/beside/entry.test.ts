import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withPackages } from '../../../src/project/beside/manifest.ts';
import { detectForeign } from '../../../src/project/beside/detect.ts';
import { mountNotes } from '../../../src/project/beside/mounted.ts';
import { olderPackages } from '../../../src/project/beside/packages.ts';
import { ProjectFiles } from '../../../src/project/files.ts';
import { tools } from '../../laws/workshop.ts';
import { temporaryFolder } from '../support.ts';

const manifest = '{\n  "type": "module",\n  "dependencies": {\n    "express": "^5.1.0"\n  }\n}\n';

function project(texts: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [file, text] of Object.entries({ 'package.json': manifest, ...texts })) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

async function foreignIn(texts: Readonly<Record<string, string>>) {
  const foreign = await detectForeign(new ProjectFiles(project(texts)));
  if (foreign === undefined) throw new Error('no Express project');
  return foreign;
}

test.each([
  ['const app = express()\n  .disable("x")\n  .use(cors());', 'right below line 4 of src/index.js'],
  [
    'const app = express()\n  .use(express.json());',
    'between express() and the body parser that follows it at once, above line 3 of src/index.js',
  ],
  [
    'class Server {\n  app = express();\n  constructor() {}\n}',
    'at the top of the constructor in src/index.js',
  ],
])('where the application is made: %s', async (text, place) => {
  const foreign = await foreignIn({ 'src/index.js': `import express from 'express';\n${text}\n` });
  expect(foreign.beside.folder).toBe('src/app');
  const [mount, imported] = mountNotes(foreign);
  expect(mount).toContain(`mount it ${place}`);
  expect(mount).toMatch(/: mountApi\((?:this\.)?app, /);
  expect(imported).toBe("and import it: import { mountApi } from './app/mount.js';");
});

test('a server is no application', async () => {
  const text = "import express from 'express';\nconst app = express().listen(3000);\n";
  expect((await foreignIn({ 'src/index.js': text })).entry).toBeUndefined();
});

test('packages go where npm would put them, in the way the block is written', () => {
  const versions = [
    ['mongodb', '^7.9.0'],
    ['zod', '^4.6.7'],
  ] as const;
  const block = (...names: string[]) =>
    `{\r\n\t"dependencies": {\r\n\t\t${names.join(',\r\n\t\t')}\r\n\t}\r\n}\r\n`;
  const [mongodb, zod] = ['"mongodb": "^7.9.0"', '"zod": "^4.6.7"'];
  const [cors, express, pug] = ['"cors": "2"', '"express": "5"', '"pug": "3"'];
  expect(withPackages(block(cors, express, pug), versions)).toBe(
    block(cors, express, mongodb, pug, zod),
  );
  expect(withPackages(block(pug, express), versions)).toBe(block(pug, express, mongodb, zod));
  expect(withPackages('{"dependencies":{"express":"5"},"name":"one"}', versions)).toBe(
    `{"dependencies":{"express":"5",${mongodb},${zod}},"name":"one"}`,
  );
});

test('a package that is there in an older major version is named', () => {
  const notes = (zod: string) => {
    const dependencies = { express: '5', mongodb: '^7.0.0', zod };
    return olderPackages({ manifest: JSON.stringify({ dependencies }) }, tools.templates);
  };
  expect(notes('^3.23.0')).toEqual([
    expect.stringMatching(/^package\.json asks for zod \^3\.23\.0: install zod@\^4\./),
  ]);
  expect(notes('^4.0.0')).toEqual([]);
});
