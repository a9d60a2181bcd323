import type { IncrementResponse, Store } from 'express-rate-limit';
import type { Db } from 'mongodb';
import type { Logger } from '../core/context.ts';

const flushMs = 1_000;
/** More addresses than this in one minute: the older half is forgotten, so that memory stays bounded. */
const maxKeys = 100_000;

interface Count {
  /** Hits of all copies of the process, as last read from the database. */
  shared: number;
  /** Own hits since. */
  unsent: number;
}

interface Row {
  _id: string;
  hits: number;
  expiresAt: Date;
}

/**
 * Counts requests for the rate limit. Each process counts in memory and exchanges its counts with the other copies
 * once a second through the collection `rate_limits`: no request waits for the database, at the price that copies
 * learn of each other's hits up to a second late. With the database away, each copy counts alone.
 */
export class SharedCounts implements Store {
  readonly #db: Db;
  readonly #windowMs: number;
  readonly #log: Logger;
  #counts = new Map<string, Count>();
  #window = 0;
  #timer: NodeJS.Timeout | undefined;
  #indexed = false;

  constructor(db: Db, windowMs: number, log: Logger) {
    this.#db = db;
    this.#windowMs = windowMs;
    this.#log = log;
  }

  increment(key: string): IncrementResponse {
    const count = this.#count(key);
    count.unsent += 1;
    if (this.#timer === undefined)
      this.#timer = setTimeout(() => void this.#flush(), flushMs).unref();
    return { totalHits: count.shared + count.unsent, resetTime: this.#end() };
  }

  decrement(key: string): void {
    this.#count(key).unsent -= 1;
  }

  resetKey(key: string): void {
    this.#counts.delete(key);
  }

  /** Windows begin at the same moment in every copy, so that their counts can be added. */
  #end(): Date {
    return new Date((this.#window + 1) * this.#windowMs);
  }

  #count(key: string): Count {
    const window = Math.floor(Date.now() / this.#windowMs);
    if (window !== this.#window) {
      this.#window = window;
      this.#counts = new Map();
    }
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    // One walk for many: the places of deleted entries stay in a Map, so looking for its oldest one gets slow.
    if (this.#counts.size >= maxKeys) {
      this.#counts = new Map([...this.#counts].slice(maxKeys / 2));
    }
    const fresh = { shared: 0, unsent: 0 };
    this.#counts.set(key, fresh);
    return fresh;
  }

  async #flush(): Promise<void> {
    this.#timer = undefined;
    const id = (key: string) => `${String(this.#window)}:${key}`;
    const changed = new Map(
      [...this.#counts].filter(([, count]) => count.unsent > 0).map(([k, c]) => [id(k), c]),
    );
    const collection = this.#db.collection<Row>('rate_limits');
    // One minute beyond the window, for copies whose clock is behind.
    const expiresAt = new Date(this.#end().getTime() + this.#windowMs);
    const updates = [...changed].map(([_id, { unsent }]) => ({
      updateOne: {
        filter: { _id },
        update: { $inc: { hits: unsent }, $setOnInsert: { expiresAt } },
        upsert: true,
      },
    }));
    for (const count of changed.values()) {
      count.shared += count.unsent;
      count.unsent = 0;
    }
    try {
      if (!this.#indexed)
        await collection.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 }, undefined);
      this.#indexed = true;
      if (updates.length === 0) return;
      await collection.bulkWrite(updates, { ordered: false });
      const rows = collection.find({ _id: { $in: [...changed.keys()] } }, { maxTimeMS: flushMs });
      for await (const { _id, hits } of rows) {
        const count = changed.get(_id);
        if (count !== undefined) count.shared = hits;
      }
    } catch (err) {
      this.#log.warn({ err }, 'The rate limit counts alone: its counts could not be exchanged');
    }
  }
}
