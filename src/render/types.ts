import type { Fragment } from './fragment.ts';

/**
 * How a file is brought together with what the user made of it:
 * `ts`, `json`, `yaml` by their syntax, `lines` as a set of lines, `text` line by line, `bin` as a whole,
 * `seed` written once and then left alone.
 */
export type MergePolicy = 'ts' | 'json' | 'yaml' | 'lines' | 'text' | 'bin' | 'seed';

export type FileMode = 0o644 | 0o755 | 0o600;

/** Whose file it is: it goes when its resource goes. */
export type Owner = 'project' | `${string}:${string}`;

/** A file of `templates/`; one with holes is Handlebars source, any other is copied byte by byte. */
export type Template =
  | {
      readonly name: string;
      readonly holes: true;
      readonly source: string;
      /** It comes from the project's own `.flask-style/templates/`. */
      readonly overridden: boolean;
    }
  | { readonly name: string; readonly holes: false; readonly content: Uint8Array };

/** What fills the holes of one template. Text is text only after a writer made it a `Fragment`. */
export interface View {
  readonly [name: string]: Fragment | View | readonly (Fragment | View)[];
}

/** Another form of a TypeScript file: what its module is to be, and how paths in its imports end. */
export interface Form {
  /** `typescript`: the types stay, and its compiler makes the module. */
  readonly to: 'typescript' | 'esm' | 'commonjs';
  /** With the dot; empty for none. */
  readonly imports: string;
}

/** One file to be: what it is made of, and what becomes of it later. */
export interface FileOp {
  readonly path: string;
  /** A fragment is the whole text already, but for its last line end. */
  readonly template: Template | Fragment;
  readonly view: View;
  readonly merge: MergePolicy;
  readonly mode: FileMode;
  readonly owner: Owner;
  /** Absent: as the template has it. */
  readonly form?: Form;
}

/** Every file of a project, sorted by path. */
export type Plan = readonly FileOp[];

/** One rendered file. */
export interface EmittedFile {
  readonly content: string | Uint8Array;
  readonly merge: MergePolicy;
  readonly mode: FileMode;
  readonly owner: Owner;
}

/** Rendered files by path, sorted by path. */
export type Tree = ReadonlyMap<string, EmittedFile>;
