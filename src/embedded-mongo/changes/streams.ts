import { Long, Timestamp } from 'mongodb';

import { runPipeline } from '../aggregate/aggregate.ts';
import type { Doc } from '../values/bson.ts';
import { eventOf, type EventOptions } from './events.ts';
import { before, parseToken, tokenOf, type ChangeFeed, type FeedEvent } from './feed.ts';
import type { Context } from '../commands/command.ts';
import type { LiveCursor } from '../query/cursors.ts';
import { ServerError, unsupported } from '../errors.ts';
import { encoded } from '../values/raw.ts';
import type { Session } from '../server/sessions.ts';
import { equal, isDoc } from '../values/values.ts';
import { RawBatch } from '../server/wire.ts';

const STAGES = new Set([
  ...[
    '$match',
    '$project',
    '$addFields',
    '$set',
    '$unset',
    '$replaceRoot',
    '$replaceWith',
    '$redact',
  ],
]);
const OPTIONS = new Set([
  ...[
    'fullDocument',
    'fullDocumentBeforeChange',
    'resumeAfter',
    'startAfter',
    'startAtOperationTime',
  ],
  ...['showExpandedEvents', 'allChangesForCluster'],
]);
const FULL_DOCUMENT = ['default', 'updateLookup', 'whenAvailable', 'required'];
const BEFORE_CHANGE = ['off', 'whenAvailable', 'required'];

/** What a change stream watches: a collection, a database or everything. */
interface Scope {
  db: string | undefined;
  coll: string | undefined;
}

function optionsOf(operand: unknown): Doc {
  if (!isDoc(operand)) throw new ServerError(14, '$changeStream must take an object');
  for (const option of Object.keys(operand)) {
    if (!OPTIONS.has(option))
      throw new ServerError(40415, `BSON field '$changeStream.${option}' is an unknown field.`);
  }
  for (const [name, known] of [
    ['fullDocument', FULL_DOCUMENT],
    ['fullDocumentBeforeChange', BEFORE_CHANGE],
  ] as const) {
    const value = operand[name];
    if (value !== undefined && !known.includes(String(value))) {
      throw new ServerError(
        2,
        `Enumeration value '${String(value)}' for field '$changeStream.${name}' is not a valid value.`,
      );
    }
  }
  return operand;
}

/** Where the stream starts: after a token, at a time, or now. */
function startOf(options: Doc, feed: ChangeFeed): string {
  const { resumeAfter, startAfter, startAtOperationTime: time } = options;
  const token = (startAfter ?? resumeAfter) as Doc | undefined;
  if (token) {
    const { position, invalidation } = parseToken(token);
    if (invalidation && resumeAfter) {
      throw new ServerError(
        260,
        "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.",
      );
    }
    return position;
  }
  return time instanceof Timestamp ? before(time) : feed.end;
}

/** An open change stream. */
class ChangeStream implements LiveCursor {
  readonly id: bigint;
  readonly namespace: string;
  readonly session: Session | undefined;
  lastUse = Date.now();
  private position: string;
  private invalidated: Doc | undefined;
  private readonly closed = new AbortController();
  private readonly feed: ChangeFeed;
  private readonly scope: Scope;
  private readonly options: EventOptions;
  private readonly pipeline: Doc[];

  constructor(context: Context, scope: Scope, options: Doc, pipeline: Doc[], namespace: string) {
    this.id = context.engine.cursors.newId();
    this.namespace = namespace;
    this.session = context.session;
    this.feed = context.engine.feed;
    this.scope = scope;
    this.pipeline = pipeline;
    this.options = {
      fullDocument: String(options['fullDocument'] ?? 'default'),
      fullDocumentBeforeChange: String(options['fullDocumentBeforeChange'] ?? 'off'),
      expanded: options['showExpandedEvents'] === true,
    };
    this.position = startOf(options, this.feed);
    this.feed.after(this.position);
  }

  async next(size = Infinity, waitMs: number) {
    const deadline = Date.now() + waitMs;
    let batch = this.collect(size);
    while (batch.length === 0 && !this.invalidated && !this.closed.signal.aborted) {
      const left = deadline - Date.now();
      if (left <= 0) break;
      await this.feed.next(left, this.closed.signal);
      batch = this.collect(size);
    }
    this.lastUse = Date.now();
    const closed =
      this.closed.signal.aborted || (this.invalidated !== undefined && batch.length < size);
    return { batch, fields: this.fields(), closed };
  }

  /** What the answer says beside the events. */
  fields(): Doc {
    return { postBatchResumeToken: tokenOf(this.position) };
  }

  close(): void {
    this.closed.abort();
  }

  /** The events that are there. */
  collect(size: number): Buffer[] {
    const batch: Buffer[] = [];
    if (this.invalidated) return batch;
    const events = this.feed.after(this.position);
    for (const event of events) {
      if (batch.length >= size) return batch;
      this.position = event.position;
      if (!this.watches(event)) continue;
      batch.push(...this.shown(eventOf(event, this.options)));
      if (!this.isEnd(event)) continue;
      this.invalidated = {
        _id: tokenOf(event.position, true),
        operationType: 'invalidate',
        clusterTime: event.time,
        wallTime: event.wallTime,
      };
      batch.push(...this.shown(this.invalidated));
      return batch;
    }
    if (events.length === 0 && this.position < this.feed.end) this.position = this.feed.end;
    return batch;
  }

  private watches({ change }: FeedEvent): boolean {
    const { db, coll } = this.scope;
    if (change.coll.startsWith('tmp.agg_out.') && change.kind !== 'rename') return false;
    if (db !== undefined && change.db !== db) return false;
    return coll === undefined || change.coll === coll || this.renamedOver(change.detail);
  }

  private renamedOver(detail: Doc | undefined): boolean {
    const to = detail?.['to'] as Doc | undefined;
    return to?.['db'] === this.scope.db && to?.['coll'] === this.scope.coll;
  }

  private isEnd({ change }: FeedEvent): boolean {
    if (this.scope.coll !== undefined)
      return ['drop', 'rename', 'dropDatabase'].includes(change.kind);
    return this.scope.db !== undefined && change.kind === 'dropDatabase';
  }

  private shown(event: Doc | undefined): Buffer[] {
    if (!event) return [];
    if (this.pipeline.length === 0) return [encoded(event)];
    return runPipeline([event], this.pipeline).map((row) => {
      if (equal(row['_id'], event['_id'])) return encoded(row);
      throw new ServerError(
        280,
        `Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations that retain the unmodified _id field are allowed.`,
      );
    });
  }
}

/** Opens a change stream: the answer to an `aggregate` whose first stage is `$changeStream`. */
export function openChangeStream(
  context: Context,
  name: string,
  pipeline: readonly Doc[],
  batchSize: number | undefined,
): Doc {
  if (context.txn) throw new ServerError(263, '$changeStream cannot be used in a transaction');
  const [head = {}, ...stages] = pipeline;
  const options = optionsOf(head['$changeStream']);
  for (const stage of stages) {
    const [operator = ''] = Object.keys(stage);
    if (operator === '$changeStreamSplitLargeEvent') throw unsupported(`Stage ${operator}`);
    // Refuses a stage that does not parse now, not at the first event.
    runPipeline([], [stage]);
    if (!STAGES.has(operator))
      throw new ServerError(20, `${operator} is not permitted in a $changeStream pipeline`);
  }
  const whole = options['allChangesForCluster'] === true;
  if (whole && context.db !== 'admin') {
    throw new ServerError(
      72,
      'A $changeStream with allChangesForCluster:true may only be opened on the admin database',
    );
  }
  const scope: Scope = {
    db: whole ? undefined : context.db,
    coll: name === '$cmd.aggregate' ? undefined : name,
  };
  const namespace = `${context.db}.${name}`;
  const stream = new ChangeStream(context, scope, options, stages, namespace);
  context.engine.cursors.all.set(stream.id, stream);
  const batch = stream.collect(batchSize ?? 101);
  const id = Long.fromBigInt(stream.id);
  return { cursor: { firstBatch: new RawBatch(batch), ...stream.fields(), id, ns: namespace } };
}
