/**
 * The emitted Dockerfile, for real: built with buildah on a local node:24-bookworm-slim (tools/oci-base of the folder named by
 * SHARED_DIR), run as the image's user on a read-only root against the embedded server beside it, asked over HTTP, and
 * stopped with SIGTERM. Secrets and development files are looked for in what was built.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { start as startDatabase } from '../../src/embedded-mongo/index.ts';
import { answers, freePort, inTemporaryFolder, output, repository, run, start } from './support.ts';

const shared = process.env.SHARED_DIR ?? path.resolve(repository, '../shared');
const buildah = { ...process.env, STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' };
const tag = 'flask-style-e2e';

const expect = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`image: ${what}`);
  console.log(`ok: ${what}`);
};

/** Runs the image's own command as its own user in a chroot whose root is mounted read-only. */
const readOnlyRun = (
  root: string,
  user: string,
  cwd: string,
  command: readonly string[],
): string[] => [
  '--mount',
  '--propagation',
  'private',
  'sh',
  '-c',
  [
    'mount --bind "$1" "$1"',
    'mount --bind /proc "$1/proc"',
    'mount --bind /dev "$1/dev"',
    'mount -o remount,bind,ro "$1"',
    '! touch "$1/tmp/written" 2>/dev/null',
    'root=$1 user=$2 cwd=$3',
    'shift 3',
    'exec chroot --userspec="$user" "$root" /usr/bin/env -C "$cwd" "$@"',
  ].join(' && '),
  'sh',
  root,
  user,
  cwd,
  ...command,
];

interface ImageConfig {
  User: string;
  WorkingDir: string;
  Cmd: string[];
  Env: string[];
  Healthcheck?: { Test: string[] };
}

await inTemporaryFolder(async (folder) => {
  await run(repository, path.join(shared, 'tools/oci-base'), []);
  const cli = path.join(repository, 'bin/create-flask-style-api.js');
  const fields = ['name:string:required', 'price:number'];
  await run(folder, process.execPath, [
    cli,
    'shop',
    '--resource',
    'product',
    ...fields,
    '--yes',
    '--no-git',
  ]);
  const project = path.join(folder, 'shop');
  const build = ['bud', '--pull-never', '--network', 'host', '--format', 'docker', '-t', tag, '.'];
  await run(project, 'buildah', build, buildah);

  const inspect = await output(folder, 'buildah', ['inspect', '--type', 'image', tag], buildah);
  const { config } = (JSON.parse(inspect) as { Docker: { config: ImageConfig } }).Docker;
  expect(/^\d+(:\d+)?$/.test(config.User), `runs as a numeric user (${config.User})`);
  expect(config.User.split(':')[0] !== '0', 'does not run as root');
  expect(config.Cmd[0] === 'node', `node is process 1: ${JSON.stringify(config.Cmd)}`);
  expect(config.Healthcheck !== undefined, 'has a HEALTHCHECK');

  const from = await output(folder, 'buildah', ['from', '--pull-never', tag], buildah);
  const container = from.trim();
  const root = (await output(folder, 'buildah', ['mount', container], buildah)).trim();
  const work = path.join(root, config.WorkingDir);
  for (const left of ['.env', '.git', 'tests', 'dev', 'node_modules/vitest', 'node_modules/tsx'])
    expect(!existsSync(path.join(work, left)), `has no ${left}`);

  const database = await startDatabase({ port: 0 });
  const port = await freePort();
  const user = config.User.includes(':') ? config.User : `${config.User}:${config.User}`;
  const env = {
    ...Object.fromEntries(config.Env.map((line) => line.split(/=(.*)/s).slice(0, 2))),
    MONGODB_URI: database.uri.replace(/\/?(\?|$)/, '/shop$1'),
    PORT: String(port),
    HOST: '127.0.0.1',
  };
  const command = readOnlyRun(root, user, config.WorkingDir, config.Cmd);
  const app = start(folder, 'unshare', command, env);
  try {
    await answers(`http://127.0.0.1:${port}/readyz`, 30);
    expect(true, 'ready on a read-only root');
    const base = `http://127.0.0.1:${port}/api/products`;
    const body = JSON.stringify({ name: 'Lamp', price: 19.9 });
    const headers = { 'content-type': 'application/json' };
    const created = await fetch(base, { method: 'POST', headers, body });
    expect(created.status === 201, `creates (${created.status})`);
    const list = (await (await fetch(base)).json()) as { data: { name: string }[] };
    expect(list.data[0]?.name === 'Lamp', 'lists what was created');
    const [, ...probe] = config.Healthcheck?.Test ?? [];
    const healthy = probe.length === 1 ? ['sh', '-c', probe[0] ?? ''] : probe;
    await run(folder, 'chroot', [`--userspec=${user}`, root, ...healthy], env);
    expect(true, 'its HEALTHCHECK passes');
  } finally {
    app.kill('SIGTERM');
    const { exitCode } = await app;
    console.log(`stopped with ${exitCode ?? 'a signal'}`);
    await database.stop();
    await run(folder, 'buildah', ['rm', container], buildah);
    await run(folder, 'buildah', ['rmi', '--force', tag], buildah);
    expect(exitCode === 0, 'SIGTERM drains and exits 0');
  }
});
