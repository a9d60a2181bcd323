import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { inForm } from '../../src/render/form.ts';
import { format } from '../../src/render/format.ts';

const script = (text: string) => format('source.js', inForm(text, { to: 'esm', imports: '.js' }));

/** Laid out, without what the compiler leaves of lines that are gone, and without blank ones and remarks, some of which it drops. */
async function linesOf(text: string): Promise<readonly string[]> {
  const laid = await format('source.js', text);
  return laid
    .split('\n')
    .filter((line) => !/^(import \{\} from .*|export \{\};|\s*(\/\/|\/?\*).*|)$/.test(line));
}

/** What an application that was not made by us gets. */
const emitted = ['core', 'models', 'routes', 'services'].flatMap((folder) => {
  const root = path.join(import.meta.dirname, '../../examples/kitchen-sink/app', folder);
  return readdirSync(root).map((file) => path.join(root, file));
});

describe('a file in JavaScript', () => {
  it('says what the compiler of TypeScript makes of it', async () => {
    expect(emitted.length).toBeGreaterThan(50);
    for (const file of emitted) {
      const text = readFileSync(file, 'utf8');
      const { outputText } = ts.transpileModule(text, {
        compilerOptions: {
          target: ts.ScriptTarget.ES2023,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
        },
      });
      const own = inForm(text, { to: 'esm', imports: '.ts' });
      expect(await linesOf(own), file).toEqual(await linesOf(outputText));
    }
  });

  it('keeps remarks and blank lines where they are', async () => {
    const text = `// What the file is for.
import type { A } from './a.ts';
import { type B, c } from './b.ts';
import d, { type E } from './d.ts';

/** Told of the type. */
export interface F {
  g: string; // gone
}

/** Told of the function. */
export function h<T extends F>(i: T, j?: string): asserts i is T {
  const k = i as F; // why

  // Before the last line.
  return (<U,>(l: U): U => l)(k!.g satisfies string) ?? j;
}
export type { F as M };
`;
    expect(await script(text)).toBe(`// What the file is for.
import { c } from './b.js';
import d from './d.js';

/** Told of the function. */
export function h(i, j) {
  const k = i; // why

  // Before the last line.
  return ((l) => l)(k.g) ?? j;
}
`);
  });

  it('takes of classes, overloads and declarations what is about types', async () => {
    const text = `declare const a: number;
export abstract class B<T> extends C<T> implements D, E<T> {
  static readonly f: string = 'f';
  private g!: T;
  declare h: T;
  readonly #i?: T;
  constructor(protected_: T) {
    super();
  }
  public override async j(k: T): Promise<void>;
  public override async j(k?: T): Promise<void> {}
  protected abstract l(): void;
  [name: string]: unknown;
}
function m(n: string): void;
function m(n: string, ...o: string[]): void {
  let p!: Set<string>;
  for (const [q, { r }] of new Map<string, { r: string }>()) p.add(q + r + n + o);
}
`;
    expect(await script(text)).toBe(`export class B extends C {
  static f = 'f';
  g;
  #i;
  constructor(protected_) {
    super();
  }
  async j(k) {}
}
function m(n, ...o) {
  let p;
  for (const [q, { r }] of new Map()) p.add(q + r + n + o);
}
`);
  });

  it.each([
    'enum A { b }',
    'namespace A { export const b = 1; }',
    'class A { constructor(private b: string) {} }',
    'function a(this: string) {}',
    "import a = require('a');",
    'export = 1;',
  ])('is refused for what is more than types: %s', (text) => {
    expect(() => inForm(text, { to: 'esm', imports: '.js' })).toThrow('no JavaScript for: ');
  });
});

describe('the layout of TypeScript', () => {
  it('has no comma behind a parameter of types', async () => {
    const text = 'export const same = <T>(value: T): T => value;\n';
    expect(await format('app/same.ts', text)).toBe(text);
  });
});

describe('a file in CommonJS', () => {
  const required = (text: string) =>
    format('source.cjs', inForm(text, { to: 'commonjs', imports: '.js' }));

  it('requires at the top and exports at the end', async () => {
    const text = `import { type A, b, c as d } from './b.ts';
import * as e from 'e';
import './f.ts';

export const g = b,
  h = d;
export { b as i };
export { j, k as l } from './m.ts';
export async function n(): Promise<A> {}
export class O {}
`;
    expect(await required(text)).toBe(`'use strict';

const { b, c: d } = require('./b.js');
const e = require('e');
require('./f.js');

const g = b,
  h = d;

async function n() {}
class O {}

module.exports = { g, h, i: b, j: require('./m.js').j, l: require('./m.js').k, n, O };
`);
  });

  it.each([
    'export default 1;',
    'export const [a] = b;',
    "export * from './a.ts';",
    "import a from 'a';",
  ])('is refused for what it cannot say: %s', (text) => {
    expect(() => inForm(text, { to: 'commonjs', imports: '.js' })).toThrow('no CommonJS for: ');
  });
});

describe('a file in TypeScript', () => {
  it.each(['.js', ''])(
    'has paths that end in "%s", wherever it names a file of its own',
    (imports) => {
      const text = (ending: string) => `import a, { type B } from './b${ending}';
export { c } from '../c${ending}';
export * from 'd.ts';
export type E = import('./e${ending}').E;
export const f = () => import('./f${ending}');
export const g = './g.ts';
`;
      expect(inForm(text('.ts'), { to: 'typescript', imports })).toBe(text(imports));
    },
  );
});
