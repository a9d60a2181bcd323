import type { MergePolicy } from '../../render/types.ts';

/** What is to be known of a file before anything is decided about it. */
export interface Facts {
  readonly kind: MergePolicy;
  /** Whether it was ever emitted. */
  readonly base: 'none' | 'there';
  /** What lies on disk, told by what it means: line ends, byte order mark and layout do not count. */
  readonly ours: 'none' | 'base' | 'theirs' | 'edited';
  /** What the generator wants. */
  readonly theirs: 'none' | 'base' | 'new';
  /** The user deleted it before, and this is recorded. */
  readonly gone: boolean;
}

/** What is done about a file. */
export type Action =
  /** Written in the style of the user. */
  | 'create'
  /** It lies there already as the generator wants it: recorded, not touched. */
  | 'adopt'
  /** Nothing: neither its bytes nor its times change. */
  | 'leave'
  /** Nobody has edited it: replaced, line ends and mode kept. */
  | 'replace'
  /** Brought together with the edits; a conflict when that cannot be done without loss. */
  | 'merge'
  /** Not ours and not the same: a conflict. */
  | 'exists'
  /** Deleted here, wanted there: looked for elsewhere. */
  | 'missing'
  /** It stays deleted. */
  | 'stay-deleted'
  /** Deleted. */
  | 'delete'
  /** It should go and was edited: a conflict. */
  | 'edited'
  /** Forgotten: it is gone on both sides. */
  | 'drop';

/** A row of the table: the facts that it asks for, any value where it names none, and what follows. */
export type Row = { readonly [Fact in keyof Facts]?: readonly Facts[Fact][] } & {
  readonly action: Action;
};

/**
 * The table of `docs/updating.md`, "What becomes of a path". The first row that fits decides.
 * Seeds come first: whatever they hold, an existing one is never changed or deleted.
 */
export const rows: readonly Row[] = [
  { kind: ['seed'], theirs: ['none'], action: 'drop' },
  { kind: ['seed'], base: ['none'], ours: ['none'], action: 'create' },
  { kind: ['seed'], action: 'leave' },

  { base: ['none'], ours: ['none'], action: 'create' },
  { base: ['none'], ours: ['theirs'], action: 'adopt' },
  { base: ['none'], kind: ['json', 'yaml', 'lines'], action: 'merge' },
  { base: ['none'], action: 'exists' },

  { theirs: ['base'], action: 'leave' },

  { theirs: ['new'], ours: ['none'], gone: [true], action: 'stay-deleted' },
  { theirs: ['new'], ours: ['none'], action: 'missing' },
  { theirs: ['new'], ours: ['theirs'], action: 'adopt' },
  { theirs: ['new'], ours: ['base'], action: 'replace' },
  { theirs: ['new'], ours: ['edited'], action: 'merge' },

  { theirs: ['none'], ours: ['none'], action: 'drop' },
  { theirs: ['none'], ours: ['base'], action: 'delete' },
  { theirs: ['none'], action: 'edited' },
];

/** The action of the first row that fits. */
export function actionFor(facts: Facts): Action {
  const row = rows.find((candidate) => fits(candidate, facts));
  if (row === undefined) throw new TypeError(`no row for ${JSON.stringify(facts)}`);
  return row.action;
}

function fits(row: Row, facts: Facts): boolean {
  return (
    allows(row.kind, facts.kind) &&
    allows(row.base, facts.base) &&
    allows(row.ours, facts.ours) &&
    allows(row.theirs, facts.theirs) &&
    allows(row.gone, facts.gone)
  );
}

function allows<Fact>(wanted: readonly Fact[] | undefined, fact: Fact): boolean {
  return wanted === undefined || wanted.includes(fact);
}
