import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { order } from '../models/order.ts';

/**
 * The rules of /orders, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const orders = (context: Context) => crud(context, order);
