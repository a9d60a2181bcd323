import { Long } from 'mongodb';

import { ServerError } from '../errors.ts';
import type { Session } from '../server/sessions.ts';
import type { Transaction } from '../storage/transactions.ts';

const IDLE_MS = 10 * 60_000;
const FIRST_BATCH = 101;
/** Bytes of documents in one answer, as in MongoDB. */
const BATCH_BYTES = 16 * 1024 * 1024;

/** Documents that a client fetches in batches. */
export class Cursor {
  readonly id: bigint;
  readonly namespace: string;
  readonly session: Session | undefined;
  readonly txn: Transaction | undefined;
  lastUse = Date.now();
  private readonly rows: Iterator<Buffer>;
  private ahead: Buffer | undefined;

  constructor(
    id: bigint,
    namespace: string,
    rows: Iterator<Buffer>,
    owner: { session: Session | undefined; txn: Transaction | undefined },
  ) {
    this.id = id;
    this.namespace = namespace;
    this.rows = rows;
    this.session = owner.session;
    this.txn = owner.txn;
  }

  /** Takes the next documents: at most `size` (all when undefined) and as many as fit into one answer. */
  take(size = Infinity): Buffer[] {
    const batch: Buffer[] = [];
    let bytes = 0;
    while (batch.length < size) {
      const next = this.peek();
      if (!next || (bytes > 0 && bytes + next.length > BATCH_BYTES)) break;
      batch.push(next);
      bytes += next.length;
      this.ahead = undefined;
    }
    return batch;
  }

  /** Whether nothing is left. */
  get done(): boolean {
    return this.peek() === undefined;
  }

  private peek(): Buffer | undefined {
    if (!this.ahead) {
      const next = this.rows.next();
      this.ahead = next.done ? undefined : next.value;
    }
    return this.ahead;
  }
}

/** A cursor that waits for events: a change stream. */
export interface LiveCursor {
  readonly id: bigint;
  readonly namespace: string;
  readonly session: Session | undefined;
  lastUse: number;
  /** The next events, waiting up to `waitMs` for the first. */
  next(
    size: number | undefined,
    waitMs: number,
  ): Promise<{ batch: Buffer[]; fields: object; closed: boolean }>;
  close(): void;
}

/** The open cursors. */
export class Cursors {
  readonly all = new Map<bigint, Cursor | LiveCursor>();

  /** A number no open cursor has. */
  newId(): bigint {
    for (;;) {
      const id =
        (BigInt(Math.floor(Math.random() * 2 ** 31)) << 31n) |
        BigInt(Math.floor(Math.random() * 2 ** 31));
      if (id > 0n && !this.all.has(id)) return id;
    }
  }

  /** The first batch of an answer; what is left stays open under the id. */
  open(
    namespace: string,
    rows: Iterator<Buffer>,
    batchSize: number | undefined,
    owner: { session: Session | undefined; txn: Transaction | undefined },
    single = false,
  ): { id: Long; ns: string; batch: Buffer[] } {
    const cursor = new Cursor(this.newId(), namespace, rows, owner);
    const batch = cursor.take(batchSize ?? FIRST_BATCH);
    const open = !single && (batchSize === 0 || !cursor.done);
    if (open) this.all.set(cursor.id, cursor);
    return { id: open ? Long.fromBigInt(cursor.id) : Long.ZERO, ns: namespace, batch };
  }

  /** @throws ServerError 43 when there is no such cursor */
  get(id: bigint): Cursor | LiveCursor {
    const cursor = this.all.get(id);
    if (!cursor) throw new ServerError(43, `cursor id ${id} not found`);
    cursor.lastUse = Date.now();
    return cursor;
  }

  /** Closes a cursor; false when it was not open. */
  kill(id: bigint): boolean {
    const cursor = this.all.get(id);
    if (cursor && 'close' in cursor) cursor.close();
    return this.all.delete(id);
  }

  /** Closes cursors that nobody asked for in ten minutes. */
  expire(now: number): void {
    for (const cursor of this.all.values()) {
      if (now - cursor.lastUse > IDLE_MS) this.kill(cursor.id);
    }
  }

  /** Closes the cursors of a session or a transaction that ended. */
  killOwned(session: Session): void {
    for (const cursor of this.all.values()) if (cursor.session === session) this.kill(cursor.id);
  }
}
