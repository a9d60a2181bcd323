/** Idempotency-Key: a POST that is sent again is answered again, not carried out again. */
import { describe, expect, it } from 'vitest';
import type { Resource } from '../resource.ts';

export function idempotency(resource: Resource): void {
  const { model, path } = resource;
  const key = (): Record<string, string> => ({ 'idempotency-key': `"${crypto.randomUUID()}"` });

  describe('idempotency', () => {
    it('replays the first answer', async () => {
      const headers = key();
      const body = await resource.body();
      const first = await resource.api.post(path, body, headers);
      expect(first.status, first.text).toBe(201);
      expect(first.headers.get('idempotency-replayed')).toBeNull();

      const second = await resource.api.post(path, body, headers);
      expect(second.status).toBe(201);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      expect(second.text).toBe(first.text);
      for (const name of ['location', 'etag', 'content-type'])
        expect(second.headers.get(name)).toBe(first.headers.get(name));
    });

    it('answers 422 to the same key with another body', async () => {
      const headers = key();
      const first = await resource.api.post(path, await resource.body(), headers);
      expect(first.status, first.text).toBe(201);
      const reused = await resource.api.post(path, { other: true }, headers);
      expect(reused.status).toBe(422);
      expect(reused.problem.code).toBe('idempotency_key_reused');
    });

    it('makes one document of ten requests at once', async () => {
      const headers = key();
      const body = await resource.body();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => resource.api.post(path, body, headers)),
      );
      const made = answers.filter((answer) => answer.status === 201);
      expect(new Set(made.map((answer) => answer.item._id)).size).toBe(1);
      for (const answer of answers.filter((one) => one.status !== 201)) {
        expect(answer.status).toBe(409);
        expect(answer.headers.get('retry-after')).toBe('1');
      }
    });

    it('stores a refusal too, so that a retry does not do what the first attempt did not', async () => {
      const headers = key();
      const first = await resource.api.post(path, { other: true }, headers);
      expect(first.status).toBe(400);
      const second = await resource.api.post(path, { other: true }, headers);
      expect(second.status).toBe(400);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
    });

    it.each(['', 'k'.repeat(256), 'two words'])('answers 400 to the key “%s”', async (value) => {
      const headers = { 'idempotency-key': value };
      const refused = await resource.api.post(path, await resource.body(), headers);
      expect(refused.status).toBe(400);
      expect(refused.problem.errors).toMatchObject([{ header: 'Idempotency-Key' }]);
    });

    it.runIf(model.requireIdempotencyKey === true)('answers 400 without a key', async () => {
      const refused = await resource.api.post(path, await resource.body());
      expect(refused.status).toBe(400);
      expect(refused.problem.errors).toMatchObject([{ header: 'Idempotency-Key' }]);
    });
  });
}
