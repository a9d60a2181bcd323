import type { FieldSpec } from '../schema.ts';

/** A resource as a file or database shows it: names and fields as they stand there, unchecked. */
export interface DraftResource {
  name: string;
  description?: string;
  fields: Record<string, FieldSpec>;
}

/** What an importer found; `assemble` makes it a spec. */
export interface Draft {
  /** What it was read from, for messages. */
  from: string;
  /** The project's name, when the source has one. */
  name?: string;
  description?: string;
  resources: DraftResource[];
  /** What could not be taken over, one line each. */
  notes: string[];
}
