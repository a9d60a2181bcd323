import { bytesOf, sha256 } from '../apply/hash.ts';
import { distance } from '../merge/diff.ts';
import { sameContent } from '../merge/index.ts';
import type { EmittedFile } from '../render/types.ts';
import { utf8Text } from '../utf8.ts';
import type { ProjectFiles } from './files.ts';
import type { Bases } from './open.ts';
import { entryOf, type StateEntry } from './state.ts';
import { keepsBase } from './tree.ts';

/** What a file of a project without a state is taken for. */
export interface Taken {
  readonly entry: StateEntry;
  /** It is not as it was emitted. */
  readonly edited: boolean;
  /** It was emitted otherwise than it would be now. */
  readonly behind: boolean;
}

interface Candidate {
  readonly file: string;
  readonly wanted: EmittedFile;
  /** What is said of it: by nobody, or by the sides of a merge. */
  readonly said: readonly StateEntry[];
}

/** Finds the content that a file comes from: what it would be now, or what a side says, whichever it differs least from. */
export async function takenFor(
  { file, wanted, said }: Candidate,
  { files, bases }: { readonly files: ProjectFiles; readonly bases: Bases },
): Promise<Taken> {
  const now = entryOf(wanted);
  if (now.kind === 'seed') return { entry: now, edited: false, behind: false };
  const at = await placeOf(said, files);
  const ours = await files.read(at ?? file);
  const origins = await originsOf(now, bytesOf(wanted.content), said, bases);
  // A side that was taken whole, of which the state says nothing any more, lies among the bases.
  if (ours !== undefined && keepsBase(now.kind))
    origins.push(...(await keptAs(sha256(ours), bases)));
  if (ours === undefined) {
    // What nobody calls deleted may have been moved: it is looked for when that matters.
    const moved = said.length > 0 && said.every(({ gone }) => gone === undefined);
    const base = moved ? (origins.at(-1)?.base ?? now.base) : now.base;
    const entry = {
      ...now,
      ...(base !== undefined && { base }),
      ...(!moved && { gone: 'user' as const }),
    };
    return { entry, edited: false, behind: moved && base !== now.base };
  }
  const [nearest] = (
    await Promise.all(
      origins.map(async (origin) => ({
        base: origin.base,
        lines: await differing(file, now.kind, ours, origin),
      })),
    )
  ).sort((a, b) => a.lines - b.lines);
  const base = nearest?.base ?? now.base;
  return {
    entry: { ...now, ...(base !== undefined && { base }), ...(at !== undefined && { at }) },
    edited: nearest === undefined || nearest.lines > 0,
    behind: base !== now.base,
  };
}

/** Where a side says that it lies, if it does. */
async function placeOf(
  said: readonly StateEntry[],
  files: ProjectFiles,
): Promise<string | undefined> {
  for (const { at } of said)
    if (at !== undefined && (await files.read(at)) !== undefined) return at;
  return undefined;
}

interface Origin {
  readonly base: string | undefined;
  /** Absent: nothing but the hash is known. */
  readonly content?: Uint8Array;
}

/** What a file may come from. What both sides agree about is certain; what they do not may be neither of them. */
async function originsOf(
  now: StateEntry,
  content: Uint8Array,
  said: readonly StateEntry[],
  bases: Bases,
): Promise<Origin[]> {
  const hashes = new Set(said.flatMap(({ base }) => (base === undefined ? [] : [base])));
  const known: Origin[] = [];
  for (const base of hashes) {
    known.push(...(keepsBase(now.kind) ? await keptAs(base, bases) : [{ base }]));
  }
  return hashes.size === 1 && known.length === 1 ? known : [{ base: now.base, content }, ...known];
}

async function keptAs(base: string, bases: Bases): Promise<readonly Origin[]> {
  const content = await bases.get(base).catch(() => undefined);
  return content === undefined ? [] : [{ base, content }];
}

/** In how many lines a file differs from what it may come from; 0: in nothing but its layout. */
async function differing(
  file: string,
  kind: StateEntry['kind'],
  ours: Uint8Array,
  { base, content }: Origin,
): Promise<number> {
  if (content === undefined) return sha256(ours) === base ? 0 : Number.POSITIVE_INFINITY;
  if (await sameContent(file, kind, ours, content)) return 0;
  return Math.max(1, distance(linesOf(ours), linesOf(content)));
}

function linesOf(content: Uint8Array): readonly string[] {
  return utf8Text(content).split(/\r?\n/);
}
