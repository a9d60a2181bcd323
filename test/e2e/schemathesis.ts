/**
 * schemathesis (PyPI, in its own virtual environment) with all checks against the running kitchen-sink and its own
 * /openapi.json. What it takes for a failure and is none is explained, case by case, in schemathesis/explained.json and printed
 * with its count; any other failure ends this with an error.
 *
 *   SCHEMATHESIS_EXAMPLES=50 SCHEMATHESIS_SEED=1 npx tsx test/e2e/schemathesis.ts
 */
import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
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

/** Prints every explanation with the number of answers it explained. */
const explain = async (countsFile: string): Promise<void> => {
  const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));
  const list = (await read(path.join(settings, 'explained.json'))) as readonly Explanation[];
  const counts = (await read(countsFile)) as Readonly<Record<string, number>>;
  console.log('\nExplained, not failures:');
  for (const [i, { failure, codes = [failure], why }] of list.entries()) {
    console.log(`${String(counts[i] ?? 0).padStart(6)} × ${codes.join(', ')}: ${why}`);
  }
};

/** Makes the documents that the references in the examples point to, so that the examples can be created. */
const seedReferences = async (base: string): Promise<void> => {
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
    await seedReferences(base);
    const config = ['--config-file', path.join(settings, 'schemathesis.toml')];
    const options = ['--seed', seed, '--max-examples', examples, '--checks', 'all'];
    const env = { SCHEMATHESIS_HOOKS: path.join(settings, 'hooks.py'), EXPLAINED_COUNTS: counts };
    const args = [...config, 'run', `${base}/openapi.json`, '--continue-on-failure', ...options];
    await run(folder, schemathesis, args, env);
  } finally {
    await stop(app);
    if (existsSync(counts)) await explain(counts);
  }
});
