/** The processes of the comparison: applications on core 0, database and load on core 1. */
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { MongoClient } from 'mongodb';
import { answers, freePort, repository, stop, type Running } from '../../test/e2e/support.ts';
import { floors, type Scenario, type Side } from './scenarios.ts';

const shared = process.env.SHARED_DIR ?? path.resolve(repository, '../shared');
const documents = 10_000;
const connections = 20;

export interface Servers {
  /** The id of a stored document of a side. */
  id(side: Side): string;
  url(side: Side): string;
  /** Requests a second over one timed run. */
  load(side: Side, scenario: Scenario, seconds: number): Promise<number>;
  stop(): Promise<void>;
}

const databaseScript = `
import { start } from ${JSON.stringify(path.join(repository, 'src/embedded-mongo/index.ts'))};
await start({ port: Number(process.env.PORT) });
`;

const emit = async (folder: string): Promise<string> => {
  const cli = path.join(repository, 'bin/create-flask-style-api.js');
  const fields = [
    'name:string:required:maxLength=200',
    'price:number:min=0:index',
    'tags:string:array',
  ];
  const flags = ['--yes', '--no-install', '--no-git', '--without', 'pages'];
  const args = [cli, 'shop', '--resource', 'product', ...fields, ...flags];
  await execa(process.execPath, args, { cwd: folder });
  const project = path.join(folder, 'shop');
  await symlink(path.join(repository, 'node_modules'), path.join(project, 'node_modules'));
  await execa('npm', ['run', 'build'], { cwd: project });
  return project;
};

const fill = async (uri: string): Promise<string> => {
  const client = await new MongoClient(uri).connect();
  const now = new Date();
  const rows = Array.from({ length: documents }, (_, n) => ({
    name: `Product ${n}`,
    price: n,
    tags: ['home', 'light'],
    _rev: 1,
    createdAt: now,
    updatedAt: now,
  }));
  const products = client.db().collection('products');
  const { insertedIds } = await products.insertMany(rows);
  await products.createIndex({ price: 1, _id: 1 });
  await client.close();
  return String(insertedIds[documents / 2]);
};

/** Logs are written and thrown away by the kernel on every side. */
const onCore = (core: 0 | 1, cwd: string, args: readonly string[], env: NodeJS.ProcessEnv) =>
  execa('taskset', ['-c', String(core), process.execPath, ...args], {
    cwd,
    env,
    detached: true,
    reject: false,
    stdio: ['ignore', 'ignore', 'inherit'],
  });

/** Starts the database, fills one database a side, and starts the applications. */
export const startServers = async (): Promise<Servers> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'flask-style-bench-'));
  const project = await emit(folder);
  await cp(path.join(shared, 'bench'), path.join(folder, 'floors'), { recursive: true });
  await symlink(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));

  const databasePort = await freePort();
  const script = path.join(folder, 'database.mts');
  await writeFile(script, databaseScript);
  const tsx = path.join(repository, 'node_modules/tsx/dist/cli.mjs');
  const database = onCore(1, folder, [tsx, script], { PORT: String(databasePort), NODE_ENV: '' });

  const uri = (name: string): string =>
    `mongodb://127.0.0.1:${databasePort}/${name}?directConnection=true`;
  const sides: readonly Side[] = ['emitted', ...floors];
  const ids = new Map<Side, string>();
  for (const side of sides) ids.set(side, await fill(uri(side)));

  const ports = new Map<Side, number>();
  const apps: Running[] = [];
  for (const side of sides) {
    const port = await freePort();
    ports.set(side, port);
    const env = {
      NODE_ENV: 'production',
      PORT: String(port),
      HOST: '127.0.0.1',
      MONGODB_URI: uri(side),
      RATE_LIMIT_MAX: '0',
      LOG_FILE: '/dev/null',
    };
    const ours = side === 'emitted';
    const args = ours ? ['dist/run.js'] : [path.join(folder, `floors/${side}.mjs`)];
    apps.push(onCore(0, ours ? project : folder, args, env));
  }
  const url = (side: Side): string => `http://127.0.0.1:${ports.get(side)}`;
  await answers(`${url('emitted')}/readyz`);
  for (const floor of floors) await answers(`${url(floor)}/products?limit=1`);

  return {
    id: (side) => ids.get(side) ?? '',
    url,
    load: async (side, scenario, seconds) => {
      const { method, path: target, body } = scenario.request(side, ids.get(side) ?? '');
      const headers = { 'content-type': 'application/json' };
      const request = { method, path: target, ...(body !== undefined && { body, headers }) };
      const job = { url: url(side), connections, seconds, warmup: 0.3, requests: [request] };
      const load = path.join(folder, 'floors/load.mjs');
      const args = ['-c', '1', process.execPath, load, JSON.stringify(job)];
      const { stdout } = await execa('taskset', args);
      const end = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
        rps: number;
        statuses: Record<string, number>;
      };
      const others = Object.keys(end.statuses).filter((code) => code !== String(scenario.status));
      if (others.length > 0) throw new Error(`${scenario.name}: ${side} answered ${others.join()}`);
      return end.rps;
    },
    stop: async () => {
      await Promise.all([...apps, database].map(stop));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
