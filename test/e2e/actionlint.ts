/** The emitted workflow passes actionlint (from the Go proxy), for npm and for pnpm. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inTemporaryFolder, repository, run } from './support.ts';

const version = 'v1.7.12';
const bin = path.join(repository, '.cache/actionlint');
const actionlint = path.join(bin, 'actionlint');
if (!existsSync(actionlint))
  await run(
    repository,
    'go',
    ['install', `github.com/rhysd/actionlint/cmd/actionlint@${version}`],
    { GOBIN: bin, GOFLAGS: '-mod=mod' },
  );

await inTemporaryFolder(async (folder) => {
  const cli = path.join(repository, 'bin/create-flask-style-api.js');
  for (const pm of ['npm', 'pnpm']) {
    const flags = ['--yes', '--no-install', '--no-git', '--pm', pm];
    await run(folder, process.execPath, [cli, pm, '--resource', 'product', 'name', ...flags]);
    await run(folder, actionlint, ['-color', path.join(folder, pm, '.github/workflows/ci.yml')]);
  }
});
