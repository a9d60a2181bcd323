/** One resource under test: makes valid documents (and the parents they refer to) through the API, and deletes them again. */
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { FieldSpec } from '../../app/core/field.ts';
import { fieldPaths, type Model } from '../../app/core/model.ts';
import { sampleOf } from '../../app/core/types.ts';
import { models } from '../../app/models/index.ts';
import { useApi } from './app.ts';
import { client, type Client, type Item } from './client.ts';
import { isUnique, one } from './fields.ts';

/** More different values than any test needs at once. */
const plenty = 24;

export type Body = Record<string, unknown>;

export interface ResourceOptions {
  /** Values for fields where a rule of your own refuses the derived samples. */
  sample?: (n: number) => Body;
}

export interface Resource {
  readonly model: Model;
  /** `/api/products` */
  readonly path: string;
  readonly api: Client;
  /** How many documents may exist at once: fewer than five only where a unique field has few values. */
  readonly capacity: number;
  /** Whether no unique field limits the number of documents. */
  readonly roomy: boolean;
  /** A valid body that no other document of this run shares unique values with. `undefined` in `overrides` leaves a field out. */
  body(overrides?: Body): Promise<Body>;
  /** Only what is required. */
  smallBody(overrides?: Body): Promise<Body>;
  /** POST, expected to succeed; with its own Idempotency-Key where the model demands one. */
  make(overrides?: Body): Promise<Item>;
  makeSmall(overrides?: Body): Promise<Item>;
  /** `capacity` documents, one after the other. */
  makeAll(): Promise<Item[]>;
  /** Headers that a POST needs. */
  keyed(): Record<string, string>;
  /** Headers that a change of this document needs, if the model demands any. */
  matching(item: Item): Record<string, string>;
  /** `/api/products/665f...` */
  at(item: Item): string;
  /** A filter that keeps documents of others out of a list: `_id[in]=...`. */
  only(items: readonly Item[]): string;
  /** The id of a document that a field may refer to. */
  parent(field: FieldSpec, fresh?: boolean): Promise<string>;
}

/**
 * Call inside `describe`: documents for tests that only read, made once and deleted at the end; the last one has
 * nothing but the required fields where unique values allow one more.
 */
export function useItems(resource: Resource): () => readonly Item[] {
  let items: Item[] = [];
  let kept: string[] = [];
  beforeAll(async () => {
    items = await resource.makeAll();
    if (resource.roomy) items.push(await resource.makeSmall());
    kept = resource.api.made.splice(0);
  });
  afterAll(async () => {
    resource.api.made.push(...kept);
    await sweep(resource.api);
  });
  return () => items;
}

/** Call inside `describe`: it registers the hooks that start the app and delete what the tests made. */
export function useResource(model: Model, options: ResourceOptions = {}): Resource {
  const running = useApi();
  const path = `/api${model.path}`;
  const room = roomOf(model);
  const capacity = Math.min(5, room);
  const parents = new Map<string, string>();
  let keeper: Client | undefined;
  /** Documents made so far of each model: neighbours have different sample values. */
  const counts = new Map<string, number>();

  const keep = () => (keeper ??= client(running.api.baseUrl));

  async function parent(field: FieldSpec, fresh = false): Promise<string> {
    const target = models.find((one) => one.name === field.to);
    if (target === undefined) throw new Error(`No model is called ${String(field.to)}`);
    const known = parents.get(target.name);
    if (known !== undefined && !fresh) return known;
    const body = await documentOf(target, false);
    const made = await keep().post(`/api${target.path}`, body, needed(target));
    expect(made.status, made.text).toBe(201);
    if (!fresh) parents.set(target.name, made.item._id);
    return made.item._id;
  }

  async function valueOf(field: FieldSpec, n: number): Promise<unknown> {
    if (field.array === true) {
      const first = await valueOf(one(field), n);
      if (isUnique(field) || field.maxItems === 1) return [first];
      return [first, await valueOf(one(field), n + 1)];
    }
    if (field.type === 'ref') return parent(field, field.unique);
    if (field.type !== 'object') return sampleOf(field, n);
    return membersOf(field.fields ?? {}, n, true);
  }

  async function membersOf(fields: Model['fields'], n: number, optional: boolean): Promise<Body> {
    const body: Body = {};
    for (const [name, field] of Object.entries(fields)) {
      if (field.readonly === true) continue;
      // Hashing is slow on purpose: passwords are sent where a test is about them.
      const wanted = optional && field.type !== 'password';
      if (!wanted && field.required !== true) continue;
      body[name] = await valueOf(field, n);
    }
    return body;
  }

  async function documentOf(of: Model, optional: boolean, overrides: Body = {}): Promise<Body> {
    const n = counts.get(of.name) ?? running.firstSample;
    counts.set(of.name, n + 1);
    const body = await membersOf(of.fields, n, optional);
    const own = of === model ? options.sample?.(n) : {};
    return Object.fromEntries(
      Object.entries({ ...body, ...own, ...overrides }).filter(([, value]) => value !== undefined),
    );
  }

  async function post(body: Body): Promise<Item> {
    const made = await running.api.post(path, body, needed(model));
    expect(made.status, made.text).toBe(201);
    return made.item;
  }

  afterEach(() => sweep(running.api));
  afterAll(() => (keeper === undefined ? undefined : sweep(keeper)));

  return {
    model,
    path,
    capacity,
    roomy: room === plenty,
    get api() {
      return running.api;
    },
    body: (overrides) => documentOf(model, true, overrides),
    smallBody: (overrides) => documentOf(model, false, overrides),
    make: async (overrides) => post(await documentOf(model, true, overrides)),
    makeSmall: async (overrides) => post(await documentOf(model, false, overrides)),
    async makeAll() {
      const items: Item[] = [];
      while (items.length < capacity) items.push(await post(await documentOf(model, true)));
      return items;
    },
    keyed: () => needed(model),
    matching: (item): Record<string, string> =>
      model.requireIfMatch === true ? { 'if-match': `"${String(item._rev)}"` } : {},
    at: (item) => `${path}/${item._id}`,
    only: (items) => `_id[in]=${items.map((item) => item._id).join(',')}`,
    parent,
  };
}

function needed(model: Model): Record<string, string> {
  return model.requireIdempotencyKey === true ? { 'idempotency-key': crypto.randomUUID() } : {};
}

/** Different sample values of the unique field that has the fewest. */
function roomOf(model: Model): number {
  const fields = fieldPaths(model.fields, { privates: true }).filter(
    ({ field }) => field.unique === true && field.type !== 'ref',
  );
  const different = fields.map(({ field }) => {
    const samples = Array.from({ length: plenty }, (_, n) => sampleOf(one(field), n));
    return new Set(samples.map((value) => JSON.stringify(value))).size;
  });
  return Math.min(plenty, ...different);
}

/** Newest first, so that nothing is held back by a document that refers to it. */
async function sweep(api: Client): Promise<void> {
  for (const path of api.made.splice(0).reverse()) await api.delete(path, { 'if-match': '*' });
}
