/** Filters: every operator on every field, checked against what the documents themselves say. */
import { describe, expect, it } from 'vitest';
import type { FieldSpec } from '../../../app/core/field.ts';
import type { Operator } from '../../../app/core/kinds.ts';
import type { Item } from '../client.ts';
import { compareValues, operators, publicPaths, valuesAt } from '../fields.ts';
import { useItems, type Resource } from '../resource.ts';

type Test = (values: unknown[], operands: string[]) => boolean;

export function filtering(resource: Resource): void {
  const { model, path } = resource;
  const filterable = publicPaths(model).filter(({ field }) => operators(field).length > 0);

  describe('filter', () => {
    const shared = useItems(resource);

    describe.each(filterable.map((one) => [one.path, one] as const))('by %s', (name, one) => {
      it.each(operators(one.field).map((operator) => [operator] as const))(
        '[%s]',
        async (operator) => {
          const items = shared();
          const values = items.map((item) => valuesAt(item, name));
          const known = values.flat().map(String);
          const some = operandsOf(operator, known);
          const expected = items.filter((item, i) =>
            operator === 'exists'
              ? isThere(item, name)
              : meaning(one.field)[operator](values[i] ?? [], some),
          );

          const query = some.map((value) => `${name}[${operator}]=${encodeURIComponent(value)}`);
          const answer = await resource.api.get(
            `${path}?${resource.only(items)}&limit=100&${query.join('&')}`,
          );
          expect(answer.status, answer.text).toBe(200);
          expect(ids(answer.list.data)).toEqual(ids(expected));
        },
      );
    });

    it('means equality without an operator', async () => {
      const items = shared();
      for (const item of items) {
        const answer = await resource.api.get(`${path}?${resource.only(items)}&_id=${item._id}`);
        expect(answer.list.data).toEqual([item]);
      }
    });

    it('joins parameters by AND, groups by OR', async () => {
      const items = shared();
      const [first, second] = [items[0]?._id ?? '', items.at(-1)?._id ?? ''];
      const both = await resource.api.get(`${path}?_id[gte]=${second}&_id[lte]=${second}`);
      expect(both.list.data.map((item) => item._id)).toEqual([second]);
      const either = await resource.api.get(
        `${path}?or[0][_id]=${first}&or[1][_id][gte]=${second}&or[1][_id][lte]=${second}&_rev=1`,
      );
      expect(ids(either.list.data)).toEqual([...new Set([first, second])].sort());
    });

    it('filters by revision and times', async () => {
      const items = shared();
      const [first] = items;
      for (const [query, count] of [
        ['_rev=1', items.length],
        ['_rev[gt]=1', 0],
        [`createdAt[gte]=${first?.createdAt ?? ''}`, items.length],
        [`updatedAt[lt]=${first?.updatedAt ?? ''}`, 0],
      ] as const) {
        const answer = await resource.api.get(`${path}?${resource.only(items)}&${query}`);
        expect(answer.list.data, query).toHaveLength(count);
      }
    });

    it('splits sets on commas and takes repeated ones literally', async () => {
      const items = shared();
      const split = await resource.api.get(`${path}?${resource.only(items)}`);
      const repeated = await resource.api.get(
        `${path}?${items.map((item) => `_id[in]=${item._id}`).join('&')}`,
      );
      expect(ids(split.list.data)).toEqual(ids(items));
      expect(ids(repeated.list.data)).toEqual(ids(items));
      const literal = await resource.api.get(`${path}?_id[in]=a,b&_id[in]=c`);
      expect(literal.status).toBe(400);
    });

    it('answers an empty list, not 404, when nothing matches', async () => {
      const answer = await resource.api.get(`${path}?_id=ffffffffffffffffffffffff`);
      expect(answer.status).toBe(200);
      expect(answer.list).toMatchObject({ data: [], meta: { total: 0, next: null } });
    });
  });
}

/** One value of the middle, or several for operators that take sets. */
function operandsOf(operator: Operator, known: string[]): string[] {
  const middle = known[Math.floor(known.length / 2)] ?? '';
  if (operator === 'exists') return ['true'];
  if (operator === 'contains') return [middle.slice(1, 5).toUpperCase() || middle];
  if (operator === 'startsWith') return [middle.slice(0, 4).toUpperCase()];
  if (operator === 'in' || operator === 'nin') return [middle, known[0] ?? ''];
  if (operator === 'all') return [middle, middle];
  return [middle];
}

/** What each operator means for the values of a field, none where it is missing. */
function meaning(field: FieldSpec): Record<Exclude<Operator, 'exists'>, Test> {
  const order = (value: unknown, operand = '') =>
    compareValues(field, typed(value), typed(operand));
  const typed = (value: unknown) => (field.type === 'boolean' ? String(value) === 'true' : value);
  const equal: Test = (values, operands) =>
    values.some((value) => operands.some((operand) => order(value, operand) === 0));
  const text = (value: unknown) => String(value).toLowerCase();
  return {
    eq: equal,
    in: equal,
    ne: (values, operands) => !equal(values, operands),
    nin: (values, operands) => !equal(values, operands),
    all: (values, operands) => operands.every((operand) => equal(values, [operand])),
    gt: (values, [operand]) => values.some((value) => order(value, operand) > 0),
    gte: (values, [operand]) => values.some((value) => order(value, operand) >= 0),
    lt: (values, [operand]) => values.some((value) => order(value, operand) < 0),
    lte: (values, [operand]) => values.some((value) => order(value, operand) <= 0),
    contains: (values, [operand = '']) =>
      values.some((value) => text(value).includes(operand.toLowerCase())),
    startsWith: (values, [operand = '']) =>
      values.some((value) => text(value).startsWith(operand.toLowerCase())),
  };
}

/** Neither missing nor null; an empty list is there. */
function isThere(item: Item, path: string): boolean {
  const [name = '', ...rest] = path.split('.');
  return valuesAt(item, path).length > 0 || (rest.length === 0 && Array.isArray(item[name]));
}

const ids = (items: readonly Item[]): string[] => items.map((item) => item._id).sort();
