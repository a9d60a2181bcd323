/** If-Match, `_rev` in the body, and 428 where the model demands a precondition: no update is lost silently. */
import { describe, expect, it } from 'vitest';
import type { Answer, Item } from '../client.ts';
import type { Resource } from '../resource.ts';

export function preconditions(resource: Resource): void {
  const { model } = resource;

  const changes: [string, (item: Item, headers: Record<string, string>) => Promise<Answer>][] = [
    [
      'PUT',
      async (item, headers) => resource.api.put(resource.at(item), await resource.body(), headers),
    ],
    [
      'PATCH',
      async (item, headers) =>
        resource.api.patch(resource.at(item), await resource.body(), headers),
    ],
    ['DELETE', (item, headers) => resource.api.delete(resource.at(item), headers)],
  ];

  describe('preconditions', () => {
    describe.each(changes)('%s', (method, change) => {
      it('goes through with the current tag, also in a list, weakened, or as *', async () => {
        for (const tag of ['"1"', '"9", "1"', 'W/"1"', '*']) {
          const item = await resource.make();
          const answer = await change(item, { 'if-match': tag });
          expect(answer.status, `${tag} ${answer.text}`).toBe(method === 'DELETE' ? 204 : 200);
          if (method !== 'DELETE')
            await resource.api.delete(resource.at(item), { 'if-match': '*' });
        }
      });

      it('answers 412 with the current tag to a stale one, and changes nothing', async () => {
        const item = await resource.make();
        const stale = await change(item, { 'if-match': '"7"' });
        expect(stale.status).toBe(412);
        expect(stale.problem.code).toBe('stale_revision');
        expect(stale.headers.get('etag')).toBe('"1"');
        expect((await resource.api.get(resource.at(item))).item).toEqual(item);
      });

      it('answers 400 to a tag that is none', async () => {
        const item = await resource.make();
        const broken = await change(item, { 'if-match': '1' });
        expect(broken.status).toBe(400);
        expect(broken.problem.errors).toMatchObject([{ header: 'If-Match' }]);
      });

      it.runIf(model.requireIfMatch === true)('answers 428 without If-Match', async () => {
        const item = await resource.make();
        const answer = await change(item, {});
        expect(answer.status).toBe(428);
        expect(answer.problem.code).toBe('precondition_required');
        expect((await resource.api.get(resource.at(item))).item).toEqual(item);
      });
    });

    it.each(['put', 'patch'] as const)(
      'takes _rev in the body of a %s as If-Match',
      async (verb) => {
        const item = await resource.make();
        const stale = await resource.api[verb](resource.at(item), await resource.body({ _rev: 7 }));
        expect(stale.status).toBe(412);
        const current = await resource.api[verb](
          resource.at(item),
          await resource.body({ _rev: 1 }),
        );
        expect(current.status, current.text).toBe(200);
      },
    );

    it('lets one of ten changes with the same tag through', async () => {
      const item = await resource.make();
      const body = await resource.body();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () =>
          resource.api.put(resource.at(item), body, { 'if-match': '"1"' }),
        ),
      );
      const statuses = answers.map((answer) => answer.status).sort();
      // Where all samples are alike the body changes nothing, and the tag stays right.
      const unchanged = answers.every((one) => one.status === 200 && one.item._rev === 1);
      if (!unchanged) expect(statuses).toEqual([200, ...Array<number>(9).fill(412)]);
    });
  });
}
