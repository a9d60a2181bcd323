import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { newsModel } from '../models/news.ts';

/**
 * The rules of /news, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const news = (context: Context) => crud(context, newsModel);
