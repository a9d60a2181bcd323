/** Problem documents (RFC 9457): one form for every refusal. */
import { describe, expect, it } from 'vitest';
import type { Resource } from '../resource.ts';

export function problems(resource: Resource): void {
  const { path } = resource;

  describe('problem', () => {
    it('has the members that the contract names, and no more', async () => {
      const answer = await resource.api.get(`${path}?noSuchField=red`);
      const { problem } = answer;
      expect(Object.keys(problem).sort()).toEqual(
        [
          'code',
          'detail',
          'error',
          'errors',
          'instance',
          'requestId',
          'status',
          'title',
          'type',
        ].sort(),
      );
      expect(problem.type).toMatch(new RegExp(`/problems/${problem.code}$`));
      expect(problem.status).toBe(answer.status);
      expect(problem.error).toBe(problem.detail);
      expect(problem.instance).toBe(path);
      expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(Object.keys(problem.errors?.[0] ?? {}).sort()).toEqual([
        'code',
        'detail',
        'parameter',
      ]);
    });

    it('takes over a request id that is well-formed, and no other', async () => {
      const id = 'trace-12345678';
      const taken = await resource.api.get(`${path}/x`, { 'x-request-id': id });
      expect(taken.headers.get('x-request-id')).toBe(id);
      expect(taken.problem.requestId).toBe(id);
      for (const other of [
        'short',
        'a'.repeat(65),
        'with space in it',
        '<script>alert(1)</script>',
      ]) {
        const answer = await resource.api.get(`${path}/x`, { 'x-request-id': other });
        expect(answer.headers.get('x-request-id')).not.toBe(other);
      }
    });

    it('carries the security headers, and does not say what it runs on', async () => {
      for (const at of [path, `${path}/x`, `${path}?noSuchField=red`]) {
        const { headers } = await resource.api.get(at);
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('content-security-policy')).toBeTruthy();
        expect(headers.get('x-powered-by')).toBeNull();
        expect(headers.get('server')).toBeNull();
      }
    });

    it('explains its code on a page', async () => {
      const answer = await resource.api.get('/problems/validation_error', {
        accept: 'application/json',
      });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.text).toContain('Validation failed');
    });
  });
}
