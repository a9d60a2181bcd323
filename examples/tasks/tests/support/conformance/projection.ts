/** `fields=`: the client says which fields it wants; private ones are not among the words it may use. */
import { describe, expect, it } from 'vitest';
import type { Resource } from '../resource.ts';

export function projecting(resource: Resource): void {
  const { path } = resource;

  describe('projection', () => {
    it('answers only the named fields, always with _id and _rev', async () => {
      const item = await resource.make();
      for (const name of Object.keys(item)) {
        for (const at of [`${resource.at(item)}?`, `${path}?${resource.only([item])}&`]) {
          const answer = await resource.api.get(`${at}fields=${name}`);
          expect(answer.status, answer.text).toBe(200);
          const found = 'data' in answer.item ? answer.list.data[0] : answer.item;
          expect(found).toEqual({ _id: item._id, _rev: item._rev, [name]: item[name] });
        }
      }
    });

    it('leaves out the fields with a minus', async () => {
      const item = await resource.make();
      const answer = await resource.api.get(`${resource.at(item)}?fields=-createdAt,-updatedAt`);
      const left = Object.entries(item).filter(([name]) => !/^(created|updated)At$/.test(name));
      expect(answer.item).toEqual(Object.fromEntries(left));
    });

    it('refuses a mixture, and other spellings of a name', async () => {
      const item = await resource.make();
      for (const fields of ['createdAt,-updatedAt', 'CREATEDAT', '$createdAt', 'createdAt.x', '']) {
        const answer = await resource.api.get(
          `${resource.at(item)}?fields=${encodeURIComponent(fields)}`,
        );
        expect(answer.status, fields).toBe(400);
        expect(answer.problem.errors?.[0]?.parameter).toBe('fields');
      }
    });
  });
}
