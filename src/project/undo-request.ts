import type { UndoContent, UndoEntry } from '../apply/types.ts';
import type { Choices } from './choices.ts';
import type { Tools } from './open.ts';

/** What is to be taken back. */
export interface UndoRequest extends Tools, Choices {
  readonly entry: UndoEntry;
  /** The files of the entry, as `readUndo` gives them. */
  readonly contents: readonly UndoContent[];
}
