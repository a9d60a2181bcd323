import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { orderItem } from '../models/order-item.ts';

/**
 * The rules of /order-lines, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const orderItems = (context: Context) => crud(context, orderItem);
