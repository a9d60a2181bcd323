/** The lines for a shell in the README of a project do what they say, for every type of field, against that project. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { useDatabase, useProject } from './support/hooks.ts';
import { startProcess } from './support/process.ts';
import { repository } from './support/project.ts';

const run = promisify(execFile);

/** The requests of a README, in order; the lines that install and start the project are not among them. */
const requestsIn = (readme: string) =>
  [...readme.matchAll(/^```sh\n([^]*?)^```$/gm)]
    .map(([, block = '']) => block)
    .filter((block) => /^api=|\bcurl /m.test(block))
    .join('');

/** As many lines `<method> <status>` as curl is called. */
const telling = 'curl() { command curl -w \'%{stderr}%{method} %{http_code}\\n\' "$@"; }\n';

describe.each([
  ['every type of field', join(repository, 'examples/kitchen-sink/flask-style.json'), []],
  [
    'every feature that answers requests',
    join(import.meta.dirname, 'fixtures/everything.json'),
    ['POST 201', 'GET 200', 'GET 200', 'POST 202'],
  ],
] as const)('a README with %s', (_, spec, more) => {
  const project = useProject(spec);
  const database = useDatabase();

  it('has no line that fails', async () => {
    const app = await startProcess(project.path, {
      NODE_ENV: 'development',
      MONGODB_URI: database.uri,
      // A line subscribes an address of the Internet: nothing is sent there.
      JOB_SLOTS: '0',
    });
    try {
      await app.said('"ready"');
      const readme = await readFile(join(project.path, 'README.md'), 'utf8');
      const requests = requestsIn(readme).replace('http://127.0.0.1:5000', app.url);
      expect(requests).toContain(`api=${app.url}/api\n`);
      const { stderr } = await run('sh', ['-euc', telling + requests]);
      const resources = readme.match(/^### (?!Tidy up)/gm) ?? [];
      const each = ['POST 201', 'GET 200', 'GET 200', 'PATCH 200', 'DELETE 204'];
      const expected = [...resources.flatMap(() => each), ...more];
      expect(stderr.trim().split('\n').sort()).toEqual(expected.sort());
    } finally {
      await app.stop();
    }
  }, 60_000);
});
