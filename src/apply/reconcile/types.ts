import type { ProjectStyle } from '../../merge/style.ts';
import type { EmittedFile, MergePolicy } from '../../render/types.ts';
import type { Change, Conflict } from '../change.ts';
import type { Stray } from './moves.ts';

/** What the state of a project remembers of one file. */
export interface Remembered {
  readonly kind: MergePolicy;
  /** SHA-256 of the content as emitted, in hexadecimal digits; a seed has none. */
  readonly base?: string;
  readonly owner?: string;
  /** In octal digits; absent for 644. */
  readonly mode?: string;
  /** Where the user moved it. */
  readonly at?: string;
  /** The user deleted it and wants it to stay so. */
  readonly gone?: 'user';
}

/** One file in question. */
export interface Item {
  /** Where the generator has it now; of a file that goes, where it had it. */
  readonly path: string;
  /** Where the state has it: another path when the resource or the template got another name. */
  readonly from: string;
  /** What the state remembers; absent: never emitted. */
  readonly known: Remembered | undefined;
  /** What the generator wants there; absent: nothing any more. */
  readonly theirs: EmittedFile | undefined;
  /** What is wanted are bytes that lay there before: where nobody has touched the file since, they come back as they were. */
  readonly exact?: true;
}

/** A file of the user in which a name is to be another one, and the same done to what it comes from. */
export interface Revised {
  readonly ours: Uint8Array;
  /** So that only edits differ between the two. */
  readonly base: Uint8Array;
}

/** Where the planner gets what it needs to read; nothing is read that no row asks for. */
export interface Sources {
  /** The bytes on disk; `undefined`: there is no file. */
  readonly ours: (path: string) => Promise<Uint8Array | undefined>;
  /** A file as it was emitted, by its hash. */
  readonly base: (hash: string) => Promise<Uint8Array>;
  /** Files of the user with the same ending, each of which may be `path` under another name. */
  readonly strays: (path: string) => Promise<readonly Stray[]>;
  /** The paths of all source files on disk. */
  readonly allSources: () => Promise<readonly string[]>;
  /** What the user's side counts as when a name in it is to be another one; by the place on disk. */
  readonly revised?: ReadonlyMap<string, Revised> | undefined;
}

/** What the user says about a path that the planner cannot decide. */
export type Decision = 'ours' | 'theirs' | 'delete' | 'restore' | `moved:${string}`;

/** A conflict, for somebody who is there to answer. */
export interface Question {
  readonly change: Change;
  readonly conflict: Conflict;
  /** What may be answered, with every candidate of a move. */
  readonly answers: readonly Decision[];
}

/** Answers a conflict; `undefined` leaves it one. */
export type Ask = (question: Question) => Promise<Decision | undefined>;

/** What becomes of conflicts that no decision names: nothing is written, markers, the user's side, or a question each. */
export type ConflictMode = 'abort' | 'markers' | 'ours' | 'ask';

/** How the planner decides where it may choose. */
export interface Rules {
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly conflicts: ConflictMode;
  readonly ask?: Ask | undefined;
  /** Takes the only candidate of a move without asking. */
  readonly takeMoves: boolean;
  readonly style: ProjectStyle;
  /** Names of the sides for markers. */
  readonly labels: { readonly base: string; readonly theirs: string };
}

/** Something of a file that waits for the user. */
export interface Pending {
  readonly path: string;
  readonly hunks: number;
  /** The user's side was kept; `resolve` offers the other one again. Absent: the file holds markers. */
  readonly skipped?: true;
  /** Of what was skipped: the hash of the content that both sides come from. */
  readonly base?: string;
}

/** An item, and what lies on disk. */
export interface Sides {
  readonly item: Item;
  /** Where it lies, or would lie. */
  readonly at: string;
  /** Where it belongs: elsewhere when its resource or its template got another name. */
  readonly to: string;
  readonly ours: Uint8Array | undefined;
}

/** What becomes of one item. */
export interface Outcome {
  /** None when there is nothing to do or to tell. */
  readonly changes: readonly Change[];
  /** What the state is to remember beside what was emitted; absent: the file is no longer ours. */
  readonly entry: Pick<Remembered, 'at' | 'gone'> | undefined;
  readonly pending?: Pending | undefined;
  /** Somebody said that it is to stay deleted. */
  readonly decided?: true;
}
