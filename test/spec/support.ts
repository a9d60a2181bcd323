import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../src/errors.ts';
import { importSpec } from '../../src/spec/imports/index.ts';
import type { Imported } from '../../src/spec/imports/assemble.ts';

/** The line that a refusal shows, its hint in brackets; anything else thrown fails the test. */
export async function refusal(what: () => unknown): Promise<string> {
  try {
    await what();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
  }
  return 'accepted';
}

/** What `--from` makes of a file with this content. */
export async function imported(
  name: string,
  content: string | Uint8Array | object,
): Promise<Imported> {
  const folder = await mkdtemp(join(tmpdir(), 'spec-import-'));
  try {
    const bytes = typeof content === 'string' || content instanceof Uint8Array;
    await writeFile(join(folder, name), bytes ? content : JSON.stringify(content));
    return await importSpec(name, { cwd: folder, name: undefined });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A spec with these fields in one resource, as the text of its file. */
export function specText(fields: object, more: object = {}): string {
  return JSON.stringify({ name: 'shop', resources: { thing: { fields } }, ...more });
}
