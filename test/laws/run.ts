import { execa } from 'execa';
import { packageRoot } from '../../src/package.ts';

/** The laws of changing a project, tried so many times as often as in the quick suite: `run.ts 5`. */
const [, , times = '5'] = process.argv;
const laws = ['change', 'preservation', 'sequences', 'undo-order'].map(
  (name) => `test/laws/${name}.test.ts`,
);
const { exitCode = 1 } = await execa('npx', ['vitest', 'run', ...laws], {
  cwd: packageRoot(),
  env: { FLASK_STYLE_LAWS: times },
  stdio: 'inherit',
  reject: false,
});
process.exitCode = exitCode;
