// Idempotency-Key: the same POST sent twice is done once.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { blueprint } from '../../../templates/project/app/core/blueprint.ts';
import { crud } from '../../../templates/project/app/core/crud.ts';
import { idempotencyCollection } from '../../../templates/project/app/core/idempotency.ts';
import { model } from '../../../templates/project/app/core/model.ts';
import { problem } from '../../../templates/project/app/core/problems.ts';
import { asker, openShop, routesOf, type Ask, type Shop } from './shop.ts';

const title = { type: 'string', required: true, unique: true, maxLength: 50 } as const;
const note = model({
  name: 'note',
  plural: 'notes',
  path: '/notes',
  collection: 'notes',
  fields: { title },
});
const strict = model({
  fields: { title },
  name: 'order',
  plural: 'orders',
  path: '/orders',
  collection: 'orders',
  requireIdempotencyKey: true,
});

interface Entry {
  readonly _id: string;
  readonly body: string;
  readonly lockedUntil: Date;
  readonly expiresAt: Date;
  readonly answer?: { readonly status: number };
}

/** Called before each write: throws, waits, or nothing. */
let before: () => unknown = () => undefined;
/** Called after each write. */
let after: () => void = () => undefined;

let shop: Shop;
let ask: Ask;
beforeAll(async () => {
  const models = [note, strict];
  shop = await openShop({
    models,
    blueprints: models.map((each) =>
      blueprint(each.path, (context) =>
        routesOf(
          crud(context, each, {
            beforeWrite: async () => {
              await before();
            },
            afterWrite: () => {
              after();
            },
          }),
        ),
      ),
    ),
  });
  ask = asker(shop.url);
});
afterAll(() => shop.stop());

const keys = () => shop.db.collection<Entry>(idempotencyCollection);
const notes = () => shop.db.collection('notes');
const post = (key: string, body: unknown = { title: 'a' }, path = '/api/notes') =>
  ask('POST', path, body, { 'idempotency-key': key });
const outcome = ({ status, body, headers }: Awaited<ReturnType<Ask>>) => [
  status,
  body.code,
  headers.get('idempotency-replayed'),
];
const later = (milliseconds: number) => new Date(Date.now() + milliseconds);

beforeEach(async () => {
  before = () => undefined;
  after = () => undefined;
  await Promise.all([keys().deleteMany({}), notes().deleteMany({})]);
});

describe('the same request again', () => {
  test('gets the first answer, word for word, and does nothing', async () => {
    const first = await post('k');
    const again = await post('k');
    expect(outcome(first)).toEqual([201, undefined, null]);
    expect(outcome(again)).toEqual([201, undefined, 'true']);
    expect(again.body).toEqual(first.body);
    for (const name of ['location', 'etag', 'content-type'])
      expect(again.headers.get(name), name).toBe(first.headers.get(name));
    expect(first.headers.get('location')).not.toBeNull();
    expect(await notes().countDocuments()).toBe(1);
  });

  test('gets it even when the document is gone', async () => {
    const { body } = await post('k');
    await ask('DELETE', `/api/notes/${String(body._id)}`);
    expect(outcome(await post('k'))).toEqual([201, undefined, 'true']);
    expect(await notes().countDocuments()).toBe(0);
  });

  test('may be a list, and may quote its key', async () => {
    const first = await post('k', [{ title: 'a' }, { title: 'b' }]);
    const again = await post('"k"', [{ title: 'a' }, { title: 'b' }]);
    expect(outcome(again)).toEqual([201, undefined, 'true']);
    expect(again.body).toEqual(first.body);
    expect(await notes().countDocuments()).toBe(2);
  });

  test.each([
    ['a mistake of the client', { title: 1 }, [400, 'validation_error']],
    ['a value that is taken', { title: 'taken' }, [409, 'duplicate']],
  ])('gets the same refusal for %s', async (_title, body, expected) => {
    await notes().insertOne({ title: 'taken' });
    const first = await post('k', body);
    await notes().deleteMany({});
    const again = await post('k', body);
    expect(outcome(first)).toEqual([...expected, null]);
    expect(outcome(again)).toEqual([...expected, 'true']);
    expect(again.headers.get('content-type')).toContain('application/problem+json');
    expect(again.body).toEqual(first.body);
    expect(await notes().countDocuments()).toBe(0);
  });

  test.each([401, 403, 429, 500, 503])('is done anew after %i', async (status) => {
    before = () => {
      throw problem(status, 'not now');
    };
    expect((await post('k')).status).toBe(status);
    before = () => undefined;
    expect(outcome(await post('k'))).toEqual([201, undefined, null]);
  });

  test('is done anew after a mistake of the server', async () => {
    before = () => {
      throw new Error('boom');
    };
    expect((await post('k')).status).toBe(500);
    before = () => undefined;
    expect((await post('k')).status).toBe(201);
  });

  test('is not done twice when the mistake came after the write', async () => {
    after = () => {
      throw new Error('boom');
    };
    expect((await post('k')).status).toBe(500);
    after = () => undefined;
    expect(outcome(await post('k'))).toEqual([201, undefined, null]);
    expect(await notes().countDocuments()).toBe(1);
  });
});

test('another body with the same key is 422, whatever came of the first', async () => {
  await post('k');
  expect(outcome(await post('k', { title: 'b' }))).toEqual([422, 'idempotency_key_reused', null]);
  await post('l', { title: 1 });
  expect((await post('l', { title: 'c' })).status).toBe(422);
  expect(await notes().countDocuments()).toBe(1);
});

test('another key, another path and no key are other requests', async () => {
  expect((await post('k')).status).toBe(201);
  expect((await post('l', { title: 'b' })).status).toBe(201);
  expect((await post('k', { title: 'a' }, '/api/orders')).status).toBe(201);
  expect((await ask('POST', '/api/notes', { title: 'a' })).status).toBe(409);
});

describe('while the first request runs', () => {
  test('the second is told to come again, and then gets the answer', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const entered = new Promise<void>((resolve) => {
      before = async () => {
        resolve();
        await held;
      };
    });
    const first = post('k');
    await entered;
    const second = await post('k');
    expect(outcome(second)).toEqual([409, 'idempotency_in_flight', null]);
    expect(second.headers.get('retry-after')).toBe('1');
    expect((await post('k', { title: 'b' })).status).toBe(422);
    release();
    const { body } = await first;
    expect((await post('k')).body).toEqual(body);
  });

  test('one of ten at the same time is done, the others wait or get its answer', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => post('k')));
    const made = replies.filter(({ status }) => status === 201);
    const fresh = made.filter(({ headers }) => headers.get('idempotency-replayed') === null);
    expect(fresh).toHaveLength(1);
    for (const { body } of made) expect(body).toEqual(fresh[0]?.body);
    for (const { status, body } of replies.filter((reply) => !made.includes(reply)))
      expect([status, body.code]).toEqual([409, 'idempotency_in_flight']);
    expect(await notes().countDocuments()).toBe(1);
    expect(await keys().countDocuments()).toBe(1);
  });
});

describe('an entry', () => {
  /** The entry of a request that was taken and never answered. */
  const abandon = async (change: Partial<Entry>) => {
    await post('k', { title: 1 });
    await keys().updateOne({}, { $set: change, $unset: { answer: '' } });
  };

  test('keeps no body and no key, and is locked for a minute and kept for a day', async () => {
    await post('my-key', { title: 'private' });
    const [entry, ...others] = await keys().find().toArray();
    expect(others).toEqual([]);
    const minute = 60_000;
    const left = (date?: Date) => Math.round(((date?.getTime() ?? 0) - Date.now()) / minute);
    expect([left(entry?.lockedUntil), left(entry?.expiresAt)]).toEqual([1, 24 * 60]);
    expect([entry?._id, entry?.body].join()).toMatch(/^[\w-]{43},[\w-]{43}$/);
    expect(entry?.answer?.status).toBe(201);
  });

  test('is removed by the database when it expires', async () => {
    expect(await keys().indexes()).toContainEqual(
      expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }),
    );
  });

  test('of a request that crashed is in flight until its lock ends, then free', async () => {
    await abandon({ lockedUntil: later(1000) });
    expect((await post('k', { title: 1 })).status).toBe(409);
    await abandon({ lockedUntil: later(-1) });
    expect(outcome(await post('k', { title: 1 }))).toEqual([400, 'validation_error', null]);
    expect(outcome(await post('k', { title: 1 }))).toEqual([400, 'validation_error', 'true']);
  });

  test('whose lock ended is taken by one of many', async () => {
    await post('k');
    await notes().deleteMany({});
    await keys().updateOne({}, { $set: { lockedUntil: later(-1) }, $unset: { answer: '' } });
    const replies = await Promise.all(Array.from({ length: 10 }, () => post('k')));
    const fresh = replies.filter(
      ({ status, headers }) => status === 201 && headers.get('idempotency-replayed') === null,
    );
    expect(fresh).toHaveLength(1);
    expect(await notes().countDocuments()).toBe(1);
  });

  /** The process died after the write and before the answer was kept, and the lock has ended since. */
  const crash = () =>
    keys().updateOne({}, { $set: { lockedUntil: later(-1) }, $unset: { answer: '' } });

  test('of a request that crashed after its write gives what was written', async () => {
    const { body } = await post('k');
    await crash();
    const again = await post('k');
    expect(outcome(again)).toEqual([201, undefined, null]);
    expect(again.body).toEqual(body);
    expect(outcome(await post('k'))).toEqual([201, undefined, 'true']);
    expect(await notes().countDocuments()).toBe(1);
  });

  test('of a list that was written gives the list, in its order', async () => {
    const list = Array.from({ length: 9 }, (_, i) => ({ title: String(9 - i) }));
    const { body } = await post('k', list);
    await crash();
    expect((await post('k', list)).body).toEqual(body);
    expect(await notes().countDocuments()).toBe(9);
  });

  test('of a list that was written in part is written as a whole', async () => {
    const list = [{ title: 'a' }, { title: 'b' }, { title: 'c' }];
    const { body } = await post('k', list);
    await notes().deleteOne({ title: 'c' });
    await crash();
    const again = await post('k', list);
    expect(again.status).toBe(201);
    const ids = (answer: typeof again.body) =>
      (answer.data as readonly { readonly _id: string }[]).map(({ _id }) => _id);
    expect(ids(again.body)).toEqual(ids(body));
    expect(await notes().countDocuments()).toBe(3);
  });

  test('taken over while the first try still runs: both get the one document', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const entered = new Promise<void>((resolve) => {
      before = async () => {
        resolve();
        await held;
      };
    });
    const slow = post('k');
    await entered;
    before = () => undefined;
    await crash();
    const quick = await post('k');
    release();
    expect(quick.status).toBe(201);
    expect(outcome(await slow)).toEqual([201, undefined, null]);
    expect((await slow).body).toEqual(quick.body);
    expect(await notes().countDocuments()).toBe(1);
  });

  test('that expired and is still there counts no more, whatever its body was', async () => {
    await post('k');
    await keys().updateOne({}, { $set: { lockedUntil: later(-2), expiresAt: later(-1) } });
    expect(outcome(await post('k', { title: 'b' }))).toEqual([201, undefined, null]);
    expect(outcome(await post('k', { title: 'b' }))).toEqual([201, undefined, 'true']);
    expect(await notes().countDocuments()).toBe(2);
  });
});

describe('the header', () => {
  test.each(['', '""', 'a b', 'x'.repeat(256), 'é'])('is refused: %j', async (key) => {
    const { status, body } = await post(key);
    expect([status, body.code]).toEqual([400, 'invalid_header']);
  });

  test('has 1 to 255 characters', async () => {
    expect((await post('x'.repeat(255))).status).toBe(201);
    expect((await post('y', { title: 'b' })).status).toBe(201);
  });

  test('may be required by the model', async () => {
    const { status, body } = await ask('POST', '/api/orders', { title: 'b' });
    expect([status, body.code]).toEqual([400, 'invalid_header']);
    expect((await post('new', { title: 'b' }, '/api/orders')).status).toBe(201);
  });
});
