import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { start } from '../../../src/embedded-mongo/index.ts';
import { projectAt, type Project } from '../project.ts';
import { packageRoot, plainEnv, scratch } from '../tool.ts';
import { controllers } from './controllers.ts';
import { generator } from './generator.ts';
import { minimal } from './minimal.ts';
import { prefixed } from './prefixed.ts';
import { typed } from './typed.ts';

export const starters = { generator, minimal, typed, controllers, prefixed };

/** A starter on disk, without packages. */
export function starter(name: keyof typeof starters): Project {
  const project = projectAt(scratch());
  for (const [path, text] of Object.entries(starters[name])) project.write(path, text);
  return project;
}

/** A starter with books beside, and what the tool said then. */
export interface Added {
  readonly project: Project;
  readonly said: string;
}

const added = new Map<keyof typeof starters, Promise<Added>>();

/** A fresh copy of a starter with books, which are added once for the tests of a file. */
export async function withBooks(name: keyof typeof starters): Promise<Added> {
  const first = added.get(name) ?? addBooks(name);
  added.set(name, first);
  const { project, said } = await first;
  const root = scratch();
  cpSync(project.root, root, { recursive: true });
  return { project: projectAt(root), said };
}

async function addBooks(name: keyof typeof starters): Promise<Added> {
  const project = starter(name);
  const words = ['add', 'resource', 'book', 'title:string:required', '--yes'];
  const { code, out, err } = await project.run(...words);
  if (code !== 0 || err !== '') throw new Error(err);
  return { project, said: out };
}

/** Gives a project the packages of this repository, with the Express that it asks for. */
export function linkPackages({ root, read }: Project): void {
  const { dependencies } = JSON.parse(read('package.json')) as {
    dependencies: { express: string };
  };
  const from = join(packageRoot, 'node_modules');
  const to = join(root, 'node_modules');
  if (existsSync(to)) return;
  mkdirSync(to);
  const old = /^[~^]4/.test(dependencies.express);
  for (const name of readdirSync(from))
    if (!name.startsWith('.'))
      symlinkSync(join(from, old && name === 'express' ? 'express4' : name), join(to, name));
}

/**
 * Starts the application of a project with a database of its own; returns its address.
 * @param prepare gets the connection string of the database before anything else does
 */
export async function served(
  project: Project,
  command: readonly string[],
  prepare?: (uri: string) => Promise<void>,
): Promise<string> {
  linkPackages(project);
  const mongo = await start();
  await prepare?.(mongo.uri);
  const child = spawn(process.execPath, command, {
    cwd: project.root,
    env: { ...plainEnv(), PORT: '0', MONGODB_URI: mongo.uri },
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await mongo.stop();
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  return new Promise((done, failed) => {
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      const port = /listening (\d+)/.exec(said)?.[1];
      if (port !== undefined) done(`http://127.0.0.1:${port}`);
    });
    child.once('exit', () => {
      failed(new Error(said));
    });
  });
}
