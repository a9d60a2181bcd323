/** DELETE, and what it means for the documents that refer to the deleted one. */
import { describe, expect, it } from 'vitest';
import { models } from '../../../app/models/index.ts';
import type { Resource } from '../resource.ts';
import { unknownId } from './read.ts';

export function removing(resource: Resource): void {
  const { model, path } = resource;

  describe('delete', () => {
    it('answers an empty 204, then 404', async () => {
      const item = await resource.make();
      const gone = await resource.api.delete(resource.at(item), resource.matching(item));
      expect(gone.status, gone.text).toBe(204);
      expect(gone.text).toBe('');
      expect((await resource.api.get(resource.at(item))).status).toBe(404);
      const again = await resource.api.delete(resource.at(item), resource.matching(item));
      expect(again.status).toBe(404);
    });

    it('answers 404 for an unknown or malformed id', async () => {
      const headers: Record<string, string> =
        model.requireIfMatch === true ? { 'if-match': '"1"' } : {};
      for (const id of [unknownId, 'abc'])
        expect((await resource.api.delete(`${path}/${id}`, headers)).status).toBe(404);
    });

    const references = Object.entries(model.fields).filter(
      ([, field]) => field.type === 'ref' && field.readonly !== true && field.private !== true,
    );

    for (const [name, field] of references) {
      const target = models.find((one) => one.name === field.to);
      if (target === undefined) continue;
      const rule = field.onDelete ?? 'restrict';

      it(`${rule}: deleting the ${target.name} that ${name} refers to`, async () => {
        const parent = await resource.parent(field, true);
        const parentPath = `/api${target.path}/${parent}`;
        const child = await resource.makeSmall({
          [name]: field.array === true ? [parent] : parent,
        });

        const headers: Record<string, string> =
          target.requireIfMatch === true ? { 'if-match': '*' } : {};
        const answer = await resource.api.delete(parentPath, headers);
        const left = await resource.api.get(resource.at(child));

        if (rule === 'restrict') {
          expect(answer.status, answer.text).toBe(409);
          expect(answer.problem.code).toBe('restricted');
          expect(answer.problem.detail).toContain('1');
          expect(left.item).toEqual(child);
          expect((await resource.api.get(parentPath)).status).toBe(200);
        } else if (rule === 'cascade') {
          expect(answer.status, answer.text).toBe(204);
          expect(left.status).toBe(404);
        } else {
          expect(answer.status, answer.text).toBe(204);
          expect(left.item[name] ?? []).toEqual([]);
          expect(left.item._rev).toBe(2);
        }
      });
    }
  });
}
