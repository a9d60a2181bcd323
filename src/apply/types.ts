/** How a transaction is run. */
export interface TransactionOptions {
  /** What the user typed, for the lock and the list of undo entries: `add resource book`. */
  readonly command: string;
  /** The time of the command in ISO 8601, from the caller's clock. */
  readonly at: string;
  /** How long to wait for another run, in milliseconds; 10 000 unless given. */
  readonly waitMs?: number;
  /** Discards everything up to the commit point; after it the writing is finished, and 130 is thrown then. */
  readonly signal?: AbortSignal;
  /** The id of the undo entry that this command undoes. */
  readonly undoes?: string;
  /** Nothing can be undone afterwards: the entry of this command goes, and those of all before it. */
  readonly forgets?: true;
}

/** What a run knows of itself. */
export interface Settings extends TransactionOptions {
  /**
   * A new project in a folder that exists: nothing of the user's is replaced, so that nothing waits for the disk, and there
   * is nothing to undo.
   */
  readonly creation?: true;
}

/** What a run did beside the writing. */
export interface Committed {
  /** Absolute paths of what killed runs had left and this one took up. */
  readonly cleaned: readonly string[];
  /** The id of the undo entry; absent when nothing changed, and for a new project. */
  readonly id?: string;
}

/** One file of an undo entry. */
export interface UndoFile {
  readonly path: string;
  /** SHA-256 of the file before the command, in hexadecimal digits; absent: there was none. */
  readonly before?: string;
  /** SHA-256 of the file after the command; absent: there was none any more. */
  readonly after?: string;
  /** Its permission bits, before when there was a file, otherwise after. */
  readonly mode: number;
}

/** What one command changed. */
export interface UndoEntry {
  readonly id: string;
  readonly command: string;
  /** ISO 8601. */
  readonly at: string;
  /** The entry that this command undid. */
  readonly undoes?: string;
  /** A later command undid it. */
  readonly undone: boolean;
  readonly files: readonly UndoFile[];
}

/** The bytes of a file of an undo entry; absent: there was no file. */
export interface UndoContent extends UndoFile {
  readonly beforeBytes?: Uint8Array;
  readonly afterBytes?: Uint8Array;
}
