import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { date } from '../models/date.ts';

/**
 * The rules of /dates, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const dates = (context: Context) => crud(context, date);
