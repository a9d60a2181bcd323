import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Change } from '../../src/apply/change.ts';
import { transaction } from '../../src/apply/transaction.ts';
import type { Committed, TransactionOptions } from '../../src/apply/types.ts';
import { contents, temporaryFolder } from './support.ts';

/** Text by path; `undefined`: no such file. */
export type Texts = Readonly<Record<string, string | undefined>>;

export const options = { command: 'add resource book', at: '2026-01-02T03:04:05.000Z' } as const;

/** Puts files into a folder, as a user would. */
export function put(root: string, texts: Texts): void {
  for (const [file, text] of Object.entries(texts)) {
    if (text === undefined) continue;
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
}

/** The changes that make these files what they should be, from what lies on disk now. */
export function changesTo(root: string, texts: Texts): readonly Change[] {
  return Object.entries(texts).map(([file, text]): Change => {
    const at = path.join(root, file);
    const before = existsSync(at) ? readFileSync(at) : undefined;
    const after = text === undefined ? undefined : Buffer.from(text);
    const kind = before === undefined ? 'create' : after === undefined ? 'delete' : 'update';
    return { path: file, kind, mode: 0o644, ...(before && { before }), ...(after && { after }) };
  });
}

/** What a command does: it looks at the project inside the transaction, and writes. */
export async function change(
  root: string,
  texts: Texts,
  more: Partial<TransactionOptions> = {},
): Promise<Committed> {
  return transaction(root, { ...options, ...more }, async () => ({
    changes: changesTo(root, texts),
  }));
}

/** The files of a project, without what the tool keeps of its transactions. */
export function project(root: string): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(contents(root)).filter(
      ([file]) => !/^\.flask-style(?:$|\/(?:tx|undo|lock|tmp)(?:$|\/))/.test(file),
    ),
  );
}

/** A small project, what a command wants of it, and what it is afterwards. */
export const old = {
  '.flask-style/state.json': 'old\n',
  'app/index.ts': 'old\n',
  'app/gone/only.ts': 'going\n',
} as const;
export const wanted = {
  'app/books/new.ts': 'new\n',
  'app/index.ts': 'new\n',
  'app/gone/only.ts': undefined,
  '.flask-style/state.json': 'new\n',
} as const;
export const after = {
  '.flask-style/state.json': 'new\n',
  'app/books/new.ts': 'new\n',
  'app/index.ts': 'new\n',
};

/** The small project on disk. */
export function prepared(): string {
  const root = temporaryFolder();
  put(root, old);
  return root;
}
