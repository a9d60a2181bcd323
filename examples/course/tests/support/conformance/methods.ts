/** Methods and negotiation: 405, OPTIONS, 406, and paths that lead nowhere. */
import { describe, expect, it } from 'vitest';
import type { Resource } from '../resource.ts';

export function methods(resource: Resource): void {
  const { path } = resource;

  describe('methods', () => {
    it('answers 405 with Allow to a verb that a path does not have', async () => {
      const item = await resource.make();
      for (const [method, at, allowed] of [
        ['PUT', path, ['GET', 'HEAD', 'POST', 'OPTIONS']],
        ['DELETE', path, ['GET', 'HEAD', 'POST', 'OPTIONS']],
        ['POST', resource.at(item), ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
        ['PROPFIND', resource.at(item), ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
      ] as const) {
        const answer = await resource.api.request(method, at);
        expect(answer.status, `${method} ${at}`).toBe(405);
        expect(answer.problem.code).toBe('method_not_allowed');
        const allow = (answer.headers.get('allow') ?? '').split(', ');
        expect(allow, `${method} ${at}`).toEqual(expect.arrayContaining([...allowed]));
        expect(allow).not.toContain(method);
      }
    });

    it('answers OPTIONS with what a path takes', async () => {
      const list = await resource.api.request('OPTIONS', path);
      expect(list.status).toBe(204);
      expect(list.text).toBe('');
      expect(list.headers.get('allow')).toMatch(/GET.*POST/);
      expect(list.headers.get('accept-query')).toBe('application/json');

      const item = await resource.make();
      const one = await resource.api.request('OPTIONS', resource.at(item));
      expect(one.status).toBe(204);
      expect(one.headers.get('allow')).toMatch(/PATCH/);
      expect(one.headers.get('accept-patch')).toBe(
        'application/merge-patch+json, application/json',
      );
    });

    it('answers 406 where the client takes no JSON', async () => {
      for (const accept of ['text/html', 'image/png', 'application/xml']) {
        const answer = await resource.api.get(path, { accept });
        expect(answer.status, accept).toBe(406);
        expect(answer.problem.code).toBe('not_acceptable');
      }
      for (const accept of ['application/json', '*/*', 'text/html, */*;q=0.1', 'application/*'])
        expect((await resource.api.get(path, { accept })).status, accept).toBe(200);
    });

    it('does not let a header or a parameter override the method', async () => {
      const item = await resource.make();
      const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' };
      expect((await resource.api.get(resource.at(item), headers)).status).toBe(200);
      expect((await resource.api.get(`${resource.at(item)}?_method=DELETE`)).status).toBe(400);
      expect((await resource.api.get(resource.at(item))).status).toBe(200);
    });

    it('answers 404 to paths beside the resource', async () => {
      const item = await resource.make();
      for (const at of [`${resource.at(item)}/x`, `${path}x`, `/api//${path.slice(5)}`]) {
        const answer = await resource.api.get(at);
        expect(answer.status, at).toBe(404);
        expect(answer.problem.code).toBe('not_found');
      }
    });
  });
}
