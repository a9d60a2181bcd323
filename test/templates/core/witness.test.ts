/** Witnesses of changes: what they are told, and that a change and what is told of it are one. */
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { start, type EmbeddedMongo } from '../../../src/embedded-mongo/index.ts';
import { defaultLimits, type Context } from '../../../templates/project/app/core/context.ts';
import { crud } from '../../../templates/project/app/core/crud.ts';
import { model } from '../../../templates/project/app/core/model.ts';
import type { Witness } from '../../../templates/project/app/core/witness.ts';

const shelf = model({
  name: 'shelf',
  plural: 'shelves',
  path: '/shelves',
  collection: 'shelves',
  fields: { name: { type: 'string', required: true } },
});
const book = model({
  name: 'book',
  plural: 'books',
  path: '/books',
  collection: 'books',
  fields: { shelf: { type: 'ref', to: 'shelf', onDelete: 'cascade' } },
});
const note = model({
  name: 'note',
  plural: 'notes',
  path: '/notes',
  collection: 'notes',
  fields: { shelf: { type: 'ref', to: 'shelf', onDelete: 'nullify' } },
});

let server: EmbeddedMongo;
let client: MongoClient;
let told: string[] = [];
let full = false;

const witness: Witness = (_context, { kind, model: { name }, documents, trace }, session) => {
  if (full) return Promise.reject(new Error('full'));
  told.push(
    `${name} ${kind} ${String(documents.length)} ${session ? 'within' : 'alone'}${trace ? ` ${trace}` : ''}`,
  );
  return Promise.resolve();
};
const contextOf = (): Context => ({
  db: client.db('witness'),
  client,
  models: [shelf, book, note],
  witnesses: [witness],
  config: { debug: true, limits: defaultLimits },
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
});

beforeAll(async () => {
  server = await start();
  client = new MongoClient(server.uri);
});
beforeEach(() => {
  told = [];
  full = false;
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

it('are told of each change within its transaction, once, and of nothing that changes nothing', async () => {
  const shelves = crud(contextOf(), shelf);
  const made = await shelves.create({ name: 'a' });
  await shelves.createMany([{ name: 'b' }, { name: 'c' }]);
  await shelves.patch(made._id.toHexString(), { name: 'd' });
  await shelves.patch(made._id.toHexString(), { name: 'd' });
  await shelves.remove(made._id.toHexString());
  expect(told).toEqual([
    'shelf created 1 within',
    'shelf created 2 within',
    'shelf updated 1 within',
    'shelf deleted 1 within',
  ]);
});

it('are told of what a deletion does to others', async () => {
  const context = contextOf();
  const { _id } = await crud(context, shelf).create({ name: 'e' });
  const id = _id.toHexString();
  await crud(context, book).createMany([{ shelf: id }, { shelf: id }]);
  await crud(context, note).create({ shelf: id });
  told = [];
  await crud(context, shelf).remove(id);
  expect(told.sort()).toEqual([
    'book deleted 2 within',
    'note updated 1 within',
    'shelf deleted 1 within',
  ]);
});

it('C91 are told the trace of who asked, for what happens to others too', async () => {
  const context = contextOf();
  const guard = { comment: 'trace' };
  const { _id } = await crud(context, shelf).create({ name: 'f' }, guard);
  const id = _id.toHexString();
  await crud(context, shelf).patch(id, { name: 'g' }, guard);
  await crud(context, book).createMany([{ shelf: id }], guard);
  await crud(context, note).create({ shelf: id }, guard);
  await crud(context, shelf).remove(id, guard);
  expect(told.sort()).toEqual([
    'book created 1 within trace',
    'book deleted 1 within trace',
    'note created 1 within trace',
    'note updated 1 within trace',
    'shelf created 1 within trace',
    'shelf deleted 1 within trace',
    'shelf updated 1 within trace',
  ]);
});

it('undo the change by failing', async () => {
  const shelves = crud(contextOf(), shelf);
  const { _id } = await shelves.create({ name: 'kept' });
  full = true;
  await expect(shelves.create({ name: 'lost' })).rejects.toThrow('full');
  await expect(shelves.createMany([{ name: 'lost' }])).rejects.toThrow('full');
  await expect(shelves.patch(_id.toHexString(), { name: 'lost' })).rejects.toThrow('full');
  await expect(shelves.remove(_id.toHexString())).rejects.toThrow('full');
  const stored = client.db('witness').collection('shelves');
  expect(await stored.countDocuments({ name: 'lost' })).toBe(0);
  expect(await stored.countDocuments({ _id })).toBe(1);
});
