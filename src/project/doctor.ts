import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/schema.ts';
import { mountCheck, usualDatabase } from './beside/mounted.ts';
import { bookChecks } from './doctor-books.ts';
import { failed, type Check } from './doctor-check.ts';
import { databaseCheck, portCheck } from './doctor-network.ts';
import { runChecks } from './doctor-runs.ts';
import type { Tools } from './open.ts';

export type { Check } from './doctor-check.ts';

const oldestNode = [20, 19] as const;

/**
 * Looks at everything a project needs to run. Changes nothing, and never runs code of the project.
 *
 * @param tools the project and the running program
 * @param environment wins over the `.env` of the project
 */
export async function doctor(
  tools: Tools,
  environment: NodeJS.ProcessEnv = {},
): Promise<readonly Check[]> {
  const { root } = tools;
  const env: NodeJS.ProcessEnv = { ...(await dotEnv(root)), ...environment };
  const spec = await specCheck(root);
  return [
    nodeCheck(process.versions.node),
    spec.check,
    ...(await bookChecks(tools)),
    ...(await runChecks(root)),
    await packagesCheck(root, spec.spec?.packageManager ?? 'npm'),
    ...(await servingChecks(root, spec.spec?.beside, env)),
  ];
}

/** Whether it could serve: what it listens on is the business of an application that was not made by us. */
async function servingChecks(
  root: string,
  beside: Spec['beside'],
  env: NodeJS.ProcessEnv,
): Promise<readonly Check[]> {
  const uri = env['MONGODB_URI'];
  if (beside !== undefined)
    return [await mountCheck(root, beside), await databaseCheck(uri ?? usualDatabase, false)];
  return [
    await portCheck(env['PORT'] ?? '5000', env['HOST'] ?? '127.0.0.1'),
    await databaseCheck(uri, await isThere(path.join(root, 'dev/embedded-mongo.mjs'))),
  ];
}

/** Whether a version of Node, such as `20.19.0`, can run the tool and its projects. */
export function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const what = `Node ${version}`;
  return ok ? { ok, what } : { ok, what, do: `install Node ${oldestNode.join('.')} or newer` };
}

async function specCheck(root: string): Promise<{ readonly check: Check; readonly spec?: Spec }> {
  try {
    const text = await readFile(path.join(root, 'flask-style.json'), 'utf8');
    const spec = parseSpec(text, 'flask-style.json');
    const count = Object.keys(spec.resources).length;
    const what = `flask-style.json: ${count} ${count === 1 ? 'resource' : 'resources'}`;
    return { check: { ok: true, what }, spec };
  } catch (error) {
    return { check: failed('flask-style.json', error) };
  }
}

async function packagesCheck(root: string, manager: Spec['packageManager']): Promise<Check> {
  const ok = await isThere(path.join(root, 'node_modules'));
  return ok
    ? { ok, what: 'packages are installed' }
    : { ok, what: 'packages are not installed', do: `${manager} install` };
}

function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

async function dotEnv(root: string): Promise<NodeJS.ProcessEnv> {
  const text = await readFile(path.join(root, '.env'), 'utf8').catch(() => '');
  return parseEnv(text);
}
