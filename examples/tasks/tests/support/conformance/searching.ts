/** `q=`: every term in some search field. */
import { describe, expect, it } from 'vitest';
import type { Item } from '../client.ts';
import { publicPaths, valuesAt } from '../fields.ts';
import type { Resource } from '../resource.ts';

export function searching(resource: Resource): void {
  const { model, path } = resource;
  const searched = publicPaths(model).filter(({ field }) => field.search === true);

  describe.skipIf(searched.length === 0)('search', () => {
    it.each(searched.map((one) => [one.path]))('finds a document by a word of %s', async (name) => {
      const items = await resource.makeAll();
      const [item] = items;
      const word = /[\p{L}\p{N}]{2,}/u.exec(textOf(item, name))?.[0] ?? '';
      const answer = await resource.api.get(
        `${path}?${resource.only(items)}&q=${encodeURIComponent(word)}`,
      );
      expect(answer.status, answer.text).toBe(200);
      expect(answer.list.data.map((one) => one._id)).toContain(item?._id);
    });

    it('needs every term', async () => {
      const items = await resource.makeAll();
      const terms =
        model.search === 'text'
          ? 'qzxjvw'
          : `${textOf(items[0], searched[0]?.path ?? '').slice(0, 3)} qzxjvw`;
      const answer = await resource.api.get(
        `${path}?${resource.only(items)}&q=${encodeURIComponent(terms)}`,
      );
      expect(answer.list.data).toEqual([]);
    });

    it('takes characters of a regular expression literally', async () => {
      await resource.make();
      const answer = await resource.api.get(`${path}?q=${encodeURIComponent('.*')}`);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.list.data).toEqual([]);
    });

    it('takes at most five terms', async () => {
      expect((await resource.api.get(`${path}?q=a+b+c+d+e`)).status).toBe(200);
      const answer = await resource.api.get(`${path}?q=a+b+c+d+e+f`);
      expect(answer.status).toBe(400);
      expect(answer.problem.errors?.[0]?.parameter).toBe('q');
    });
  });

  it.runIf(searched.length === 0)('refuses q, for no field is searched', async () => {
    const answer = await resource.api.get(`${path}?q=lamp`);
    expect(answer.status).toBe(400);
    expect(answer.problem.errors).toMatchObject([{ parameter: 'q' }]);
  });
}

/** The first text at a path; search fields hold text only. */
function textOf(item: Item | undefined, path: string): string {
  const [value] = valuesAt(item, path);
  return typeof value === 'string' ? value : '';
}
