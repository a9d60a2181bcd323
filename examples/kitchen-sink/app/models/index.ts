import type { Model } from '../core/model.ts';
import { classModel } from './class.ts';
import { date } from './date.ts';
import { newsModel } from './news.ts';
import { node } from './node.ts';
import { orderItem } from './order-item.ts';
import { person } from './person.ts';
import { specimenModel } from './specimen.ts';

/** Every model of this project: what collections, their validators and indexes are made from. */
export const models: readonly Model[] = [
  // one a line
  classModel,
  date,
  newsModel,
  node,
  orderItem,
  person,
  specimenModel,
];
