/**
 * schemathesis (PyPI, in its own virtual environment) with all checks against two running projects and their own
 * /openapi.json: the kitchen-sink, and one that has every feature. What it takes for a failure and is none is explained, case by
 * case, in schemathesis/explained.json and printed with its count; any other failure ends this with an error. Subscriptions to
 * webhooks get addresses at random: neither a question for a name nor a connection leaves this machine.
 *
 *   SCHEMATHESIS_EXAMPLES=50 SCHEMATHESIS_SEED=1 npx tsx test/e2e/schemathesis.ts
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { answers, freePort, inTemporaryFolder, repository, run, start, stop } from './support.ts';

const version = '4.32.5';
const examples = process.env.SCHEMATHESIS_EXAMPLES ?? '12';
const seed = process.env.SCHEMATHESIS_SEED ?? '1';

const venv = path.join(repository, '.cache/schemathesis', version);
const schemathesis = path.join(venv, 'bin/schemathesis');
if (!existsSync(schemathesis)) {
  await run(repository, 'python3', ['-m', 'venv', venv]);
  await run(repository, path.join(venv, 'bin/pip'), ['install', '-q', `schemathesis==${version}`]);
}

const settings = path.join(import.meta.dirname, 'schemathesis');

interface Explanation {
  readonly failure: string;
  readonly codes?: readonly string[];
  readonly why: string;
}

/** What a project is made of, what it is told beside, and what has to be there before the first request. */
interface Project {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Options that leave out what the other project has shown. */
  readonly only?: readonly string[];
  /** @returns by path, the parameters of what exists then */
  readonly prepare: (base: string) => Promise<Known>;
  /** Throws when what should have happened did not. */
  readonly judge?: (base: string) => Promise<void>;
}

type Known = Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;

const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));

/** Prints every explanation with the number of answers it explained. */
const explain = async (counted: readonly Readonly<Record<string, number>>[]): Promise<void> => {
  const list = (await readJson(path.join(settings, 'explained.json'))) as readonly Explanation[];
  console.log('\nExplained, not failures:');
  for (const [i, { failure, codes = [failure], why }] of list.entries()) {
    const count = counted.reduce((sum, counts) => sum + (counts[i] ?? 0), 0);
    console.log(`${String(count).padStart(6)} × ${codes.join(', ')}: ${why}`);
  }
};

/** Makes the documents that the references in the examples point to, so that the examples can be created. */
const seedReferences = async (base: string): Promise<Known> => {
  const { components } = (await (await fetch(`${base}/openapi.json`)).json()) as {
    components: { schemas: Record<string, { example?: unknown }> };
  };
  for (const [name, resource] of [
    ['PersonInput', 'people'],
    ['SpecimenInput', 'specimen'],
  ]) {
    const answer = await fetch(`${base}/api/${resource}/${'1'.padStart(24, '0')}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'If-None-Match': '*' },
      body: JSON.stringify(components.schemas[name ?? '']?.example),
    });
    if (answer.status !== 201) throw new Error(`${name}: ${await answer.text()}`);
  }
  return {};
};

const sendJson = async (url: string, body: unknown, method = 'POST', headers = {}) => {
  const answer = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
  return (await answer.json()) as { _id: string };
};

/** Waits for the first document of a list that satisfies the query. */
const firstOf = async (url: string): Promise<{ _id: string }> => {
  const until = performance.now() + 60_000;
  for (;;) {
    const answer = await fetch(url);
    const { data } = (await answer.json()) as { data: readonly { _id: string }[] };
    if (data[0]) return data[0];
    if (performance.now() > until) throw new Error(`${url} stayed empty`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

/** A run that is over, and a delivery that a subscriber on this machine has received. */
const seedFeatures =
  (receiver: string) =>
  async (base: string): Promise<Known> => {
    const id = '1'.padStart(24, '0');
    const subscription = { url: receiver, secret: 'x'.repeat(32), events: ['product.*'] };
    const onlyNew = { 'If-None-Match': '*' };
    await sendJson(`${base}/api/webhooks/${id}`, subscription, 'PUT', onlyNew);
    // An address that no host has: what is kept on this machine is seen to be.
    const elsewhere = { ...subscription, url: 'http://192.0.2.1/', events: ['*'] };
    await sendJson(`${base}/api/webhooks`, elsewhere);
    await sendJson(`${base}/api/products`, { name: 'Lamp' });
    const run = await sendJson(`${base}/api/automations/report/runs`, {});
    const delivery = await firstOf(`${base}/api/webhooks/${id}/deliveries?state=done`);
    return {
      '/api/automations/{name}/runs': [{ name: 'report' }],
      '/webhooks/{name}': [{ name: 'deploy' }, { name: 'push' }],
      '/api/runs/{id}': [{ id: run._id }],
      '/api/runs/{id}/cancel': [{ id: run._id }],
      '/api/runs/{id}/retry': [{ id: run._id }, { id: delivery._id }],
      '/api/webhooks/{id}/deliveries': [{ id }],
      '/api/webhooks/{id}/deliveries/{delivery}/replay': [{ id, delivery: delivery._id }],
    };
  };

const projects = (receiver: string): readonly Project[] => [
  {
    name: 'kitchen-sink',
    args: ['example', 'kitchen-sink', 'kitchen-sink'],
    prepare: seedReferences,
  },
  {
    name: 'features',
    args: ['features', '--from', path.join(settings, 'features.json'), '--yes'],
    env: {
      WEBHOOK_DEPLOY_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
      WEBHOOK_PUSH_SECRET: randomBytes(32).toString('hex'),
    },
    only: ['--exclude-path-regex', '^/api/products/'],
    prepare: seedFeatures(receiver),
    judge: webhookRuns,
  },
];

/** Deliveries that were rightly signed became runs, else nothing behind the signature was tried. */
const webhookRuns = async (base: string): Promise<void> => {
  for (const name of ['deploy', 'push'])
    await firstOf(`${base}/api/runs?kind=webhooks/${name}&limit=1`);
};

interface Outcome {
  readonly report: string;
  readonly failed: boolean;
  /** Calls that were to leave this machine: loopback.mjs has let none of them. */
  readonly kept: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** Emits a project, starts it and lets schemathesis at it. */
const fuzz = async (
  folder: string,
  { name, args, env, only = [], prepare, judge }: Project,
): Promise<Outcome> => {
  const cli = path.join(repository, 'bin/create-flask-style-api.js');
  await run(folder, process.execPath, [cli, ...args, '--no-install', '--no-git']);
  const project = path.join(folder, name);
  await symlink(path.join(repository, 'node_modules'), path.join(project, 'node_modules'));
  const counts = path.join(folder, `${name}-counts.json`);
  const left = path.join(folder, `${name}-left.txt`);
  const port = await freePort();
  const app = start(project, 'npm', ['run', 'dev'], {
    ...env,
    PORT: String(port),
    LOG_LEVEL: 'error',
    LEFT_OUT: left,
    NODE_OPTIONS: `--import=${pathToFileURL(path.join(settings, 'loopback.mjs')).href}`,
  });
  try {
    const base = `http://127.0.0.1:${port}`;
    await answers(`${base}/readyz`);
    const known = await prepare(base);
    const config = ['--config-file', path.join(settings, 'schemathesis.toml')];
    const options = ['--seed', seed, '--max-examples', examples, '--checks', 'all', '--no-color'];
    const { all, failed } = await execa(
      schemathesis,
      [...config, 'run', `${base}/openapi.json`, '--continue-on-failure', ...options, ...only],
      {
        cwd: folder,
        env: {
          ...env,
          SCHEMATHESIS_HOOKS: path.join(settings, 'hooks.py'),
          EXPLAINED_COUNTS: counts,
          KNOWN: JSON.stringify(known),
        },
        all: true,
        reject: false,
      },
    );
    const judged = await judge?.(base).catch(String);
    return {
      report: `\n===== ${name}\n${all}\n${judged ?? ''}`,
      failed: failed || judged !== undefined,
      kept: existsSync(left) ? (await readFile(left, 'utf8')).split('\n').length - 1 : 0,
      counts: existsSync(counts)
        ? ((await readJson(counts)) as Readonly<Record<string, number>>)
        : {},
    };
  } finally {
    await stop(app);
  }
};

await inTemporaryFolder(async (folder) => {
  const receiver = createServer((_req, res) => res.writeHead(204).end()).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const all = projects(`http://127.0.0.1:${port}/`);
  const settled = await Promise.allSettled(all.map((project) => fuzz(folder, project)));
  receiver.close();
  const outcomes = settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
  for (const { report } of outcomes) console.log(report);
  await explain(outcomes.map(({ counts }) => counts));
  const kept = outcomes.reduce((sum, outcome) => sum + outcome.kept, 0);
  console.log(`\n${kept} calls were to leave this machine and were kept on it`);
  if (kept === 0) throw new Error('No call was kept: is loopback.mjs loaded?');
  if (outcomes.some(({ failed }) => failed)) throw new Error('schemathesis found failures');
});
