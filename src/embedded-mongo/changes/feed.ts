import type { Timestamp } from 'mongodb';

import type { Doc } from '../values/bson.ts';
import { ServerError } from '../errors.ts';
import type { Change, Commit, Store } from '../storage/store.ts';

/** Events kept for change streams that start or resume in the past. */
const KEPT_EVENTS = 5000;
const KEPT_BYTES = 32 * 1024 * 1024;

/** One change with its place among all. */
export interface FeedEvent {
  /** Sortable text of commit time and place within the commit. */
  position: string;
  time: Timestamp;
  wallTime: Date;
  change: Change;
  session: Commit['session'];
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** The place of a time and a number within its commit. */
function positionOf(time: Timestamp, at: number): string {
  return hex(time.t) + hex(time.i) + hex(at);
}

/** The place just before a time. */
export function before(time: Timestamp): string {
  return positionOf(time, 0);
}

/** A resume token. Real ones are opaque too; this one is the place of an event and whether it was an invalidation. */
export function tokenOf(position: string, invalidation = false): Doc {
  return { _data: `82${position}${invalidation ? '01' : '00'}` };
}

/** @throws ServerError 260 for what is not a token of this server */
export function parseToken(token: Doc): { position: string; invalidation: boolean } {
  const found = /^82([0-9a-f]{24})(0[01])$/i.exec(String(token['_data']));
  if (!found?.[1]) throw new ServerError(260, 'invalid resume token');
  return { position: found[1], invalidation: found[2] === '01' };
}

/** The latest changes, for change streams. */
export class ChangeFeed {
  private events: FeedEvent[] = [];
  private bytes = 0;
  /** Everything up to here was forgotten. */
  private forgotten: string;
  private readonly waiting = new Set<() => void>();
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
    this.forgotten = before(store.time);
    store.onCommit((commit) => this.append(commit));
  }

  private append({ time, changes, session }: Commit): void {
    const wallTime = new Date();
    changes.forEach((change, at) => {
      this.events.push({ position: positionOf(time, at + 1), time, wallTime, change, session });
      this.bytes += (change.before?.length ?? 0) + (change.after?.length ?? 0);
    });
    if (this.events.length > 2 * KEPT_EVENTS || this.bytes > KEPT_BYTES) this.forget();
    for (const wake of [...this.waiting]) wake();
  }

  private forget(): void {
    const kept = this.bytes > KEPT_BYTES ? Math.ceil(this.events.length / 2) : KEPT_EVENTS;
    const gone = this.events.slice(0, -kept);
    this.forgotten = gone.at(-1)?.position ?? this.forgotten;
    this.events = this.events.slice(-kept);
    this.bytes = 0;
    for (const { change } of this.events) {
      this.bytes += (change.before?.length ?? 0) + (change.after?.length ?? 0);
    }
  }

  /** Forgets all events: streams cannot resume behind this. */
  clear(): void {
    this.forgotten = this.end;
    this.events = [];
    this.bytes = 0;
  }

  /** The place after the newest event. */
  get end(): string {
    return positionOf(this.store.time, 0xffffffff);
  }

  /** The events after a place. @throws ServerError 286 when some of them were forgotten */
  after(position: string): FeedEvent[] {
    if (position < this.forgotten) {
      throw new ServerError(
        286,
        'Resume of change stream was not possible, as the resume point may no longer be in the oplog.',
      );
    }
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle]?.position ?? '') <= position) low = middle + 1;
      else high = middle;
    }
    return this.events.slice(low);
  }

  /** Settles at the next commit, after `ms` milliseconds, or when the signal says so. */
  next(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }
}
