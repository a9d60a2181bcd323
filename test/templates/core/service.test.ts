import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest';
import { ObjectId, type Decimal128, type UUID } from 'mongodb';
import { blueprint } from '../../../templates/project/app/core/blueprint.ts';
import type { Context } from '../../../templates/project/app/core/context.ts';
import { crud } from '../../../templates/project/app/core/crud.ts';
import { model, type Stored } from '../../../templates/project/app/core/model.ts';
import { problem } from '../../../templates/project/app/core/problems.ts';
import { asker, openShop, routesOf, type Ask, type Shop } from './shop.ts';

const ticket = model({
  name: 'ticket',
  plural: 'tickets',
  path: '/tickets',
  collection: 'tickets',
  fields: {
    title: { type: 'string', required: true },
    slug: { type: 'slug', readonly: true, required: true },
    price: { type: 'decimal' },
    key: { type: 'uuid', array: true },
    state: { type: 'enum', values: ['open', 'closed'] },
    at: { type: 'object', fields: { day: { type: 'date', required: true } } },
    parent: { type: 'ref', to: 'ticket' },
  },
});
type Ticket = Stored<typeof ticket>;

const written: string[] = [];
const tickets = (context: Context) =>
  crud(context, ticket, {
    beforeWrite: (next, current) => {
      if (next.title === 'never') throw problem(409, 'Never');
      next.slug = next.title.toLowerCase().replaceAll(' ', '-');
      if (current?.state === 'closed') throw problem('conflict', 'Closed tickets stay as they are');
    },
    afterWrite: (document, previous) =>
      void written.push(`${previous?.title ?? 'new'} → ${document.title}`),
    beforeRead: (document) => {
      if (document.state === 'closed') document.title = `[closed] ${document.title}`;
    },
  });

let shop: Shop;
let ask: Ask;
beforeAll(async () => {
  shop = await openShop({
    models: [ticket],
    blueprints: [blueprint('/tickets', (context) => routesOf(tickets(context)))],
  });
  ask = asker(shop.url);
});
afterAll(() => shop.stop());

test('a model gives its documents their types', () => {
  expectTypeOf<Ticket['title']>().toEqualTypeOf<string>();
  expectTypeOf<Ticket['price']>().toEqualTypeOf<Decimal128 | undefined>();
  expectTypeOf<Ticket['key']>().toEqualTypeOf<UUID[] | undefined>();
  expectTypeOf<Ticket['state']>().toEqualTypeOf<'open' | 'closed' | undefined>();
  expectTypeOf<NonNullable<Ticket['at']>['day']>().toEqualTypeOf<Date>();
  expectTypeOf<Ticket['_id']>().toEqualTypeOf<ObjectId>();
  const names = { name: 'a', plural: 'as', path: '/as', collection: 'as' };
  // @ts-expect-error a key that no field descriptor has
  model({ ...names, fields: { x: { type: 'string', requird: true } } });
  // @ts-expect-error a type that does not exist
  model({ ...names, fields: { x: { type: 'text1' } } });
});

test('hooks set, refuse, see the document before and after, and shape what is read', async () => {
  const made = await ask('POST', '/api/tickets', { title: 'Broken lamp' });
  expect(made.body).toMatchObject({ slug: 'broken-lamp', _rev: 1 });
  const path = String(made.headers.get('location'));
  expect((await ask('PATCH', path, { title: 'Lamp' })).body).toMatchObject({
    slug: 'lamp',
    _rev: 2,
  });
  expect(written).toEqual(['new → Broken lamp', 'Broken lamp → Lamp']);
  const refused = await ask('PATCH', path, { title: 'never' });
  expect([refused.status, refused.body.detail]).toEqual([409, 'Never']);
  const closed = await ask('PATCH', path, { state: 'closed' });
  expect([closed.body.title, closed.headers.get('etag')]).toEqual(['[closed] Lamp', '"3"']);
  expect((await ask('PATCH', path, { title: 'x' })).body.detail).toBe(
    'Closed tickets stay as they are',
  );
  const child = await ask('POST', '/api/tickets', { title: 'Child', parent: closed.body._id });
  const embedded = await ask('GET', `${String(child.headers.get('location'))}?embed=parent`);
  expect(embedded.body.parent).toMatchObject({ title: '[closed] Lamp' });
});

test('a service works without HTTP, on wire values in and stored documents out', async () => {
  const service = tickets(shop.context);
  const made = await service.create({
    title: 'By hand',
    price: '1.50',
    key: [],
    at: { day: '2026-01-31' },
  });
  expect(made.at?.day).toEqual(new Date('2026-01-31T00:00:00Z'));
  expect(String(made.price)).toBe('1.50');
  await expect(service.read(new ObjectId().toHexString())).rejects.toMatchObject({
    code: 'not_found',
    status: 404,
  });
});

test('values are BSON in the database and texts on the wire', async () => {
  const parent = await tickets(shop.context).create({ title: 'Parent', key: [] });
  const uuid = '8e03978e-40d5-43e8-bc93-6894a57f9324';
  const sent = {
    title: 'Typed',
    price: '12.30',
    key: [uuid],
    at: { day: '2026-01-31' },
    parent: parent._id.toHexString(),
  };
  const { body } = await ask('POST', '/api/tickets', sent);
  expect(body).toMatchObject(sent);
  expect(body.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const stored = await shop.db.collection('tickets').findOne({ title: 'Typed' });
  expect(stored?.price).toMatchObject({ _bsontype: 'Decimal128' });
  expect(stored?.parent).toEqual(parent._id);
  expect(stored?.at).toEqual({ day: new Date('2026-01-31T00:00:00Z') });
  expect(stored?.createdAt).toBeInstanceOf(Date);
  expect(String(stored?.key)).toContain(uuid);
});

test('work stops when the client goes, and that is no error', async () => {
  const signals: AbortSignal[] = [];
  const slow = await openShop({
    models: [ticket],
    blueprints: [
      blueprint('/tickets', (context) => {
        const service = tickets(context);
        return routesOf({
          ...service,
          list: async (query, options = {}) => {
            if (options.signal) signals.push(options.signal);
            await new Promise((resolve) => setTimeout(resolve, 300));
            return service.list(query, options);
          },
        });
      }),
    ],
  });
  const commands: string[] = [];
  slow.context.client.on('commandStarted', ({ commandName }) => void commands.push(commandName));
  const socket = connect(Number(new URL(slow.url).port), '127.0.0.1');
  socket.write('GET /api/tickets HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 150));
  socket.destroy();
  await once(socket, 'close');
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect(commands).not.toContain('find');
  expect(slow.logged).toEqual([]);
  await slow.stop();
});
