import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { classModel } from '../models/class.ts';

/**
 * The rules of /classes, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const classes = (context: Context) => crud(context, classModel);
