/** `fields=`: the client says which fields it wants; private ones are not among the words it may use. */
import { describe, expect, it } from 'vitest';
import type { Resource } from '../resource.ts';

export function projecting(resource: Resource): void {
  const { path } = resource;

  describe('projection', () => {
    it('answers only the named fields, always with _id and _rev', async () => {
      const item = await resource.make();
      for (const name of Object.keys(item)) {
        const expected = { _id: item._id, _rev: item._rev, [name]: item[name] };
        const one = await resource.api.get(`${resource.at(item)}?fields=${name}`);
        expect(one.status, one.text).toBe(200);
        expect(one.item).toEqual(expected);
        const list = await resource.api.get(`${path}?${resource.only([item])}&fields=${name}`);
        expect(list.status, list.text).toBe(200);
        expect(list.list.data).toEqual([expected]);
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
