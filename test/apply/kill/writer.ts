/**
 * One command, as a process of its own: `writer.ts <root> <task> <number>`. Says "ready" to its parent, works at the first
 * message, and exits with the code that the tool would. Tasks: `generation` makes the project what {@link generation} says,
 * `stamp` puts a line before what it finds in the files of `app/`, `own` adds files of its own number, `recover` changes
 * nothing.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Change } from '../../../src/apply/change.ts';
import { transaction } from '../../../src/apply/transaction.ts';
import { exit, UserError } from '../../../src/errors.ts';
import { filesOf, generation } from './scene.ts';

const [, , root = '', task = '', given = '0'] = process.argv;
const number = Number(given);

const tasks: Readonly<Record<string, () => readonly Change[]>> = {
  generation() {
    const wanted = generation(number);
    const paths = new Set([...wanted.keys(), ...filesOf(root).keys()]);
    return [...paths].map((file) => changeTo(file, () => wanted.get(file)));
  },
  stamp() {
    const stamped = (before?: string): string => {
      if (before === undefined) throw new UserError(exit.io, 'a file is not there');
      return `stamp ${number}\n${before.replace(/^stamp \d+\n/, '')}`;
    };
    return [...generation(0).keys()]
      .filter((file) => file.startsWith('app/'))
      .map((file) => changeTo(file, stamped));
  },
  own() {
    return Array.from({ length: 20 }, (_, n) =>
      changeTo(`own/${number}/${n}.ts`, () => `own ${number}\n`),
    );
  },
  recover: () => [],
};

/** From one look at the file, so that what is planned is what was there. */
function changeTo(file: string, wanted: (before?: string) => string | undefined): Change {
  let before: Buffer | undefined;
  try {
    before = fs.readFileSync(path.join(root, file));
  } catch {
    before = undefined;
  }
  const text = wanted(before?.toString('utf8'));
  const after = text === undefined ? undefined : Buffer.from(text);
  const kind = before === undefined ? 'create' : after === undefined ? 'delete' : 'update';
  return { path: file, kind, mode: 0o644, ...(before && { before }), ...(after && { after }) };
}

process.send?.('ready');
process.once('message', async () => {
  try {
    const changes = tasks[task];
    if (changes === undefined) throw new TypeError(`no task ${task}`);
    await transaction(root, { command: task, at: '', waitMs: 60_000 }, async () => ({
      changes: changes(),
    }));
  } catch (error) {
    process.exitCode = error instanceof UserError ? error.code : exit.bug;
    process.send?.(error instanceof Error ? error.message : String(error));
    if (!(error instanceof UserError)) console.error(error);
  }
  process.disconnect();
});
