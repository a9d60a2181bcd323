import type { Item, Tree } from './types.ts';

/** A place that cannot be merged, with the user's text there. */
export interface Collision {
  /** Where it is in ours, counted from 1. */
  readonly line: number;
  /** What collides, as a clause without the line. */
  readonly what: string;
  readonly ours: string;
  readonly base: string;
  readonly theirs: string;
  /** Merging it by lines would be no better: one thing would be there twice. */
  readonly hard?: boolean;
}

/** What a kind of file does about things that would collide. */
export interface Rules {
  /** Items under a new name are recognized by their likeness. */
  readonly renames: boolean;
  /** What cannot be merged by its parts is merged by its lines. */
  readonly textual: boolean;
  /** Values that both sides added under one name are merged, not only compared. */
  readonly deep: boolean;
  /** New items go to their place in the alphabet where a list is kept so. */
  readonly sorted: boolean;
  /** Brings a text that both sides changed together; absent: it collides. */
  readonly mergeLeaf?: (ours: string, base: string, theirs: string) => string | undefined;
  /** Which side's value stands where both changed it; `undefined`: neither. */
  readonly settle?: (place: Place) => 'ours' | 'theirs' | undefined;
  /** Whether an item that one side removed and the other changed stays as the user has it. */
  readonly settleRemoved?: (place: Place, removedBy: 'ours' | 'theirs') => boolean;
}

/** The names of the items around a value, outermost first, and its three texts. */
export interface Place {
  readonly path: readonly string[];
  readonly ours: string;
  readonly base: string | undefined;
  readonly theirs: string;
}

/** One merge of trees: its rules and what it could not bring together. */
export interface Context {
  readonly rules: Rules;
  readonly units: { readonly ours: string; readonly base: string; readonly theirs: string };
  readonly collisions: Collision[];
  /** What the user should look at although nothing collides. */
  readonly notes: string[];
}

export function contextOf(rules: Rules, ours: Tree, base: Tree, theirs: Tree): Context {
  const units = { ours: ours.unit, base: base.unit, theirs: theirs.unit };
  return { rules, units, collisions: [], notes: [] };
}

/** Notes that both sides inserted at one place, where order may mean something. */
export function noteBeside({ notes }: Context, { line }: Pick<Item, 'line'>): void {
  notes.push(`line ${line}: both sides inserted here, yours stands first`);
}

/** The three versions of an item; without base both sides added it. */
export interface Triple {
  readonly ours: Item;
  readonly base: Item | undefined;
  readonly theirs: Item;
}
