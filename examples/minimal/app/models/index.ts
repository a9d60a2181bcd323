import type { Model } from '../core/model.ts';
import { note } from './note.ts';

/** Every model of this project; `db:sync` creates their collections, validators and indexes. */
export const models: readonly Model[] = [
  // one a line
  note,
];
