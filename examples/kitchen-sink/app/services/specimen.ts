import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { specimenModel } from '../models/specimen.ts';

/**
 * The rules of /specimen, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const specimen = (context: Context) => crud(context, specimenModel);
