import { sha256 } from '../../apply/hash.ts';
import { isSource } from '../../apply/reconcile/importers.ts';
import { mostBytes } from '../files.ts';
import type { Project } from '../open.ts';
import { filesBelow } from '../strays.ts';
import type { Code } from './service.ts';

/** The text of a file; undefined when it is not UTF-8, or too large to have been written by hand. */
export function textIn(content: Uint8Array | undefined): string | undefined {
  if (content === undefined || content.byteLength > mostBytes) return undefined;
  try {
    // The mark at the beginning stays: what is written back must have it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** The sources that were emitted and edited since, by their place on disk. */
export async function editedSources({ state, files }: Project): Promise<Code> {
  const code = new Map<string, string>();
  for (const [path, { kind, base, at, gone }] of Object.entries(state.files)) {
    if (kind !== 'ts' || gone !== undefined) continue;
    const content = await files.read(at ?? path);
    if (content === undefined || sha256(content) === base) continue;
    const text = textIn(content);
    if (text !== undefined) code.set(at ?? path, text);
  }
  return code;
}

/** The texts below a project that the tool did not make. */
export async function foreignTexts({ root, state, files }: Project): Promise<Code> {
  const managed = new Set(Object.entries(state.files).map(([path, { at }]) => at ?? path));
  const code = new Map<string, string>();
  for (const path of await filesBelow(root)) {
    if (managed.has(path)) continue;
    const text = textIn(await files.look(path));
    if (text !== undefined && !text.includes('\0')) code.set(path, text);
  }
  return code;
}

/** Only what a compiler reads. */
export function sourcesIn(code: Code): Code {
  return new Map([...code].filter(([path]) => isSource(path)));
}
