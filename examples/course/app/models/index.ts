import type { Model } from '../core/model.ts';
import { lesson } from './lesson.ts';

/** Every model of this project; `db:sync` creates their collections, validators and indexes. */
export const models: readonly Model[] = [
  // one a line
  lesson,
];
