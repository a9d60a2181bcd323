import { Decimal128, MongoClient, ObjectId, UUID } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start } from '../../src/embedded-mongo/index.ts';
import { importSpec } from '../../src/spec/imports/index.ts';
import { refusal } from './support.ts';

let stop = async (): Promise<void> => undefined;
let address = '';
const look = (uri: string) => importSpec(uri, { cwd: '/', name: undefined });
const database = (name: string) => {
  const uri = new URL(address);
  uri.pathname = `/${name}`;
  return uri.href;
};

beforeAll(async () => {
  const server = await start();
  stop = () => server.stop();
  address = server.uri;
  const client = new MongoClient(address);
  const db = client.db('book-shop');
  const author = new ObjectId();
  await db
    .collection('authors')
    .insertOne({ _id: author, name: 'A', born: new Date('1970-01-01') });
  await db.collection('books').insertMany([
    {
      title: 'x',
      author,
      price: Decimal128.fromString('1.20'),
      stock: 3,
      isbn: 'a',
      code: new UUID(),
      seen: new Date('2026-01-01T10:00:00Z'),
      at: { type: 'Point', coordinates: [1, 2] },
      tags: ['a'],
      __v: 0,
      createdAt: new Date(),
    },
    { title: 'y', author, price: Decimal128.fromString('2'), stock: 1.5, isbn: 'b' },
  ]);
  await db.collection('books').createIndex({ isbn: 1 }, { unique: true });
  await db.collection('books').createIndex({ stock: 1 });
  await client.close();
});

afterAll(() => stop());

describe('a database', () => {
  it('becomes a resource for each collection', async () => {
    const { spec, notes } = await look(database('book-shop'));
    expect(spec.name).toBe('book-shop');
    expect(spec.resources['book']?.fields).toEqual({
      title: { type: 'string', required: true },
      author: { type: 'ref', to: 'author', required: true },
      price: { type: 'decimal', required: true },
      stock: { type: 'number', index: true, required: true },
      isbn: { type: 'string', unique: true, required: true },
      code: { type: 'uuid' },
      seen: { type: 'datetime' },
      at: { type: 'point' },
      tags: { type: 'string', array: true },
    });
    expect(spec.resources['author']?.fields['born']).toEqual({ type: 'date', required: true });
    expect(notes).toContainEqual('book.createdAt is left out: the server keeps its own');
  });

  it('must be named by the address', async () => {
    const { host } = new URL(address);
    expect(await refusal(() => look(`mongodb://ann:pw@${host}/`))).toMatch(/names no database/);
  });

  it('that holds nothing makes nothing', async () => {
    expect(await refusal(() => look(database('empty')))).toMatch(/nothing to make a resource from/);
  });

  it('that does not answer is refused without its credentials', async () => {
    const away = 'mongodb://olga:s3cr3t@127.0.0.1:9/shop?serverSelectionTimeoutMS=300';
    const line = await refusal(() => look(away));
    expect(line).toMatch(/mongodb:\/\/127\.0\.0\.1:9\/shop cannot be reached/);
    expect(line).not.toMatch(/olga|s3cr3t/);
  });

  it.each(['mongodb://', 'mongodb://a@b@c/x', 'mongodb://h/x?bad=1', 'mongodb://h/%'])(
    'is not found at %s, which is said in one line',
    async (uri) => {
      expect(await refusal(() => look(uri))).toMatch(/^[^\n]+$/);
    },
  );
});
