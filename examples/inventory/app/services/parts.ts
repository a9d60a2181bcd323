import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { part } from '../models/part.ts';

/**
 * The rules of /parts, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const parts = (context: Context) => crud(context, part);
