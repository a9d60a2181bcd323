// What a form may be refused for: shown beside its inputs, while everything else goes on to the error pages.
import type { Doc } from '../core/bson.ts';
import type { Limits } from '../core/context.ts';
import { toProblem } from '../core/errors.ts';
import { inspect } from '../core/inspect.ts';
import { problem, type Problem } from '../core/problems.ts';
import type { Read } from './reading.ts';

/** The document of a form, after the checks that every JSON body goes through. Throws a problem with all mistakes. */
export const refusable = ({ wire, errors }: Read, { depth }: Limits): Doc => {
  const found = [...errors, ...inspect(wire, depth, false)];
  if (found.length > 0) throw problem('validation_error', undefined, { errors: found });
  return wire;
};

/** Answers that belong on the page of the form: the rest is not for the one who typed. */
const onPage = new Set([400, 409, 412]);

/** Does the work; the problem for which it was refused, if the one who typed can do something about it. */
export const expected = async (work: () => Promise<unknown>): Promise<Problem | undefined> => {
  try {
    await work();
    return undefined;
  } catch (error) {
    const found = toProblem(error);
    if (!onPage.has(found.status)) throw error;
    return found;
  }
};
