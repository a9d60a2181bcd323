import type { Model } from '../core/model.ts';
import { movement } from './movement.ts';
import { part } from './part.ts';
import { place } from './place.ts';
import { supplier } from './supplier.ts';

/** Every model of this project: what collections, their validators and indexes are made from. */
export const models: readonly Model[] = [
  // one a line
  movement,
  part,
  place,
  supplier,
];
