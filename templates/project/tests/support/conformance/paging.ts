/** Paging by number and by cursor, counts, and the headers that carry them. */
import { describe, expect, it } from 'vitest';
import type { Item, List } from '../client.ts';
import { useItems, type Resource } from '../resource.ts';
import { sortable } from './sorting.ts';

export function paging(resource: Resource): void {
  const { path } = resource;
  const list = async (query: string) => resource.api.get(`${path}?${query}`);

  /** All documents of a list, walked along `meta.next`. */
  async function walk(query: string): Promise<Item[]> {
    const found: Item[] = [];
    let page: List = (await list(query)).list;
    for (let steps = 0; steps < 20; steps += 1) {
      found.push(...page.data);
      if (page.meta.next === null || page.meta.next === undefined) return found;
      page = (await list(`${query}&cursor=${page.meta.next}`)).list;
    }
    return expect.fail('the cursor never came to an end');
  }

  describe('paging', () => {
    const shared = useItems(resource);

    it('answers pages by number, with facts in meta and in headers', async () => {
      const items = shared();
      const total = items.length;
      const seen: string[] = [];
      for (let page = 1; page <= total; page += 1) {
        const answer = await list(`${resource.only(items)}&limit=1&page=${String(page)}`);
        expect(answer.list.meta).toMatchObject({ limit: 1, page, pages: total, total });
        expect(answer.headers.get('x-total-count')).toBe(String(total));
        const link = answer.headers.get('link') ?? '';
        expect(link.includes('rel="next"')).toBe(page < total);
        expect(link.includes('rel="prev"')).toBe(page > 1);
        expect(link.includes('rel="first"')).toBe(page > 1);
        if (page < total)
          expect(link).toMatch(new RegExp(`[?&]page=${String(total)}>; rel="last"`));
        seen.push(...answer.list.data.map((item) => item._id));
      }
      expect(seen).toEqual(items.map((item) => item._id).sort());
      const beyond = await list(`${resource.only(items)}&limit=1&page=${String(total + 1)}`);
      expect(beyond.list.data).toEqual([]);
    });

    it('gives links that can be followed as they are', async () => {
      const items = shared();
      if (items.length < 2) return;
      const first = await list(`${resource.only(items)}&limit=1`);
      const [, next = ''] = /<(\?[^>]*)>; rel="next"/.exec(first.headers.get('link') ?? '') ?? [];
      const followed = await resource.api.get(path + next);
      expect(followed.list.data.map((item) => item._id)).toEqual([
        items.map((item) => item._id).sort()[1],
      ]);
    });

    it('has 20 documents on a page, and never more than 100', async () => {
      expect((await list('')).list.meta.limit).toBe(20);
      expect((await list('limit=1000')).list.meta.limit).toBe(100);
    });

    it('counts without documents, not at all, or exactly', async () => {
      const items = shared();
      const only = resource.only(items);
      const none = await list(`${only}&limit=0`);
      expect(none.list).toMatchObject({ data: [], meta: { limit: 0, total: items.length } });
      const uncounted = await list(`${only}&count=none`);
      expect(uncounted.list.meta).not.toHaveProperty('total');
      expect(uncounted.headers.get('x-total-count')).toBeNull();
      const exact = await list(`${only}&count=exact`);
      expect(exact.list.meta.total).toBe(items.length);
      expect((await list('count=all')).status).toBe(400);
    });

    it('walks along a cursor', async () => {
      const items = shared();
      const found = await walk(`${resource.only(items)}&limit=2`);
      expect(found.map((item) => item._id)).toEqual(items.map((item) => item._id).sort());
    });

    const keys = sortable(resource).map((key) => key.path);
    it.each(keys)('walks along a cursor by %s both ways, past missing values', async (key) => {
      const items = shared();
      const only = resource.only(items);
      for (const sort of [key, `-${key}`]) {
        const found = await walk(`${only}&limit=2&sort=${sort}`);
        const whole = await list(`${only}&limit=100&sort=${sort}`);
        expect(found, sort).toEqual(whole.list.data);
        expect(found, sort).toHaveLength(items.length);
      }
    });

    it('refuses a cursor that is broken, forged or of another list', async () => {
      const items = shared();
      if (items.length < 2) return;
      const only = resource.only(items);
      const next = (await list(`${only}&limit=1`)).list.meta.next ?? '';
      for (const [query, code] of [
        ['cursor=nonsense', 'invalid_cursor'],
        ['cursor=', 'invalid_cursor'],
        [`cursor=${Buffer.from('{"k":1}').toString('base64url')}`, 'invalid_cursor'],
        [`${only}&limit=1&cursor=${forged(next)}`, 'invalid_cursor'],
        [`${only}&limit=1&sort=-_id&cursor=${next}`, 'cursor_mismatch'],
        [`limit=1&cursor=${next}`, 'cursor_mismatch'],
      ] as const) {
        const answer = await list(query);
        expect(answer.status, query).toBe(400);
        expect(answer.problem.errors).toMatchObject([{ parameter: 'cursor', code }]);
      }
    });
  });

  it('a cursor goes on where it was when the last document has been deleted', async () => {
    const items = await resource.makeAll();
    if (items.length < 3) return;
    const only = resource.only(items);
    const page = (await list(`${only}&limit=2`)).list;
    const last = page.data[1];
    if (last === undefined) expect.fail('a page of two');
    await resource.api.delete(resource.at(last), resource.matching(last));
    const next = await list(`${only}&limit=2&cursor=${page.meta.next ?? ''}`);
    expect(next.list.data[0]?._id).toBe(items.map((item) => item._id).sort()[2]);
  });
}

/** The cursor with its position exchanged for an operator. */
function forged(cursor: string): string {
  const inside = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Record<string, unknown>;
  return Buffer.from(JSON.stringify({ ...inside, v: [{ $ne: null }] })).toString('base64url');
}
