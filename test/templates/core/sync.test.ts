// The database and the models: what is created, what is reported as different, and that nothing is dropped.
import { MongoClient, type Db } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { start, type EmbeddedMongo } from '../../../src/embedded-mongo/index.ts';
import { defaultLimits, type Context } from '../../../templates/project/app/core/context.ts';
import { model } from '../../../templates/project/app/core/model.ts';
import {
  databaseSchema,
  drift,
  indexesOf,
  syncDatabase,
} from '../../../templates/project/app/core/sync.ts';

const note = model({
  name: 'note',
  plural: 'notes',
  path: '/notes',
  collection: 'notes',
  search: 'text',
  fields: {
    title: { type: 'string', required: true, unique: true, search: true },
    body: { type: 'text', search: true },
    slug: { type: 'slug', unique: true },
    pin: { type: 'string', private: true, index: true },
    rank: { type: 'integer', index: true },
    tags: { type: 'string', array: true, index: true },
    parent: { type: 'ref', to: 'note' },
    others: { type: 'ref', to: 'note', array: true },
    place: { type: 'point' },
    size: { type: 'object', fields: { width: { type: 'number', index: true, min: 0 } } },
    rows: { type: 'object', array: true, fields: { note: { type: 'ref', to: 'note' } } },
    plain: { type: 'boolean' },
  },
});
const tag = model({
  name: 'tag',
  plural: 'tags',
  path: '/tags',
  collection: 'tags',
  fields: { name: { type: 'string', required: true, index: true } },
});

let server: EmbeddedMongo;
let client: MongoClient;
let db: Db;
let context: Context;
beforeAll(async () => {
  server = await start();
  client = new MongoClient(server.uri);
});
afterAll(async () => {
  await client.close();
  await server.stop();
});
beforeEach(async () => {
  await server.reset();
  db = client.db('shop');
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: silent };
  const config = { debug: false, limits: defaultLimits };
  context = { db, client, models: [note, tag], config, log } as Context;
});

const options = async (collection: string) => {
  const [info] = await db.listCollections({ name: collection }).toArray();
  return info !== undefined && 'options' in info ? info.options : undefined;
};
const indexes = async (collection: string) =>
  new Map((await db.collection(collection).indexes()).map((index) => [index.name, index]));

test('an empty database gets collections, validators and indexes, and a second time changes nothing', async () => {
  expect(await syncDatabase(context)).toEqual([]);
  const names = (await db.listCollections().toArray()).map(({ name }) => name);
  expect(names.sort()).toEqual(['idempotency_keys', 'notes', 'tags']);
  expect(await options('notes')).toMatchObject({
    validator: { $jsonSchema: databaseSchema(note) },
    validationLevel: 'moderate',
  });
  const before = [await indexes('notes'), await indexes('tags'), await options('notes')];
  expect(await syncDatabase(context)).toEqual([]);
  expect([await indexes('notes'), await indexes('tags'), await options('notes')]).toEqual(before);
});

test('a collection that another process makes in between is no error, and gets its validator', async () => {
  const raced = context.db;
  const create = raced.createCollection.bind(raced);
  raced.createCollection = async (name: string, ...rest: unknown[]) => {
    await create(name);
    return create(name, ...(rest as []));
  };
  expect(await syncDatabase(context)).toEqual([]);
  expect(await options('notes')).toMatchObject({
    validator: { $jsonSchema: databaseSchema(note) },
  });
});

test('indexes are those for unique, indexed and ref fields, points, search and expiry', async () => {
  await syncDatabase(context);
  const found = await indexes('notes');
  const keys = Object.fromEntries([...found].map(([name, { key }]) => [name, key]));
  expect(keys).toEqual({
    _id_: { _id: 1 },
    title_unique: { title: 1 },
    slug_unique: { slug: 1 },
    pin_1: { pin: 1, _id: 1 },
    rank_1: { rank: 1, _id: 1 },
    tags_1: { tags: 1 },
    parent_1: { parent: 1, _id: 1 },
    others_1: { others: 1 },
    place_2dsphere: { place: '2dsphere' },
    'size.width_1': { 'size.width': 1, _id: 1 },
    'rows.note_1': { 'rows.note': 1 },
    search_text: { title: 'text', body: 'text' },
  });
  expect(found.get('search_text')?.weights).toEqual({ title: 1, body: 1 });
  expect(found.get('title_unique')).toMatchObject({ unique: true });
  expect(found.get('title_unique')?.partialFilterExpression).toBeUndefined();
  expect(found.get('slug_unique')).toMatchObject({
    unique: true,
    partialFilterExpression: { slug: { $exists: true } },
  });
  expect((await indexes('idempotency_keys')).get('expires')).toMatchObject({
    key: { expiresAt: 1 },
    expireAfterSeconds: 0,
  });
  expect(indexesOf(tag).map(({ name }) => name)).toEqual(['name_1']);
});

test('the validator refuses what the model refuses; several documents may lack a unique field', async () => {
  await syncDatabase(context);
  const notes = db.collection('notes');
  for (const document of [{}, { title: 1 }, { title: 'a', size: { width: -1 } }])
    await expect(notes.insertOne(document)).rejects.toMatchObject({ code: 121 });
  await notes.insertMany([{ title: 'a' }, { title: 'b' }]);
  await expect(notes.insertOne({ title: 'a' })).rejects.toMatchObject({ code: 11_000 });
});

const change = {
  dropIndex: (name: string) => () => db.collection('notes').dropIndex(name),
  replaceIndex:
    (name: string, key: Record<string, 1 | -1>, more: object = {}) =>
    async () => {
      await db.collection('notes').dropIndex(name);
      await db.collection('notes').createIndex(key, { name, ...more });
    },
};

describe('drift', () => {
  test('of an empty database is every collection, and looking creates none', async () => {
    const missing = (collection: string) => ({
      collection,
      kind: 'collection missing',
      detail: 'run npm run db:sync',
    });
    expect(await drift(context)).toEqual(['notes', 'tags', 'idempotency_keys'].map(missing));
    expect(await db.listCollections().toArray()).toEqual([]);
  });

  const differs = (name: string) => ({
    kind: 'index differs',
    detail: `${name}: drop it, then sync again`,
  });
  test.each<[string, () => Promise<unknown>, object, boolean]>([
    [
      'an index that is missing',
      change.dropIndex('rank_1'),
      { kind: 'index missing', detail: 'rank_1' },
      true,
    ],
    [
      'an index that no model has',
      () => db.collection('notes').createIndex({ plain: 1 }, { name: 'mine' }),
      { kind: 'index unknown', detail: 'mine is in the database only' },
      false,
    ],
    [
      'an index of other fields',
      change.replaceIndex('rank_1', { plain: 1 }),
      differs('rank_1'),
      false,
    ],
    [
      'an index of the same fields in another order',
      change.replaceIndex('rank_1', { _id: 1, rank: 1 }),
      differs('rank_1'),
      false,
    ],
    [
      'an index in the other direction',
      change.replaceIndex('rank_1', { rank: -1, _id: 1 }),
      differs('rank_1'),
      false,
    ],
    [
      'an index that is unique no more',
      change.replaceIndex('title_unique', { title: 1 }),
      differs('title_unique'),
      false,
    ],
    [
      'an index that is for all documents',
      change.replaceIndex('slug_unique', { slug: 1 }, { unique: true }),
      differs('slug_unique'),
      false,
    ],
    [
      'an index that expires documents',
      change.replaceIndex('tags_1', { tags: 1 }, { expireAfterSeconds: 60 }),
      differs('tags_1'),
      false,
    ],
    [
      'a validator of other rules',
      () => db.command({ collMod: 'notes', validator: { $jsonSchema: { bsonType: 'object' } } }),
      { kind: 'validator differs', detail: 'run npm run db:sync' },
      true,
    ],
    [
      'no validator',
      () => db.command({ collMod: 'notes', validator: {} }),
      { kind: 'validator differs', detail: 'run npm run db:sync' },
      true,
    ],
  ])('names %s; sync mends what it may and drops nothing', async (_title, spoil, kind, mended) => {
    await syncDatabase(context);
    await spoil();
    const before = await indexes('notes');
    const expected = [{ collection: 'notes', ...kind }];
    expect(await drift(context)).toEqual(expected);
    expect(await syncDatabase(context)).toEqual(mended ? [] : expected);
    const after = await indexes('notes');
    for (const [name, index] of before) expect(after.get(name), name).toEqual(index);
  });

  test('is not how a server lists a text index: by weights in the order of their names', async () => {
    await syncDatabase(context);
    const listed = (await db.collection('notes').indexes()).map((index) =>
      index.name === 'search_text'
        ? { ...index, key: { _fts: 'text', _ftsx: 1 }, weights: { body: 1, title: 1 } }
        : index,
    );
    const collection = (name: string) =>
      name === 'notes' ? { indexes: () => Promise.resolve(listed) } : db.collection(name);
    const listCollections = () => db.listCollections();
    expect(
      await drift({ ...context, db: { collection, listCollections } as unknown as Db }),
    ).toEqual([]);
  });

  test('of a text index over other fields is named', async () => {
    await syncDatabase(context);
    await db.collection('notes').dropIndex('search_text');
    await db.collection('notes').createIndex({ title: 'text' }, { name: 'search_text' });
    expect(await syncDatabase(context)).toMatchObject([differs('search_text')]);
  });

  test('of an index under another name is both unknown and missing', async () => {
    await syncDatabase(context);
    await change.dropIndex('rank_1')();
    await db.collection('notes').createIndex({ rank: 1, _id: 1 }, { name: 'mine' });
    expect((await syncDatabase(context)).map(({ kind }) => kind)).toEqual([
      'index unknown',
      'index missing',
    ]);
  });

  test('is not the order of the rules in a validator', async () => {
    await syncDatabase(context);
    const { properties, ...rest } = databaseSchema(note) as { properties: object };
    const reversed = Object.fromEntries(Object.entries(properties).toReversed());
    await db.command({
      collMod: 'notes',
      validator: { $jsonSchema: { properties: reversed, ...rest } },
    });
    expect(await drift(context)).toEqual([]);
  });
});

test('nothing is dropped: not documents that break the rules, nor collections, fields and indexes of others', async () => {
  await db.collection('notes').insertOne({ title: 1, old: true });
  await db.collection('others').insertOne({ a: 1 });
  await db.collection('others').createIndex({ a: 1 });
  expect(await syncDatabase(context)).toEqual([]);
  expect(await db.collection('notes').findOne()).toMatchObject({ title: 1, old: true });
  expect(await db.collection('others').countDocuments()).toBe(1);
  expect([...(await indexes('others')).keys()]).toEqual(['_id_', 'a_1']);
  await syncDatabase({ ...context, models: [tag] });
  expect(await db.collection('notes').countDocuments()).toBe(1);
  expect((await indexes('notes')).has('title_unique')).toBe(true);
  // "moderate": what broke the rules before may be changed without being mended.
  await db.collection('notes').updateOne({}, { $set: { old: false } });
});

test('documents that share a unique value are a failure, not a silence', async () => {
  await db.collection('notes').insertMany([{ title: 'a' }, { title: 'a' }]);
  await expect(syncDatabase(context)).rejects.toMatchObject({ code: 11_000 });
  expect(await db.collection('notes').countDocuments()).toBe(2);
});

test('two processes may start at the same time', async () => {
  const both = await Promise.allSettled([syncDatabase(context), syncDatabase(context)]);
  const failed = both.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
  expect(failed).toEqual([]);
  expect(await drift(context)).toEqual([]);
});
