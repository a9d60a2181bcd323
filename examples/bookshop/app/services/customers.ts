import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { customer } from '../models/customer.ts';

/**
 * The rules of /customers, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const customers = (context: Context) => crud(context, customer);
