import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { supplier } from '../models/supplier.ts';

/**
 * The rules of /suppliers, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const suppliers = (context: Context) => crud(context, supplier);
