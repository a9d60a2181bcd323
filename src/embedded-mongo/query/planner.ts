import type { Doc } from '../values/bson.ts';
import {
  boundsFor,
  conjunction,
  holdsText,
  RANGES,
  spanOf,
  type Condition,
  type Conjunction,
} from './bounds.ts';
import { sameCollation } from '../values/collation.ts';
import type { Collection } from '../storage/collection.ts';
import { badValue, failedToParse, ServerError } from '../errors.ts';
import type { Index } from '../storage/indexes.ts';
import { compileFilter } from './match.ts';
import { AFTER_ALL } from '../storage/sorted-list.ts';
import type { Transaction } from '../storage/transactions.ts';
import { equal, isDoc, typeOf } from '../values/values.ts';

/** What the planner must know of a query. */
export interface Query {
  filter: Doc;
  sort?: Doc | undefined;
  hint?: unknown;
  collation?: Collection['collation'] | undefined;
}

/** One walk over an index. */
interface Scan {
  index: Index;
  spans: [from: string, to: string][];
}

/** How to find the documents of a query: no scans means the whole collection. */
export interface Plan {
  scans: Scan[];
  backwards: boolean;
  /** Whether documents come out in the order the query asks for. */
  sorted: boolean;
  /** Whether the scans find exactly the matching documents, so that the filter need not be tested. */
  exact: boolean;
}

/** Combinations of `$in` values beyond this are not worth separate ranges. */
const MAX_SPANS = 2000;

const WHOLE: [string, string] = ['', AFTER_ALL];

interface Candidate extends Plan {
  scans: [Scan];
  bounded: number;
  /** Whether the query compares text as the index does. */
  collated: boolean;
  /** Entries to read, more when a sort comes after. Counted only where there is a choice. */
  cost(): number;
}

function candidate(index: Index, query: Query, parts: Conjunction): Candidate {
  const collated = sameCollation(index.collation, query.collation);
  let prefixes = [''];
  let spans: [string, string][] | undefined;
  const used: Condition[] = [];
  const fixed = new Set<string>();
  let bounded = 0;
  let arrays = 0;
  for (let at = 0; at < index.paths.length; at++) {
    // Conditions on two paths through arrays may be met by different members: only the first limits the search.
    if (index.multikey[at] && arrays++ > 0) break;
    const bounds = boundsFor(index, at, parts.conditions, collated);
    if (!bounds || bounds.ranges.length * prefixes.length > MAX_SPANS) break;
    bounded++;
    used.push(...bounds.used);
    if (!bounds.points) {
      spans = prefixes.flatMap((before) => bounds.ranges.map((range) => spanOf(before, range)));
      break;
    }
    if (bounds.ranges.length === 1) fixed.add(index.paths[at] ?? '');
    prefixes = prefixes.flatMap((before) => bounds.ranges.map((range) => before + range.low));
  }
  spans ??= bounded > 0 ? prefixes.map((key) => [key, key + AFTER_ALL]) : [WHOLE];
  spans.sort(([a], [b]) => (a < b ? -1 : 1));
  const direction = sortDirection(index, query, fixed, spans.length);
  const exact = !parts.rest && parts.ors.length === 0 && used.length === parts.conditions.length;
  const inSpans = () => spans.reduce((sum, [from, to]) => sum + index.entries.count(from, to), 0);
  return {
    scans: [{ index, spans }],
    backwards: direction === -1,
    sorted: direction !== 0,
    exact,
    bounded,
    collated,
    cost: () => inSpans() * (direction === 0 && query.sort ? 1.5 : 1),
  };
}

/** 1 or -1 when walking the index that way gives the order of the query, else 0. */
function sortDirection(
  index: Index,
  query: Query,
  fixed: ReadonlySet<string>,
  spans: number,
): number {
  const asked = Object.entries(query.sort ?? {});
  if (asked.length === 0 || index.collation || query.collation) return 0;
  const matches = (from: number, wanted: [string, unknown][]) => {
    let direction = 0;
    const fits = wanted.every(([path, way], at) => {
      const position = from + at;
      if (index.paths[position] !== path || index.multikey[position]) return false;
      if (typeof way === 'object' && way !== null && '$meta' in way) return false;
      const step = Number(way) < 0 === index.descending[position] ? 1 : -1;
      direction ||= step;
      return direction === step;
    });
    return fits ? direction : 0;
  };
  const whole = matches(0, asked);
  if (whole !== 0 || spans > 1) return whole;
  // A path through arrays is sorted by its least member, which need not be the one that was asked for.
  const constant = (path: string) => fixed.has(path) && !index.multikey[index.paths.indexOf(path)];
  const open = asked.filter(([path]) => !constant(path));
  if (open.length === 0) return 1;
  const start = index.paths.findIndex((path) => !fixed.has(path));
  return start < 0 ? 0 : matches(start, open);
}

/** Whether no document without the path meets the condition. Null is met by it, and the ends of the order are. */
function excludesMissing({ op, value }: Condition): boolean {
  if (op === '$eq') return value !== null;
  if (op === '$in') return !(value as unknown[]).includes(null);
  if (op === '$exists') return value === true;
  if (op === '$regex') return true;
  return RANGES.has(op) && !['null', 'minKey', 'maxKey'].includes(typeOf(value));
}

/** Whether every document that the query matches is in this sparse or partial index. */
function covers({ scans, bounded, collated }: Candidate, parts: Conjunction): boolean {
  const [{ index }] = scans;
  if (!index.isIncomplete) return true;
  const { partialFilterExpression: partial, sparse } = index.spec;
  if (sparse) {
    return (
      bounded > 0 &&
      parts.conditions.some((known) => index.paths.includes(known.path) && excludesMissing(known))
    );
  }
  const required = conjunction(partial ?? {});
  if (required.rest || required.ors.length > 0) return false;
  return required.conditions.every((need) =>
    parts.conditions.some((known) => {
      if (known.path !== need.path) return false;
      if (need.op === '$exists') return need.value === true && excludesMissing(known);
      if (!collated && (holdsText(known.value) || holdsText(need.value))) return false;
      if (known.op === need.op && equal(known.value, need.value)) return true;
      if (known.op !== '$eq' || known.path.includes('.')) return false;
      return compileFilter({ [need.path]: { [need.op]: need.value } }).test({
        [need.path]: known.value,
      });
    }),
  );
}

/** The indexes that hold what this reader may see. */
function usable(collection: Collection, txn: Transaction | undefined): Index[] {
  return [...collection.indexes.values()].filter((index) => {
    if (index.scanned || index.spec.hidden) return false;
    return index.txn ? index.txn === txn : !txn || index.born <= txn.snapshot;
  });
}

function hinted(collection: Collection, hint: unknown): Index | undefined {
  if (hint === undefined) return undefined;
  if (typeof hint !== 'string' && !isDoc(hint)) {
    throw failedToParse('Hint must be a string or an object');
  }
  const wanted = JSON.stringify(hint);
  for (const index of collection.indexes.values()) {
    if (index.spec.name === hint || JSON.stringify(index.spec.key) === wanted) return index;
  }
  throw new ServerError(
    2,
    'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
  );
}

function natural(query: Query): Plan | undefined {
  const direction =
    (query.hint as Doc | undefined)?.['$natural'] ?? (query.sort as Doc | undefined)?.['$natural'];
  if (direction === undefined) return undefined;
  const sorted = query.sort?.['$natural'] !== undefined;
  const { hint } = query;
  if (sorted && hint !== undefined && (hint as Doc)['$natural'] === undefined) {
    throw badValue('Sort by $natural is incompatible with a hint other than $natural');
  }
  return { scans: [], backwards: Number(direction) < 0, sorted, exact: false };
}

/**
 * Chooses how to find the documents of a query: of the indexes whose leading path the filter bounds, the one that
 * reads least; else one that gives the order asked for; else the whole collection.
 * @throws ServerError 2 for a hint that names no index
 */
export function plan(collection: Collection, query: Query, txn?: Transaction): Plan {
  const everything: Plan = { scans: [], backwards: false, sorted: false, exact: false };
  const fixed = natural(query);
  if (fixed) return fixed;
  const parts = conjunction(query.filter);
  const hint = hinted(collection, query.hint);
  if (hint) return candidate(hint, query, parts);
  const leading = new Set([
    ...parts.conditions.map(({ path }) => path),
    ...Object.keys(query.sort ?? {}),
  ]);
  const candidates = usable(collection, txn)
    .filter((index) => leading.has(index.paths[0] ?? ''))
    .map((index) => candidate(index, query, parts))
    .filter((found) => covers(found, parts));
  const bounded = candidates.filter((found) => found.bounded > 0);
  const best = bounded.length > 1 ? cheapest(bounded) : bounded[0];
  if (best) return best;
  const either = alternatives(collection, query, parts, txn);
  if (either) return either;
  return candidates.find((found) => found.sorted) ?? everything;
}

function cheapest(candidates: Candidate[]): Plan | undefined {
  const weighed = candidates.map((found) => ({ found, cost: found.cost() }));
  weighed.sort((a, b) => a.cost - b.cost || b.found.bounded - a.found.bounded);
  return weighed[0]?.found;
}

/** A plan for a filter whose `$or` can be answered branch by branch from indexes. */
function alternatives(
  collection: Collection,
  query: Query,
  parts: Conjunction,
  txn: Transaction | undefined,
): Plan | undefined {
  const [branches] = parts.ors;
  if (!branches) return undefined;
  const plans = branches.map((filter) =>
    plan(collection, { filter, collation: query.collation }, txn),
  );
  if (plans.some((found) => found.scans.length === 0 || found.scans.some(isWhole)))
    return undefined;
  return {
    scans: plans.flatMap((found) => found.scans),
    backwards: false,
    sorted: false,
    exact: false,
  };
}

function isWhole(scan: Scan): boolean {
  return scan.spans[0]?.[0] === '' && scan.spans[0][1] === AFTER_ALL;
}
