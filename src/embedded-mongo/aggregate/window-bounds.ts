import type { Doc } from '../values/bson.ts';
import { ServerError, failedToParse } from '../errors.ts';
import type { StageContext } from './aggregate.ts';
import { strictPath } from './stages.ts';
import { compileExpression } from '../expressions/expressions.ts';
import { addUnits } from '../expressions/dates.ts';
import { isDoc, isNumber, compare, rankOf } from '../values/values.ts';
import { add, toNumber } from '../values/arithmetic.ts';

/** Given the sorted documents of a partition: the half-open range of places that each document's window covers. */
export type Bounds = (docs: Doc[]) => (at: number) => [from: number, to: number];

type Bound = 'unbounded' | 'current' | { offset: unknown };

/** Compiles `window: {documents | range, unit}`; undefined for the whole partition. */
export function boundsOf(
  window: unknown,
  sortBy: Doc | undefined,
  context: StageContext,
): Bounds | undefined {
  if (window === undefined) return undefined;
  if (!isDoc(window)) throw failedToParse("'window' field must be an object");
  const { documents, range, unit } = window;
  if (documents !== undefined && range !== undefined) {
    throw failedToParse("Window bounds can specify either 'documents' or 'range', not both");
  }
  if (unit !== undefined && range === undefined)
    throw failedToParse("Window bounds can only specify 'unit' with range-based bounds.");
  const given = documents ?? range;
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || given.length !== 2) {
    throw failedToParse('Window bounds must be a 2-element array');
  }
  const [low, high] = given.map((bound: unknown) => boundOf(bound, context)) as [Bound, Bound];
  if (low === 'unbounded' && high === 'unbounded') return undefined;
  if (!sortBy) {
    throw new ServerError(5339901, 'Document-based bounds require a sortBy');
  }
  if (documents !== undefined) return documentBounds(low, high);
  const [field, direction] = Object.entries(sortBy)[0] ?? [];
  if (Object.keys(sortBy).length !== 1 || field === undefined) {
    throw new ServerError(5339902, 'Range-based bounds require sortBy a single field');
  }
  if (toNumber(direction) !== 1) {
    throw new ServerError(8947400, 'Range-based bounds require a non-descending sortBy');
  }
  return rangeBounds(low, high, field.split('.'), unit);
}

function boundOf(bound: unknown, context: StageContext): Bound {
  if (bound === 'unbounded' || bound === 'current') return bound;
  const offset = compileExpression(bound, context.scope)({});
  if (!isNumber(offset)) {
    throw failedToParse("Window bounds must be 'unbounded', 'current', or a number");
  }
  return { offset };
}

function documentBounds(low: Bound, high: Bound): Bounds {
  const place = (bound: Bound, at: number, open: number) => {
    if (bound === 'unbounded') return open;
    if (bound === 'current') return at;
    const offset = toNumber(bound.offset);
    if (!Number.isInteger(offset))
      throw failedToParse('Numeric document-based bounds must be an integer');
    return at + offset;
  };
  if (place(low, 0, -Infinity) > place(high, 0, Infinity)) {
    throw new ServerError(5339900, 'Lower bound must not exceed upper bound');
  }
  return (docs) => (at) => [
    Math.max(0, place(low, at, 0)),
    Math.max(0, Math.min(docs.length, place(high, at, docs.length - 1) + 1)),
  ];
}

function rangeBounds(low: Bound, high: Bound, path: string[], unit: unknown): Bounds {
  return (docs) => {
    const values = docs.map((doc) => strictPath(doc, path) ?? null);
    return (at) => {
      const value = values[at];
      const least = moved(value, low, unit);
      const most = moved(value, high, unit);
      const inside = (other: unknown) =>
        (low === 'unbounded' || (compare(other, least) >= 0 && rankOf(other) === rankOf(least))) &&
        (high === 'unbounded' || (compare(other, most) <= 0 && rankOf(other) === rankOf(most)));
      const from = values.findIndex(inside);
      if (from < 0) return [0, 0];
      return [from, values.findLastIndex(inside) + 1];
    };
  };
}

function moved(value: unknown, bound: Bound, unit: unknown): unknown {
  if (typeof bound === 'string' || value === null) return value;
  if (value instanceof Date) {
    if (typeof unit !== 'string') {
      throw new ServerError(
        5429513,
        'Invalid range: Expected the sortBy field to be a number, but it was date',
      );
    }
    return new Date(addUnits(value.getTime(), unit, toNumber(bound.offset), () => 0));
  }
  if (!isNumber(value) || unit !== undefined) {
    throw new ServerError(
      5429414,
      'Invalid range: Expected the sortBy field to be a number or, with a unit, a date',
    );
  }
  return add(value, bound.offset);
}
