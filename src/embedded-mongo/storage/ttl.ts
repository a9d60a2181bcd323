import { keyString, typeRange } from '../values/key-string.ts';
import type { Store } from './store.ts';

/** Deletes the documents whose TTL index says that they are due. Those in the hands of a transaction are left for the next time. */
export function expireDocuments(store: Store, now: Date): void {
  for (const database of store.databases.values()) {
    for (const collection of database.values()) {
      for (const index of [...collection.indexes.values()]) {
        const seconds = index.spec.expireAfterSeconds;
        if (seconds === undefined || index.descending[0]) continue;
        const due = keyString(new Date(now.getTime() - seconds * 1000));
        const [from] = typeRange(due);
        for (const version of index.entries.slice(from, due)) {
          const { head, pending } = version.record;
          if (head === version && !pending) collection.remove(version);
        }
      }
    }
  }
}
