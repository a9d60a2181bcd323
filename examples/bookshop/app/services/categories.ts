import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { category } from '../models/category.ts';

/**
 * The rules of /categories, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const categories = (context: Context) => crud(context, category);
