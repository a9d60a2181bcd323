/** References: embedding the document they point to, and the list of documents that point to one. */
import { describe, expect, it } from 'vitest';
import { isPrivate } from '../../../app/core/model.ts';
import { models } from '../../../app/models/index.ts';
import type { Resource } from '../resource.ts';
import { unknownId } from './read.ts';

export function relations(resource: Resource): void {
  const { model, path } = resource;
  const references = Object.entries(model.fields).filter(
    ([, field]) => field.type === 'ref' && field.readonly !== true && !isPrivate(field),
  );

  describe.skipIf(references.length === 0)('embed', () => {
    it.each(references)('replaces the id in %s by the document', async (name, field) => {
      const item = await resource.make();
      const target = models.find((one) => one.name === field.to);
      const ids = [item[name]].flat() as string[];
      const parents = await Promise.all(
        ids.map(async (id) => (await resource.api.get(`/api${target?.path ?? ''}/${id}`)).item),
      );
      const expected = field.array === true ? parents : parents[0];

      const read = await resource.api.get(`${resource.at(item)}?embed=${name}`);
      expect(read.item).toEqual({ ...item, [name]: expected });
      expect(read.headers.get('etag')).toMatch(/^W\//);
      const list = await resource.api.get(`${path}?${resource.only([item])}&embed=${name}`);
      expect(list.list.data).toEqual([{ ...item, [name]: expected }]);
    });

    it('refuses depth, private fields and more than three', async () => {
      const [name = ''] = references[0] ?? [];
      for (const embed of [`${name}.${name}`, `${name}._id`, 'createdAt', `${name},a,b,c`]) {
        const answer = await resource.api.get(`${path}?embed=${embed}`);
        expect(answer.status, embed).toBe(400);
        expect(answer.problem.errors?.[0]?.parameter).toBe('embed');
      }
    });
  });

  for (const [name, field] of references) {
    const target = models.find((one) => one.name === field.to);
    const siblings = references.filter(([, other]) => other.to === field.to);
    if (target === undefined || siblings.length > 1) continue;
    const nested = (id: string): string => `/api${target.path}/${id}${model.path}`;

    describe(`sub-collection of ${target.plural}`, () => {
      it('lists the documents that refer to one, with every list feature', async () => {
        const parent = await resource.parent(field, true);
        const inside = await resource.make({ [name]: field.array === true ? [parent] : parent });
        if (field.unique !== true) await resource.make();

        const all = await resource.api.get(nested(parent));
        expect(all.list.data).toEqual([inside]);
        expect(all.list.meta).toMatchObject({ total: 1, page: 1 });
        const filtered = await resource.api.get(`${nested(parent)}?_rev[gt]=1&sort=-_id`);
        expect(filtered.list.data).toEqual([]);
      });

      it('cannot be widened', async () => {
        const [parent, other] = [
          await resource.parent(field, true),
          await resource.parent(field, true),
        ];
        await resource.make({ [name]: field.array === true ? [other] : other });
        for (const query of [`${name}=${other}`, `or[0][${name}]=${other}&or[1][_rev]=1`]) {
          const answer = await resource.api.get(`${nested(parent)}?${query}`);
          expect(answer.list.data).toEqual([]);
        }
      });

      it('answers 404 where there is no such parent', async () => {
        for (const id of [unknownId, 'abc'])
          expect((await resource.api.get(nested(id))).status).toBe(404);
      });
    });
  }
}
