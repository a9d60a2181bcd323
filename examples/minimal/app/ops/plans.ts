// What is known of a query before it runs: its shape, and how the database means to answer it.
import type { Document } from 'mongodb';
import { isDoc } from '../core/walk.ts';

/** Parts of a command that decide how it is answered; the rest is of the session it runs in. */
const parts: Readonly<Record<string, readonly string[]>> = {
  find: ['find', 'filter', 'sort', 'projection', 'skip', 'limit', 'hint', 'collation'],
  aggregate: ['aggregate', 'pipeline', 'hint', 'collation'],
  count: ['count', 'query', 'limit', 'skip', 'hint', 'collation'],
  distinct: ['distinct', 'key', 'query', 'collation'],
};

/** A command as `explain` takes it; undefined for one that is no query of a collection. */
export const explainable = (name: string, command: Document): Document | undefined => {
  const known = parts[name];
  if (known === undefined || typeof command[name] !== 'string') return undefined;
  const kept = known.filter((part) => command[part] !== undefined);
  return {
    ...Object.fromEntries(kept.map((part) => [part, command[part] as unknown])),
    ...(name === 'aggregate' && { cursor: {} }),
  };
};

/** The same for queries that differ in values alone: what `explain` has to be asked once for. */
export const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const shapes = value.map(shapeOf);
    return shapes.every((shape) => shape === '?') ? ['?'] : shapes;
  }
  // An ObjectId or a Date is a value.
  if (!isDoc(value) || Object.getPrototypeOf(value) !== Object.prototype) return '?';
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shapeOf(part)]));
};

/** Whether a query asks for some documents and not for all. */
export const isSelective = ({ filter, query, pipeline }: Document): boolean => {
  const [first] = Array.isArray(pipeline) ? (pipeline as unknown[]) : [];
  const asked: unknown = filter ?? query ?? (isDoc(first) ? first['$match'] : undefined);
  return isDoc(asked) && Object.keys(asked).length > 0;
};

/** The stages of an explained query that read: IXSCAN, COLLSCAN, IDHACK; of the plan that won. */
export const readingStages = (explained: unknown): string[] => {
  if (Array.isArray(explained)) return explained.flatMap(readingStages);
  if (!isDoc(explained)) return [];
  const below = Object.entries(explained)
    .filter(([key]) => key !== 'rejectedPlans' && key !== 'command')
    .flatMap(([, part]) => readingStages(part));
  if (below.length > 0) return below;
  return typeof explained['stage'] === 'string' ? [explained['stage']] : [];
};
