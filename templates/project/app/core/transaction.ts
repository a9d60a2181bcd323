// Several writes as one, where the server can do that: on replica sets and sharded clusters, not on a standalone server.
import type { ClientSession, MongoClient } from 'mongodb';
import type { Context } from './context.ts';

const capable = new WeakMap<MongoClient, Promise<boolean>>();

const ask = async ({ client, db }: Context): Promise<boolean> => {
  const hello = await db.command({ hello: 1 });
  const can = typeof hello.setName === 'string' || hello.msg === 'isdbgrid';
  if (!can) capable.set(client, Promise.resolve(false));
  return can;
};

/** Asked once a client; asked again when the asking failed. */
const canTransact = (context: Context): Promise<boolean> => {
  const known = capable.get(context.client);
  if (known) return known;
  const asked = ask(context);
  capable.set(context.client, asked);
  asked.catch(() => capable.delete(context.client));
  return asked;
};

/** The option of an operation that belongs to a transaction, if there is one. */
export const within = (session: ClientSession | undefined) => (session ? { session } : {});

/** Runs the writes in a transaction when there are any; without a session they are on their own. */
export const atomically = async <T>(
  context: Context,
  work: (session: ClientSession | undefined) => Promise<T>,
): Promise<T> => {
  if (!(await canTransact(context))) return work(undefined);
  return context.client.withSession((session) => session.withTransaction(() => work(session)));
};
