/**
 * Runs PyMongo, a second and independent client, against the embedded server (or the one MONGODB_URI
 * names): `tsx test/embedded-mongo/pymongo/run.ts`. The packages of requirements.txt go into a virtual
 * environment of their own under node_modules/.cache. Says "skipped" where there is no python3.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { start } from '../../../src/embedded-mongo/index.ts';

const here = import.meta.dirname;
const environment = resolve(here, '../../../node_modules/.cache/pymongo');
const python = join(
  environment,
  process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python',
);

function runPython(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed\n${stderr}`);
}

if (spawnSync('python3', ['--version']).status !== 0) {
  console.log('PyMongo suite skipped: no python3 on the PATH');
  process.exit(0);
}
if (!existsSync(python)) runPython('python3', '-m', 'venv', environment);
runPython(
  python,
  '-m',
  'pip',
  'install',
  '--quiet',
  '--disable-pip-version-check',
  '-r',
  join(here, 'requirements.txt'),
);

const external = process.env['MONGODB_URI'];
const server = external === undefined ? await start() : undefined;
const client = spawn(python, [join(here, 'operations.py'), server?.uri ?? external ?? ''], {
  stdio: 'inherit',
});
client.on('exit', (code) => {
  void (server?.stop() ?? Promise.resolve()).then(() => process.exit(code ?? 1));
});
