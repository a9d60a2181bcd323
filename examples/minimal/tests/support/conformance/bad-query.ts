/** Query strings that are wrong: 400 naming every mistake, never a widened or guessed answer. */
import { describe, expect, it } from 'vitest';
import { publicPaths } from '../fields.ts';
import type { Resource } from '../resource.ts';

/** A value that no number, date, id or boolean can be read from. */
const nonsense = 'zz{not~a~value}';
const typed = new Set([
  'integer',
  'number',
  'decimal',
  'boolean',
  'date',
  'datetime',
  'uuid',
  'ref',
  'enum',
]);

export function refusingQueries(resource: Resource): void {
  const { model, path } = resource;

  async function refused(query: string, ...errors: [parameter: string, code: string][]) {
    const answer = await resource.api.get(`${path}?${query}`);
    expect(answer.status, `${query} ${answer.text}`).toBe(400);
    expect(answer.problem.errors?.map(({ parameter, code }) => [parameter, code]).sort()).toEqual(
      errors.sort(),
    );
    return answer.problem;
  }

  describe('bad query', () => {
    it('refuses a parameter that is no field', async () => {
      await refused('noSuchField=red', ['noSuchField', 'unknown_parameter']);
      await refused('noSuchField[gt]=1', ['noSuchField[gt]', 'unknown_parameter']);
    });

    it('refuses an operator it does not have', async () => {
      for (const operator of ['regex', 'where', 'constructor', 'toString', 'EQ'])
        await refused(`_id[${operator}]=1`, [`_id[${operator}]`, 'unknown_operator']);
    });

    it('names every mistake at once', async () => {
      await refused(
        'noSuchField=red&_rev=abc&_id[regex]=x&limit=-1',
        ['noSuchField', 'unknown_parameter'],
        ['_rev', 'type'],
        ['_id[regex]', 'unknown_operator'],
        ['limit', 'range'],
      );
    });

    const strict = publicPaths(model).filter(({ field }) => typed.has(field.type));
    it.each(strict.map((one) => [one.path]))(
      'refuses %s with a value of another type',
      async (name) => {
        // With the operator: a field may be called like a word of the query language.
        const parameter = `${name}[eq]`;
        await refused(`${parameter}=${encodeURIComponent(nonsense)}`, [parameter, 'type']);
      },
    );

    it.each(['limit=2&limit=3', '_rev=1&_rev=2', '_rev[gt]=1&_rev[gt]=2', 'sort=_id&sort=_rev'])(
      'refuses the repeated parameter in %s',
      async (query) => {
        const [parameter = ''] = query.split('=');
        await refused(query, [parameter, 'repeated_parameter']);
      },
    );

    it.each([
      'limit=-1',
      'limit=abc',
      'limit=1.5',
      'limit=',
      'page=0',
      'page=-1',
      'page=1e9',
      'page=x',
    ])('refuses %s', async (query) => {
      const answer = await resource.api.get(`${path}?${query}`);
      expect(answer.status).toBe(400);
      expect(answer.problem.errors).toMatchObject([{ parameter: query.split('=')[0] }]);
    });

    it('points to the cursor beyond 10 000 documents', async () => {
      const problem = await refused('page=101&limit=100', ['page', 'range']);
      expect(problem.detail).toContain('cursor');
      expect((await resource.api.get(`${path}?page=100&limit=100`)).status).toBe(200);
    });

    it('bounds conditions, groups, sort keys, values and text', async () => {
      const conditions = Array.from(
        { length: 21 },
        (_, i) => `_rev[${['gt', 'lt', 'ne'][i % 3] ?? ''}]=${String(i)}`,
      );
      const distinct = Array.from({ length: 10 }, (_, n) => [
        `or[${String(n)}][_rev][gt]=1`,
        `or[${String(n)}][_rev][lt]=3`,
      ]).flat();
      for (const query of [
        [...distinct, '_rev=1'].join('&'),
        'sort=_id,_rev,createdAt,updatedAt',
        `_rev[in]=${Array.from({ length: 101 }, (_, i) => i).join(',')}`,
        conditions.join('&'),
      ]) {
        const answer = await resource.api.get(`${path}?${query}`);
        expect(answer.status, query).toBe(400);
      }
      expect((await resource.api.get(`${path}?${distinct.join('&')}`)).status).toBe(200);
    });

    it('refuses sort, fields and embed that name nothing', async () => {
      await refused('sort=noSuchField', ['sort', 'unknown_field']);
      await refused('fields=noSuchField', ['fields', 'unknown_field']);
      await refused('embed=noSuchField', ['embed', 'unknown_field']);
    });

    it('refuses broken percent-encoding', async () => {
      const inPath = await resource.api.get(`${path}/%E0%A4%A`);
      expect(inPath.status).toBe(400);
      expect(inPath.problem.code).toBe('invalid_url');
      expect((await resource.api.get(`${path}?_id=%E0%A4%A`)).status).toBe(400);
    });
  });
}
