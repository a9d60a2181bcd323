/** Every figure, one after the other, each in a process of its own: `tsx bench/figures/index.ts [--full]`. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const scripts = readdirSync(import.meta.dirname).filter((file) => /^f\d+-.*\.ts$/.test(file));
const number = (file: string) => Number(/\d+/.exec(file)?.[0]);

for (const script of scripts.sort((a, b) => number(a) - number(b))) {
  const file = join(import.meta.dirname, script);
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', file, ...process.argv.slice(2)],
    {
      stdio: 'inherit',
    },
  );
  if (status !== 0) process.exitCode = 1;
}
