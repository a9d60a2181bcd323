import { parse } from 'jsonc-parser';
import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { exit, UserError } from '../../errors.ts';
import type { Beside } from '../../spec/schema.ts';
import type { ProjectFiles } from '../files.ts';
import { findEntry, type Entry } from './entry.ts';

const oldestExpress = 4;

/** An Express project that was not made by us. */
export interface Foreign {
  readonly beside: Beside;
  readonly entry: Entry | undefined;
  /** The text of its package.json. */
  readonly manifest: string;
  /** The text of its tsconfig.json. */
  readonly config: string | undefined;
}

/** What we need to know of a package.json; whatever else it is, it is somebody else's. */
export interface Manifest {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly main?: unknown;
  readonly dependencies?: unknown;
  readonly devDependencies?: unknown;
}

/** The members of a package.json, none for a text that has none. */
export function manifestIn(text: string): Manifest {
  const value: unknown = parse(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true });
  return typeof value === 'object' && value !== null ? value : {};
}

/** The names of the packages in a block of a package.json. */
export function packagesIn(block: unknown): readonly string[] {
  return typeof block === 'object' && block !== null ? Object.keys(block) : [];
}

/** The project in a folder; `undefined` when its package.json does not depend on express. Only reads. */
export async function detectForeign(files: ProjectFiles): Promise<Foreign | undefined> {
  const manifest = await files.text('package.json');
  if (manifest === undefined) return undefined;
  const { type, main, dependencies } = manifestIn(manifest);
  const express = rangeIn(dependencies, 'express');
  if (express === undefined) return undefined;
  refuseOld(express);
  const entry = await findEntry(files, main);
  const config = await files.text('tsconfig.json');
  const folder = await freeFolder(files, entry);
  return { manifest, config, entry, beside: besideOf(folder, entry, type === 'module', config) };
}

/** The range of versions that a block of a package.json asks for. */
export function rangeIn(block: unknown, name: string): string | undefined {
  if (typeof block !== 'object' || block === null) return undefined;
  const range: unknown = Object.entries(block).find(([key]) => key === name)?.[1];
  return typeof range === 'string' ? range : undefined;
}

/** A range without a number, such as `latest` or a path, is taken for a new one. */
function refuseOld(range: string): void {
  const major = /\d+/.exec(range)?.[0];
  if (major === undefined || Number(major) >= oldestExpress) return;
  throw new UserError(
    exit.usage,
    `package.json: express ${range} is too old for the layout`,
    `raise it to express ${oldestExpress} or newer`,
  );
}

/** A folder that nobody has; where all are taken, the files that lie in the way are named later. */
async function freeFolder(
  { root }: ProjectFiles,
  entry: Entry | undefined,
): Promise<Beside['folder']> {
  const source = entry?.path.startsWith('src/') ? 'src' : '';
  const taken = await readdir(join(root, source, 'app')).catch(() => []);
  if (source === '') return taken.length === 0 ? 'app' : 'api';
  return taken.length === 0 ? 'src/app' : 'src/api';
}

function besideOf(
  folder: Beside['folder'],
  entry: Entry | undefined,
  module: boolean,
  config: string | undefined,
): Beside {
  const ending = entry === undefined ? undefined : posix.extname(entry.path);
  const modules =
    ending?.startsWith('.m') || (module && !ending?.startsWith('.c')) ? 'esm' : 'commonjs';
  const typed = ending === undefined ? config !== undefined : ending.endsWith('ts');
  if (typed) return { folder, ending: 'ts', modules, imports: importsOf(modules, config) };
  // What package.json says of .js is the other thing in these two cases.
  const own = ending === '.mjs' && !module ? 'mjs' : ending === '.cjs' && module ? 'cjs' : 'js';
  return { folder, ending: own, modules, imports: own };
}

/** How TypeScript wants the paths of its own files. */
function importsOf(modules: Beside['modules'], config: string | undefined): Beside['imports'] {
  const options = compilerOptions(config);
  const asWritten =
    options['allowImportingTsExtensions'] === true ||
    options['rewriteRelativeImportExtensions'] === true;
  // Without a tsconfig.json it is Node itself that takes the types away.
  if (config === undefined || asWritten) return 'ts';
  return modules === 'esm' ? 'js' : 'none';
}

/** The options of a tsconfig.json as they stand there; what it extends is not followed. */
export function compilerOptions(config = ''): Readonly<Record<string, unknown>> {
  const value: unknown = parse(config, [], { allowTrailingComma: true });
  const { compilerOptions: options } = (value ?? {}) as { readonly compilerOptions?: unknown };
  return typeof options === 'object' && options !== null ? { ...options } : {};
}
