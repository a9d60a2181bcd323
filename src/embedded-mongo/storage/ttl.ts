import { find } from '../query/query.ts';
import type { Store } from './store.ts';

/** Deletes the documents whose TTL index says that they are due. Those in the hands of a transaction are left for the next time. */
export function expireDocuments(store: Store, now: Date): void {
  for (const database of store.databases.values()) {
    for (const collection of database.values()) {
      for (const { spec, paths } of [...collection.indexes.values()]) {
        if (spec.expireAfterSeconds === undefined) continue;
        const due = new Date(now.getTime() - spec.expireAfterSeconds * 1000);
        // By the index alone: a partial one says nothing of the documents that it leaves out.
        const filter = { [paths[0] ?? '']: { $lte: due } };
        for (const { version } of [...find(collection, { filter, hint: spec.name })]) {
          const { head, pending } = version.record;
          if (head === version && !pending) collection.remove(version);
        }
      }
    }
  }
}
