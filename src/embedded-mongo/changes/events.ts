import { Long, type Binary } from 'mongodb';

import { decode, type Doc } from '../values/bson.ts';
import { tokenOf, type FeedEvent } from './feed.ts';
import { ServerError } from '../errors.ts';
import { equal, isDoc } from '../values/values.ts';

/** What a change stream is asked to show. */
export interface EventOptions {
  fullDocument: string;
  fullDocumentBeforeChange: string;
  expanded: boolean;
}

const EXPANDED_ONLY = new Set(['create', 'createIndexes', 'dropIndexes', 'modify']);

/** The event that a change stream shows for a change; undefined for those it does not show. */
export function eventOf(from: FeedEvent, options: EventOptions): Doc | undefined {
  const { change, session } = from;
  if (EXPANDED_ONLY.has(change.kind) && !options.expanded) return undefined;
  const event: Doc = { _id: tokenOf(from.position), operationType: change.kind };
  event['clusterTime'] = from.time;
  if (options.expanded && change.collection) event['collectionUUID'] = change.collection.uuid;
  event['wallTime'] = from.wallTime;
  event['ns'] =
    change.kind === 'dropDatabase' ? { db: change.db } : { db: change.db, coll: change.coll };
  if (session) {
    event['lsid'] = session.lsid;
    event['txnNumber'] = Long.fromBigInt(session.txnNumber);
  }
  if (['insert', 'update', 'replace', 'delete'].includes(change.kind)) {
    writeEvent(event, from, options);
  } else if (change.kind === 'rename') {
    const { to, dropTarget } = change.detail as { to: Doc; dropTarget: Binary | undefined };
    event['to'] = to;
    if (options.expanded)
      event['operationDescription'] = { to, ...(dropTarget ? { dropTarget } : {}) };
  } else if (EXPANDED_ONLY.has(change.kind)) {
    const { uuid: _, options: changed, ...detail } = change.detail ?? {};
    event['operationDescription'] =
      change.kind === 'create'
        ? { ...detail, idIndex: { v: 2, key: { _id: 1 }, name: '_id_' } }
        : { ...detail, ...(changed as Doc | undefined) };
  }
  return event;
}

function writeEvent(event: Doc, { change }: FeedEvent, options: EventOptions): void {
  const after = change.after && decode(change.after);
  const before = change.before && decode(change.before);
  event['documentKey'] = { _id: (after ?? before)?.['_id'] };
  if (change.kind === 'insert' || change.kind === 'replace') event['fullDocument'] = after;
  const kept = change.collection?.options.changeStreamPreAndPostImages?.enabled === true;
  if (change.kind === 'update' && before && after) {
    event['updateDescription'] = description(before, after, options.expanded, change.whole ?? []);
    if (options.fullDocument === 'updateLookup') {
      const current = change.collection?.get(after['_id'])?.bytes;
      event['fullDocument'] = current ? decode(current) : null;
    } else if (options.fullDocument !== 'default') {
      event['fullDocument'] = image(after, kept, options.fullDocument, 'post');
    }
  }
  if (options.fullDocumentBeforeChange !== 'off' && change.kind !== 'insert') {
    event['fullDocumentBeforeChange'] = image(
      before,
      kept,
      options.fullDocumentBeforeChange,
      'pre',
    );
  }
}

function image(doc: Doc | undefined, kept: boolean, wanted: string, which: string): Doc | null {
  if (kept && doc) return doc;
  if (wanted !== 'required') return null;
  throw new ServerError(
    47,
    `Change stream was configured to require a ${which}-image for all update, delete and replace events, but the ${which}-image was not found`,
  );
}

interface Description extends Doc {
  updatedFields: Doc;
  removedFields: string[];
  truncatedArrays: { field: string; newSize: number }[];
  disambiguatedPaths?: Doc;
}

/**
 * How a document changed, as `updateDescription` says it.
 * @param whole paths whose value is shown as a whole, as `$set` wrote it
 */
function description(
  before: Doc,
  after: Doc,
  expanded: boolean,
  whole: readonly string[],
): Description {
  const found: Description = { updatedFields: {}, removedFields: [], truncatedArrays: [] };
  const ambiguous: Doc = {};
  const note = (path: string, parts: readonly (string | number)[]) => {
    if (parts.some((part) => typeof part === 'string' && /^\d+$|\./.test(part)))
      ambiguous[path] = parts;
  };
  const set = (path: string, parts: readonly (string | number)[], value: unknown) => {
    note(path, parts);
    found.updatedFields[path] = value;
  };
  const walk = (old: unknown, value: unknown, parts: readonly (string | number)[]): void => {
    if (equal(old, value)) return;
    const path = parts.join('.');
    if (isDoc(old) && isDoc(value) && !whole.includes(path)) {
      for (const key of Object.keys(old)) {
        if (key in value) continue;
        note([...parts, key].join('.'), [...parts, key]);
        found.removedFields.push([...parts, key].join('.'));
      }
      for (const [key, inner] of Object.entries(value)) {
        if (key in old) walk(old[key], inner, [...parts, key]);
        else set([...parts, key].join('.'), [...parts, key], inner);
      }
    } else if (Array.isArray(old) && Array.isArray(value) && !whole.includes(path)) {
      if (value.length < old.length)
        found.truncatedArrays.push({ field: path, newSize: value.length });
      value.forEach((inner: unknown, at) => {
        if (at < old.length) walk(old[at], inner, [...parts, at]);
        else set([...parts, at].join('.'), [...parts, at], inner);
      });
    } else set(path, parts, value);
  };
  walk(before, after, []);
  if (expanded) found.disambiguatedPaths = ambiguous;
  return found;
}
