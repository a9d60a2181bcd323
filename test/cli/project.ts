import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { replaceIn } from '../replace-in.ts';
import { scratch, tool, type Ended } from './tool.ts';

/** A project on disk, and the tool run in it. */
export interface Project {
  readonly root: string;
  run(...args: string[]): Promise<Ended>;
  read(path: string): string;
  write(path: string, text: string): void;
  /** Writes a file with one part of its text replaced, which has to be there. */
  edit(path: string, from: string, to: string): void;
}

let emitted: Promise<string> | undefined;

/** A fresh copy of a shop: products with a category, emitted once for the tests of a file. */
export async function shop(): Promise<Project> {
  emitted ??= emit();
  const root = join(scratch(), 'shop');
  cpSync(await emitted, root, { recursive: true });
  return projectAt(root);
}

/** The project in a folder. */
export function projectAt(root: string): Project {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  return {
    root,
    run: (...args) => tool(args, { cwd: root, timeout: 120_000 }),
    read,
    write,
    edit: (path, from, to) => replaceIn(join(root, path), from, to),
  };
}

async function emit(): Promise<string> {
  const cwd = scratch();
  const resources = [
    ...['--resource', 'category', 'name:string:required:unique'],
    ...['--resource', 'product', 'title:string:required', 'price:number:min=0'],
    'category:ref:category',
  ];
  const { code, err } = await tool(['shop', ...resources, '--no-install', '--no-git'], { cwd });
  if (code !== 0) throw new Error(err);
  return join(cwd, 'shop');
}

/** The service of products with a rule of the user in it. */
export const ownRule = `import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { product } from '../models/product.ts';

/**
 * The rules of /products, without HTTP. A third argument of \`crud\` takes hooks: \`beforeWrite\`,
 * \`afterWrite\`, \`beforeRead\`.
 */
export const products = (context: Context) =>
  crud(context, product, {
    beforeWrite: (document) => {
      if (document.title === 'x') document.title = 'y';
    },
  });
`;
