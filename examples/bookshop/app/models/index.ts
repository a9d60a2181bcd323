import type { Model } from '../core/model.ts';
import { author } from './author.ts';
import { book } from './book.ts';
import { category } from './category.ts';
import { customer } from './customer.ts';
import { order } from './order.ts';

/** Every model of this project: what collections, their validators and indexes are made from. */
export const models: readonly Model[] = [
  // one a line
  author,
  book,
  category,
  customer,
  order,
];
