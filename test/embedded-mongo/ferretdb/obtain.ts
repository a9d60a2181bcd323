import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';

const version = 'v1.24.0';
const cache = resolve(import.meta.dirname, '../../../node_modules/.cache/ferretdb');

function go(args: string[], cwd: string): string {
  // -mod=mod and the toolchain at hand, because the module asks for an exact older toolchain.
  const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false' };
  const { status, stdout, stderr, error } = spawnSync('go', args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (error) throw new Error(`go cannot be started: ${error.message}`);
  if (status !== 0)
    throw new Error(`go ${args.join(' ')} failed: ${stderr.trim().split('\n').at(-1)}`);
  return stdout;
}

function makeWritable(path: string): void {
  const { mode } = statSync(path);
  chmodSync(path, mode | 0o200);
  if (statSync(path).isDirectory())
    for (const name of readdirSync(path)) makeWritable(join(path, name));
}

/**
 * The path of a FerretDB v1 binary: FERRETDB_BINARY, the one built before, or one built now from the Go
 * module proxy. Throws an error that says why there is none.
 */
export function obtainBinary(): string {
  const given = process.env['FERRETDB_BINARY'];
  if (given !== undefined) return given;
  const binary = join(cache, `ferretdb-${version}`);
  if (existsSync(binary)) return binary;
  mkdirSync(cache, { recursive: true });
  const source = join(cache, 'source');
  const { Dir } = JSON.parse(
    go(['mod', 'download', '-json', `github.com/FerretDB/FerretDB@${version}`], cache),
  ) as { Dir: string };
  cpSync(Dir, source, { recursive: true });
  makeWritable(source);
  // The build refuses to start without this file; FerretDB's own task runner writes it.
  writeFileSync(join(source, 'build/version/version.txt'), `${version}\n`);
  go(['build', '-o', binary, './cmd/ferretdb'], source);
  rmSync(source, { recursive: true });
  return binary;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

export interface Running {
  uri: string;
  stop(): void;
}

/** Starts the binary on a free port of loopback with a database in a temporary folder. */
export async function startFerret(binary: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'ferretdb-'));
  const port = await freePort();
  const child: ChildProcess = spawn(
    binary,
    [
      '--handler=sqlite',
      `--sqlite-url=file:${folder}/`,
      `--listen-addr=127.0.0.1:${port}`,
      '--telemetry=disable',
      `--state-dir=${folder}`,
      '--debug-addr=-',
      '--log-level=error',
    ],
    { stdio: 'ignore' },
  );
  const uri = `mongodb://127.0.0.1:${port}/`;
  const stop = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; attempt < 50; attempt++) {
    await sleep(100);
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 500 });
    const up = await client
      .db()
      .command({ ping: 1 })
      .then(
        () => true,
        () => false,
      );
    await client.close();
    if (up) return { uri, stop };
  }
  stop();
  throw new Error(`${binary} did not answer within 5 s`);
}
