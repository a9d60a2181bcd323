import path from 'node:path';
import { sha256 } from '../apply/hash.ts';
import { hasMarkers } from '../apply/reconcile/markers.ts';
import { exit, UserError } from '../errors.ts';
import { besideTemplates } from '../plan/beside.ts';
import type { RandomBytes } from '../plan/index.ts';
import { loadTemplates, type Templates } from '../plan/templates.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/schema.ts';
import { ProjectFiles } from './files.ts';
import { specPath } from './spec-text.ts';
import { refuseGitMerge } from './git.ts';
import { readState } from './read-state.ts';
import { stateFolder, type GeneratorName, type State } from './state.ts';
import { basePath, emittedTree } from './tree.ts';

/** Where a project lies, and what it is to be changed with. */
export interface Tools {
  /** The absolute path of the project. */
  readonly root: string;
  /** The folder of the template sets. */
  readonly templates: string;
  /** The running program. */
  readonly generator: GeneratorName;
  /** Makes the secrets of a `.env` that is not there yet. */
  readonly random?: RandomBytes | undefined;
}

/** A project that can be changed. */
export interface Project {
  readonly root: string;
  readonly files: ProjectFiles;
  readonly state: State;
  /** What `flask-style.json` says now, applied or not. */
  readonly spec: Spec;
  /** The templates of the running program, with those of the project in their place. */
  readonly templates: Templates;
  readonly bases: Bases;
}

/**
 * Opens a project to change it; only reads.
 *
 * @param options `unfinished`: a merge may still wait for the user
 * @throws UserError 1 for a spec with mistakes, 3 while a merge waits for the user, 4 for a state that is missing,
 *   damaged or newer than the running program
 */
export async function openProject(
  { root, templates, generator }: Tools,
  { unfinished = false } = {},
): Promise<Project> {
  const state = await readState(root);
  refuseNewer(state.generator, generator);
  const files = new ProjectFiles(root);
  if (!unfinished) {
    await refusePending(state, files);
    await refuseGitMerge(root, placesIn(state));
  }
  const text = await files.text(specPath);
  if (text === undefined)
    throw new UserError(exit.state, `${specPath} is missing`, 'restore it from version control');
  const spec = parseSpec(text, specPath);
  const own = templatesOf(root, templates, spec);
  return {
    root,
    files,
    state,
    spec,
    templates: own,
    bases: new Bases(files, state, own, generator),
  };
}

/** The templates for a project, with its own in their place. */
export function templatesOf(root: string, folder: string, spec: Spec): Templates {
  const own = loadTemplates(folder, path.join(root, stateFolder, 'templates'));
  return spec.beside === undefined ? own : besideTemplates(own, spec.beside);
}

/** The files of a project as they were emitted. */
export class Bases {
  readonly #files: ProjectFiles;
  readonly #state: State;
  readonly #templates: Templates;
  readonly #generator: GeneratorName;
  /** Hashes of contents that were lost and are rendered again: the next plan puts them back. */
  readonly restored = new Set<string>();
  #rendered: Promise<ReadonlyMap<string, Uint8Array>> | undefined;

  constructor(files: ProjectFiles, state: State, templates: Templates, generator: GeneratorName) {
    this.#files = files;
    this.#state = state;
    this.#templates = templates;
    this.#generator = generator;
  }

  /**
   * The content that has this hash. One that was lost is rendered again, which is exact or is not taken at all.
   *
   * @throws UserError 4 when it is lost for good
   */
  async get(hash: string): Promise<Uint8Array> {
    const stored = await this.#files.read(basePath(hash));
    if (stored !== undefined && sha256(stored) === hash) return stored;
    const again = (await this.#again()).get(hash);
    if (again !== undefined) {
      this.restored.add(hash);
      return again;
    }
    const { version } = this.#state.generator;
    throw new UserError(
      exit.state,
      `${basePath(hash)} is ${stored === undefined ? 'missing' : 'damaged'}`,
      `restore it from version control, or run adopt (it was emitted by version ${version})`,
    );
  }

  #again(): Promise<ReadonlyMap<string, Uint8Array>> {
    this.#rendered ??= this.#render();
    return this.#rendered;
  }

  async #render(): Promise<ReadonlyMap<string, Uint8Array>> {
    if (this.#state.generator.version !== this.#generator.version) return new Map();
    const tree = await emittedTree(this.#state.spec, this.#templates);
    return new Map(
      [...tree.values()].map(({ content }) => [sha256(content), Buffer.from(content)] as const),
    );
  }
}

/** Where everything lies that the tool has to do with. */
export function placesIn({ files }: State): ReadonlySet<string> {
  const places = Object.entries(files).map(([file, { at }]) => at ?? file);
  return new Set([...places, specPath]);
}

/**
 * Refuses a project that a newer program made.
 * @throws UserError 4
 */
export function refuseNewer(made: GeneratorName, running: GeneratorName): void {
  if (comparedVersions(made.version, running.version) <= 0) return;
  throw new UserError(
    exit.state,
    `this project was generated by ${made.name} ${made.version}; this is ${running.version}`,
    `use ${made.name} ${made.version} or later`,
  );
}

/** Below 0 when version `a` is the older one; what follows a hyphen does not count. */
export function comparedVersions(a: string, b: string): number {
  const parts = (version: string): readonly number[] =>
    (version.split('-', 1)[0] ?? '').split('.').map(Number);
  const [left, right] = [parts(a), parts(b)];
  const place = left.findIndex((part, index) => part !== (right[index] ?? 0));
  return place === -1 ? 0 : (left[place] ?? 0) - (right[place] ?? 0);
}

/** A merge that is not finished would be merged again, markers and all. */
async function refusePending({ pending = [] }: State, files: ProjectFiles): Promise<void> {
  const open = pending.filter(({ skipped }) => skipped === undefined).map((entry) => entry.path);
  if (open.length === 0) return;
  const marked = await Promise.all(
    open.map(async (file) => hasMarkers((await files.read(file)) ?? new Uint8Array())),
  );
  const left = open.filter((_, index) => marked[index]);
  throw new UserError(
    exit.conflict,
    left.length === 0
      ? `${open.join(', ')}: the merge is finished, and not yet recorded`
      : `${left.join(', ')}: conflict markers are left`,
    left.length === 0 ? 'run resolve' : 'decide them, then run resolve',
  );
}
