import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is gone when the test is over. */
export function temporaryFolder(prefix = 'post-'): string {
  const folder = mkdtempSync(path.join(tmpdir(), prefix));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What a stub was called with. */
export interface Call {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A folder for PATH with a command that records its calls and then runs `body`. */
export function stub(
  command: string,
  body = '',
): { readonly PATH: string; calls(): readonly Call[] } {
  const folder = temporaryFolder('stub-');
  const log = path.join(folder, 'calls.jsonl');
  writeFileSync(log, '');
  writeFileSync(
    path.join(folder, command),
    `#!${process.execPath}
const call = { args: process.argv.slice(2), cwd: process.cwd(), env: process.env };
require('node:fs').appendFileSync(${JSON.stringify(log)}, JSON.stringify(call) + '\\n');
${body}
`,
  );
  chmodSync(path.join(folder, command), 0o755);
  return {
    PATH: folder,
    calls: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Call),
  };
}
