// References: they must point to something when written, and what becomes of them when that is deleted.
import { ObjectId } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { model, references } from '../../../templates/project/app/core/model.ts';
import { targetOf } from '../../../templates/project/app/core/relations.ts';
import { asker, openShop, type Ask, type Shop } from './shop.ts';

const resource = (name: string, fields: Parameters<typeof model>[0]['fields']) =>
  model({
    name,
    plural: `${name}s`,
    path: `/${name}s`,
    collection: `${name}s`,
    fields: { name: { type: 'string' }, ...fields },
  });
const models = [
  resource('author', {}),
  resource('book', { author: { type: 'ref', to: 'author' } }),
  resource('review', { book: { type: 'ref', to: 'book', onDelete: 'cascade' } }),
  resource('vote', { review: { type: 'ref', to: 'review', onDelete: 'cascade' } }),
  resource('shelf', {
    best: { type: 'ref', to: 'book', onDelete: 'nullify' },
    books: { type: 'ref', to: 'book', array: true, onDelete: 'nullify' },
    spot: { type: 'object', fields: { book: { type: 'ref', to: 'book', onDelete: 'nullify' } } },
    rows: {
      type: 'object',
      array: true,
      fields: {
        book: { type: 'ref', to: 'book', onDelete: 'nullify' },
        count: { type: 'integer' },
      },
    },
  }),
  resource('order', { books: { type: 'ref', to: 'book', array: true, onDelete: 'restrict' } }),
  resource('list', { books: { type: 'ref', to: 'book', array: true, onDelete: 'cascade' } }),
  resource('folder', { parent: { type: 'ref', to: 'folder' } }),
  resource('comment', { parent: { type: 'ref', to: 'comment', onDelete: 'cascade' } }),
  resource('person', { boss: { type: 'ref', to: 'person', onDelete: 'nullify' } }),
];

let shop: Shop;
let ask: Ask;
beforeAll(async () => {
  shop = await openShop({ models, failPoints: true });
  ask = asker(shop.url);
});
afterAll(() => shop.stop());
beforeEach(async () => {
  for (const { collection } of models) await shop.db.collection(collection).deleteMany({});
});

/** Makes a document and gives its id. */
const make = async (name: string, body: object = {}): Promise<string> => {
  const reply = await ask('POST', `/api/${name}s`, body);
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return String(reply.body._id);
};
const remove = async (name: string, id: string) => {
  const { status, body } = await ask('DELETE', `/api/${name}s/${id}`);
  return { status, code: body.code, detail: body.detail };
};
const read = async (name: string, id: string) => (await ask('GET', `/api/${name}s/${id}`)).body;
const left = (name: string) => shop.db.collection(`${name}s`).countDocuments();
const gone = { status: 204, code: undefined, detail: undefined };
const restricted = (detail: string) => ({ status: 409, code: 'restricted', detail });

describe('deleting what is referred to', () => {
  test('is refused by default, until nothing refers to it any more', async () => {
    const author = await make('author');
    const books = [await make('book', { author }), await make('book', { author })];
    await make('book', { author: await make('author') });
    expect(await remove('author', author)).toEqual(restricted('2 books refer to this author'));
    for (const book of books) expect(await remove('book', book)).toEqual(gone);
    expect(await remove('author', author)).toEqual(gone);
    expect([await left('author'), await left('book')]).toEqual([1, 1]);
  });

  test('is refused because of one item of a list', async () => {
    const [a, b] = [await make('book'), await make('book')];
    await make('order', { books: [a, b] });
    expect(await remove('book', b)).toEqual(restricted('1 order refers to this book'));
    expect(await remove('book', await make('book'))).toEqual(gone);
  });

  test('deletes what refers to it, and what refers to that, and nothing else', async () => {
    const [book, other] = [await make('book'), await make('book')];
    const review = await make('review', { book });
    const kept = await make('review', { book: other });
    for (const each of [review, review, kept]) await make('vote', { review: each });
    await make('list', { books: [other, book] });
    await make('list', { books: [other] });
    expect(await remove('book', book)).toEqual(gone);
    const counts = ['book', 'review', 'vote', 'list'].map(left);
    expect(await Promise.all(counts)).toEqual([1, 1, 1, 1]);
    expect((await ask('GET', `/api/reviews/${kept}`)).status).toBe(200);
  });

  test('deletes nothing at all when something further on refuses', async () => {
    const book = await make('book');
    await make('review', { book });
    await make('list', { books: [book] });
    const shelf = await make('shelf', { best: book });
    await make('order', { books: [book] });
    expect((await remove('book', book)).status).toBe(409);
    expect([await left('book'), await left('review'), await left('list')]).toEqual([1, 1, 1]);
    expect(await read('shelf', shelf)).toMatchObject({ best: book, _rev: 1 });
  });

  test.each([[null], [undefined]])('takes it out of a document whose _rev is %s', async (_rev) => {
    const book = new ObjectId(await make('book'));
    const shelf = { _id: new ObjectId(), best: book, books: [book] };
    await shop.db
      .collection('shelfs')
      .insertOne({ ...shelf, ...(_rev === null && { _rev }) }, { bypassDocumentValidation: true });
    expect(await remove('book', String(book))).toEqual(gone);
    expect(await shop.db.collection('shelfs').findOne({ _id: shelf._id })).toMatchObject({
      books: [],
      _rev: 2,
    });
  });

  test('takes the reference out of fields, lists, objects and lists of objects', async () => {
    const [a, b] = [await make('book'), await make('book')];
    const shelf = await make('shelf', {
      name: 'kept',
      best: a,
      books: [a, b, a],
      spot: { book: a },
      rows: [{ book: b, count: 1 }, { book: a, count: 2 }, { count: 3 }],
    });
    const other = await make('shelf', { best: b, books: [b] });
    const before = await read('shelf', shelf);
    expect(await remove('book', a)).toEqual(gone);
    const after = await read('shelf', shelf);
    expect(after).toMatchObject({ name: 'kept', books: [b] });
    expect(after.best ?? null).toBeNull();
    const stored = await shop.db.collection('shelfs').findOne({ name: 'kept' });
    expect(stored).not.toHaveProperty('best');
    expect(JSON.stringify(stored)).not.toContain(a);
    expect(after.rows).toMatchObject([{ book: b, count: 1 }, { count: 2 }, { count: 3 }]);
    expect(after._rev).toBeGreaterThan(Number(before._rev));
    expect(Date.parse(String(after.updatedAt))).toBeGreaterThanOrEqual(
      Date.parse(String(before.updatedAt)),
    );
    expect(await read('shelf', other)).toMatchObject({ best: b, books: [b], _rev: 1 });
  });

  test('leaves everything as it was when the database fails half-way', async () => {
    const book = await make('book');
    const shelf = await make('shelf', { books: [book] });
    await shop.context.client.db('admin').command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['delete'], errorCode: 8 },
    });
    expect((await remove('book', book)).status).toBe(500);
    expect(await read('shelf', shelf)).toMatchObject({ books: [book], _rev: 1 });
    expect(await remove('book', book)).toEqual(gone);
  });
});

describe('a reference to the same resource', () => {
  test('refuses as well, but not for the document itself', async () => {
    const parent = await make('folder');
    const child = await make('folder', { parent });
    expect(await remove('folder', parent)).toEqual(restricted('1 folder refers to this folder'));
    expect((await ask('PATCH', `/api/folders/${parent}`, { parent })).status).toBe(200);
    expect(await remove('folder', child)).toEqual(gone);
    expect(await remove('folder', parent)).toEqual(gone);
  });

  test('deletes a whole tree, and comes to an end in a circle', async () => {
    const root = await make('comment');
    const child = await make('comment', { parent: root });
    for (const parent of [root, child, child]) await make('comment', { parent });
    expect((await ask('PATCH', `/api/comments/${root}`, { parent: child })).status).toBe(200);
    const kept = await make('comment');
    expect(await remove('comment', root)).toEqual(gone);
    expect(await left('comment')).toBe(1);
    expect((await ask('GET', `/api/comments/${kept}`)).status).toBe(200);
  });

  test('is taken out one level down only', async () => {
    const boss = await make('person');
    const middle = await make('person', { boss });
    const last = await make('person', { boss: middle });
    expect((await ask('PATCH', `/api/persons/${boss}`, { boss })).status).toBe(200);
    expect(await remove('person', boss)).toEqual(gone);
    expect((await read('person', middle)).boss ?? null).toBeNull();
    expect(await read('person', last)).toMatchObject({ boss: middle });
  });
});

describe('writing a reference', () => {
  const nobody = new ObjectId().toHexString();
  const missing = (pointer: string, id = nobody) => ({
    pointer,
    code: 'reference',
    detail: `Book ${id} does not exist`,
  });

  test.each([
    ['a field', { best: nobody }, ['#/best']],
    ['an item of a list', { books: [nobody] }, ['#/books/0']],
    ['an object', { spot: { book: nobody } }, ['#/spot/book']],
    ['a list of objects', { rows: [{ count: 1 }, { book: nobody }] }, ['#/rows/1/book']],
    [
      'several places',
      { best: nobody, books: [nobody], rows: [{ book: nobody }] },
      ['#/best', '#/books/0', '#/rows/0/book'],
    ],
  ])('to nothing is refused: %s', async (_title, body, pointers) => {
    const shelf = await make('shelf');
    for (const [method, path] of [
      ['POST', '/api/shelfs'],
      ['PUT', `/api/shelfs/${shelf}`],
      ['PATCH', `/api/shelfs/${shelf}`],
    ] as const) {
      const reply = await ask(method, path, body);
      expect([method, reply.status, reply.body.code]).toEqual([method, 400, 'validation_error']);
      const errors = (reply.body.errors as { pointer: string }[]).sort((a, b) =>
        a.pointer < b.pointer ? -1 : 1,
      );
      expect(errors).toEqual(pointers.map((pointer) => missing(pointer)));
    }
    expect(await left('shelf')).toBe(1);
  });

  test('to nothing is refused in a list of documents, with its place', async () => {
    const book = await make('book');
    const body = [{ best: book }, { best: nobody }, { books: [book, nobody] }];
    const reply = await ask('POST', '/api/shelfs', body);
    expect([reply.status, reply.body.errors]).toEqual([
      400,
      [missing('#/1/best'), missing('#/2/books/1')],
    ]);
    expect(await left('shelf')).toBe(0);
  });

  test('is looked up by one query a field, for many documents too', async () => {
    const books = [await make('book'), await make('book')];
    const finds: unknown[] = [];
    const listener = ({ command }: { command: { find?: string } }) =>
      void (command.find && finds.push(command.find));
    shop.context.client.on('commandStarted', listener);
    const body = [...books, ...books].map((book) => ({ best: book, books }));
    const { status } = await ask('POST', '/api/shelfs', body);
    shop.context.client.off('commandStarted', listener);
    expect([status, finds]).toEqual([201, ['books', 'books']]);
  });

  test('to a document of another resource is refused, and so is what is no id', async () => {
    const author = await make('author');
    const reply = await ask('POST', '/api/shelfs', { best: author });
    expect(reply.body.errors).toEqual([missing('#/best', author)]);
    for (const best of ['x', 1, {}, '0'.repeat(23)])
      expect((await ask('POST', '/api/shelfs', { best })).status).toBe(400);
  });

  test('is accepted in capitals, and as null', async () => {
    const book = await make('book');
    const shelf = await make('shelf', { best: book.toUpperCase() });
    expect(await read('shelf', shelf)).toMatchObject({ best: book });
    expect((await ask('PATCH', `/api/shelfs/${shelf}`, { best: null })).status).toBe(200);
  });

  test('that lost its document is no obstacle to other changes', async () => {
    const book = await make('book');
    const shelf = await make('shelf', { best: book });
    await shop.db.collection('books').deleteMany({});
    const path = `/api/shelfs/${shelf}`;
    expect((await ask('PATCH', path, { name: 'new' })).status).toBe(200);
    expect((await ask('PUT', path, { name: 'newer', best: book })).status).toBe(200);
    expect((await ask('POST', '/api/shelfs', { best: book })).status).toBe(400);
  });
});

test('a model that refers to one that is not in the list is a mistake in the code', () => {
  const alone = { ...shop.context, models: models.slice(1) };
  const [reference] = models.slice(1, 2).flatMap((each) => references(each));
  expect(() => reference && targetOf(alone, reference)).toThrow(
    'The field author refers to author, which is not in app/models/index.ts',
  );
});
