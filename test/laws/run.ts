import { execa } from 'execa';
import { packageRoot } from '../../src/package.ts';

/** The laws of changing a project, tried so many times as often as in the quick suite: `run.ts 5`. */
const [, , times = '5'] = process.argv;
const laws = [
  'laws/change',
  'laws/preservation',
  'laws/sequences',
  'laws/undo-order',
  'laws/years',
  'merge/laws',
].map((name) => `test/${name}.test.ts`);
const { exitCode = 1 } = await execa('npx', ['vitest', 'run', ...laws], {
  cwd: packageRoot(),
  env: { FLASK_STYLE_LAWS: times },
  stdio: 'inherit',
  reject: false,
});
process.exitCode = exitCode;
