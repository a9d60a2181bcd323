import { posix } from 'node:path';
import type { Revised } from '../../apply/reconcile/index.ts';
import { relocated } from '../../merge/index.ts';
import { placeOfLayout } from '../../plan/beside.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Project } from '../open.ts';
import { specPath } from '../spec-text.ts';
import { editedSources, textIn } from '../uses/code.ts';
import { renamedKeys, type KeyRename } from '../uses/json-keys.ts';
import { edited, importEdits, renaming, type Edit, type Name } from '../uses/names.ts';
import { openCompiler, type Code, type Compiler } from '../uses/service.ts';

/** Names in code and in the spec that are other ones from now on, and files that lie elsewhere. */
export interface Revision {
  readonly names: readonly {
    readonly name: Name;
    /** What is looked for, to leave files alone that cannot mean it. */
    readonly word: string;
    readonly to: string;
    /** Where the user declares it in a way of their own, its new name comes from the generator, to be merged. */
    readonly merged?: true;
  }[];
  readonly keys: readonly KeyRename[];
  readonly moved: ReadonlyMap<string, string>;
}

/**
 * The files that the user edited with the new names in them. The same is done to what they come from, so that only edits
 * differ between the two, and a line that somebody tuned is no conflict because a name in it changes.
 */
export async function revise(
  project: Project,
  revision: Revision,
): Promise<ReadonlyMap<string, Revised>> {
  const words = [
    ...revision.names.map(({ word }) => word),
    // Imports may have another ending than the file, or none.
    ...[...revision.moved.keys()].map((path) => posix.parse(path).name),
  ];
  const ours = new Map<string, string>();
  const base = new Map<string, string>();
  for (const [path, text] of await editedSources(project)) {
    const emitted = (await emittedText(project, path)) ?? '';
    // Also where the user took out what is renamed: otherwise that would seem to be another thing that is gone.
    if (!words.some((word) => text.includes(word) || emitted.includes(word))) continue;
    ours.set(path, text);
    base.set(path, emitted);
  }
  const spec = await specPair(project, revision.keys);
  // When nobody has written anything about it, all of it comes from the generator, and no compiler is needed.
  if (ours.size === 0) return new Map(spec);
  const now = await withNames(project, ours, revision);
  const known = { ...revision, names: now.names };
  const before = await withNames(project, base, known, now.compiler);
  return new Map([...pairs(ours, base, now.code, before.code), ...spec]);
}

/** Where the user has a file of the layout now. */
export function placeOf({ state }: Project, path: string): string {
  const place = placeOfLayout(path, state.spec);
  return state.files[place]?.at ?? place;
}

/** A resource that is there; otherwise the caller is wrong. */
export function resourceIn({ resources }: Spec, key: string): Spec['resources'][string] {
  const resource = Object.hasOwn(resources, key) ? resources[key] : undefined;
  if (resource === undefined) throw new TypeError(`${key} is no resource of the spec`);
  return resource;
}

async function withNames(
  { root }: Project,
  code: Code,
  { names, moved }: Revision,
  before?: Compiler,
): Promise<{ code: Code; compiler: Compiler; names: Revision['names'] }> {
  const homes = names.map(({ name }) => name.file);
  const entries = new Set([...code.keys(), ...homes]);
  const compiler = await openCompiler(root, code, [...entries], before);
  const found = names.map((one) => renaming(compiler, code, one.name, one.to));
  const edits: readonly Edit[] = found.flatMap((own) => own ?? []);
  return {
    code: edited(code, [...edits, ...importEdits(compiler, code, moved)]),
    compiler,
    names: names.filter(({ merged }, at) => merged !== true || found[at] !== undefined),
  };
}

function pairs(
  ours: Code,
  base: Code,
  now: Code,
  before: Code,
): readonly (readonly [string, Revised])[] {
  return [...ours].map(([path, text]) => [
    path,
    {
      ours: Buffer.from(now.get(path) ?? text, 'utf8'),
      base: Buffer.from(before.get(path) ?? base.get(path) ?? '', 'utf8'),
    },
  ]);
}

/** The spec, where comments stand beside keys. */
async function specPair(
  project: Project,
  keys: readonly KeyRename[],
): Promise<readonly (readonly [string, Revised])[]> {
  const ours = textIn(await project.files.read(specPath));
  const base = await emittedText(project, specPath);
  if (keys.length === 0 || ours === undefined || base === undefined) return [];
  const sides = [ours, base].map((text) => Buffer.from(renamedKeys(text, keys), 'utf8'));
  const [now = Buffer.alloc(0), before = Buffer.alloc(0)] = sides;
  return [[specPath, { ours: now, base: before }]];
}

/** What a file, by its place on disk, was emitted as. */
async function emittedText({ state, bases }: Project, place: string): Promise<string | undefined> {
  const entry = Object.entries(state.files).find(([path, { at }]) => (at ?? path) === place);
  if (entry?.[1].base === undefined) return undefined;
  const [path, { base, kind }] = entry;
  return textIn(await relocated(await bases.get(base), kind, path, place));
}
