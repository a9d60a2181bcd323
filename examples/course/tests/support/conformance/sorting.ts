/** Sorting: by every field that has an order, both ways, ties broken by _id. */
import { describe, expect, it } from 'vitest';
import type { FieldAt } from '../../../app/core/model.ts';
import { fieldTypes } from '../../../app/core/types.ts';
import type { Item } from '../client.ts';
import { compareValues, publicPaths, valuesAt } from '../fields.ts';
import { useItems, type Resource } from '../resource.ts';

/** Paths with one value a document and an order; a cursor can walk along them. */
export function sortable(resource: Resource): FieldAt[] {
  return publicPaths(resource.model).filter(
    ({ field, many }) => !many && fieldTypes[field.type].sortable,
  );
}

/** The order that `sort=path` or `sort=-path` stands for. */
export function order({ path, field }: FieldAt, direction: 1 | -1): (a: Item, b: Item) => number {
  return (a, b) =>
    direction * compareValues(field, valuesAt(a, path)[0], valuesAt(b, path)[0]) ||
    direction * Buffer.compare(Buffer.from(a._id), Buffer.from(b._id));
}

export function sorting(resource: Resource): void {
  const { path } = resource;
  const keys = sortable(resource);

  describe('sort', () => {
    const shared = useItems(resource);

    it.each(keys.map((key) => [key.path, key] as const))('by %s', async (name, key) => {
      const items = shared();
      for (const direction of [1, -1] as const) {
        const sort = direction === 1 ? name : `-${name}`;
        const answer = await resource.api.get(`${path}?${resource.only(items)}&sort=${sort}`);
        expect(answer.status, answer.text).toBe(200);
        const values = answer.list.data.map((item) => valuesAt(item, name)[0]);
        const sorted = [...items].sort(order(key, direction));
        expect(values).toEqual(sorted.map((item) => valuesAt(item, name)[0]));
      }
    });

    it('by several keys, at most three', async () => {
      const items = shared();
      const answer = await resource.api.get(
        `${path}?${resource.only(items)}&sort=_rev,-createdAt,-_id`,
      );
      const expected = [...items].sort(
        (a, b) => b.createdAt.localeCompare(a.createdAt) || b._id.localeCompare(a._id),
      );
      expect(answer.list.data).toEqual(expected);
    });

    it('is the order of creation when nothing is said', async () => {
      const items = shared();
      const answer = await resource.api.get(`${path}?${resource.only(items)}`);
      expect(answer.list.data.map((item) => item._id)).toEqual(
        items.map((item) => item._id).sort(),
      );
    });
  });
}
