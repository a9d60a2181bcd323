import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { task } from '../models/task.ts';

/**
 * The rules of /tasks, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const tasks = (context: Context) => crud(context, task);
