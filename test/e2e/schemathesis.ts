/**
 * schemathesis (PyPI, in its own virtual environment) with all checks against the running kitchen-sink and its own
 * /openapi.json. Failures that are none are explained one by one in schemathesis/explained.json; any other failure,
 * and an explanation that explains nothing any more, ends this with an error.
 *
 *   SCHEMATHESIS_EXAMPLES=50 SCHEMATHESIS_SEED=1 npx tsx test/e2e/schemathesis.ts
 */
import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { answers, freePort, inTemporaryFolder, repository, run, start, stop } from './support.ts';

const version = '4.32.5';
const examples = process.env.SCHEMATHESIS_EXAMPLES ?? '100';
const seed = process.env.SCHEMATHESIS_SEED ?? '1';

const venv = path.join(repository, '.cache/schemathesis', version);
const schemathesis = path.join(venv, 'bin/schemathesis');
if (!existsSync(schemathesis)) {
  await run(repository, 'python3', ['-m', 'venv', venv]);
  await run(repository, path.join(venv, 'bin/pip'), ['install', '-q', `schemathesis==${version}`]);
}

const settings = path.join(import.meta.dirname, 'schemathesis');

interface Explanation {
  readonly codes: readonly string[];
  readonly why: string;
}

/** Prints every explanation with the number of failures it explained. Throws for one that nothing needs. */
const explain = async (countsFile: string): Promise<void> => {
  const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));
  const list = (await read(path.join(settings, 'explained.json'))) as readonly Explanation[];
  const counts = (await read(countsFile)) as Readonly<Record<string, number>>;
  console.log('\nExplained, not failures:');
  for (const [i, { codes, why }] of list.entries()) {
    console.log(`${String(counts[i] ?? 0).padStart(6)} × ${codes.join(', ')}: ${why}`);
  }
  const unused = list.filter((_each, i) => counts[i] === undefined);
  if (unused.length > 0) {
    throw new Error(`explained.json explains what did not happen: ${JSON.stringify(unused)}`);
  }
};

await inTemporaryFolder(async (folder) => {
  const cli = path.join(repository, 'bin/create-flask-style-api.js');
  const target = ['example', 'kitchen-sink', 'sink', '--no-install', '--no-git'];
  await run(folder, process.execPath, [cli, ...target]);
  const project = path.join(folder, 'sink');
  await symlink(path.join(repository, 'node_modules'), path.join(project, 'node_modules'));
  const port = await freePort();
  const app = start(project, 'npm', ['run', 'dev'], { PORT: String(port), LOG_LEVEL: 'error' });
  const counts = path.join(folder, 'counts.json');
  try {
    const base = `http://127.0.0.1:${port}`;
    await answers(`${base}/readyz`);
    const config = ['--config-file', path.join(settings, 'schemathesis.toml')];
    const options = ['--seed', seed, '--max-examples', examples, '--checks', 'all'];
    const env = { SCHEMATHESIS_HOOKS: path.join(settings, 'hooks.py'), EXPLAINED_COUNTS: counts };
    const args = [...config, 'run', `${base}/openapi.json`, '--continue-on-failure', ...options];
    await run(folder, schemathesis, args, env);
  } finally {
    await stop(app);
  }
  await explain(counts);
});
