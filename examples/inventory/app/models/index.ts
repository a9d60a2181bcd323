import type { Model } from '../core/model.ts';
import { movement } from './movement.ts';
import { part } from './part.ts';
import { place } from './place.ts';
import { supplier } from './supplier.ts';

/** Every model of this project; `db:sync` creates their collections, validators and indexes. */
export const models: readonly Model[] = [
  // one a line
  movement,
  part,
  place,
  supplier,
];
