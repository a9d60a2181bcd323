import type { Model } from '../core/model.ts';
import { person } from './person.ts';
import { project } from './project.ts';
import { task } from './task.ts';

/** Every model of this project: what collections, their validators and indexes are made from. */
export const models: readonly Model[] = [
  // one a line
  person,
  project,
  task,
];
