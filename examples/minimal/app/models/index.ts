import type { Model } from '../core/model.ts';
import { note } from './note.ts';

/** Every model of this project: what collections, their validators and indexes are made from. */
export const models: readonly Model[] = [
  // one a line
  note,
];
