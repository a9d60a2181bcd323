/** The emitted workflow passes actionlint (from the Go proxy), for npm and for pnpm. */
import path from 'node:path';
import { goTool, inTemporaryFolder, repository, run } from './support.ts';

const actionlint = await goTool('actionlint', 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12');

await inTemporaryFolder(async (folder) => {
  const cli = path.join(repository, 'bin/create-flask-style-api.js');
  for (const pm of ['npm', 'pnpm']) {
    const flags = ['--yes', '--no-install', '--no-git', '--pm', pm];
    await run(folder, process.execPath, [cli, pm, '--resource', 'product', 'name', ...flags]);
    await run(folder, actionlint, ['-color', path.join(folder, pm, '.github/workflows/ci.yml')]);
  }
});
