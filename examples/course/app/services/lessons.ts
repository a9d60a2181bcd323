import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { lesson } from '../models/lesson.ts';

/**
 * The rules of /lessons, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const lessons = (context: Context) => crud(context, lesson);
