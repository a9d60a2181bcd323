/** Documents of the kitchen-sink fixture. */
import { expect } from 'vitest';
import type { Client, Item } from '../../../templates/project/tests/support/client.ts';

let n = 0;

export const category = (over: object = {}) => ({ name: `Category ${String((n += 1))}`, ...over });

export const product = (over: object = {}) => ({
  name: `Lamp ${String((n += 1))}`,
  price: n,
  ...over,
});

export const thing = (over: object = {}) => ({ label: `Thing ${String((n += 1))}`, ...over });

/** A fresh Idempotency-Key: things demand one. */
export const key = (): Record<string, string> => ({ 'idempotency-key': crypto.randomUUID() });

/** POSTs a document that has to be accepted. */
export async function make(api: Client, path: string, body: object): Promise<Item> {
  const made = await api.post(path, body, key());
  expect(made.status, made.text).toBe(201);
  return made.item;
}
