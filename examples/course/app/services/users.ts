import { ObjectId, type WithId } from 'mongodb';
import { isObjectId } from '../core/checks.ts';
import type { Context } from '../core/context.ts';
import { problem } from '../core/problems.ts';

interface UserDocument {
  name: string;
  role?: string;
}

/** A user as the course answers one: the id as text. */
export interface User extends UserDocument {
  readonly _id: string;
}

const answer = ({ _id, ...user }: WithId<UserDocument>): User => ({ _id: String(_id), ...user });

/** What was sent, when it makes a user. Throws 400 "Name is required" and the like. */
const checked = (body: object): UserDocument => {
  const name: unknown = Reflect.get(body, 'name');
  const role: unknown = Reflect.get(body, 'role');
  const refuse = (field: string, detail: string) =>
    problem('validation_error', detail, {
      errors: [{ pointer: `#/${field}`, code: 'invalid', detail }],
    });
  if (name === undefined || name === '') throw refuse('name', 'Name is required');
  if (typeof name !== 'string' || name.length > 120)
    throw refuse('name', 'Name must be text of at most 120 characters');
  if (role !== undefined && (typeof role !== 'string' || role.length > 120))
    throw refuse('role', 'Role must be text of at most 120 characters');
  return { name, ...(role !== undefined && { role }) };
};

const idOf = (id: string): ObjectId => {
  if (!isObjectId(id)) throw problem('not_found', 'User not found');
  return new ObjectId(id);
};

/** The users of the course, without HTTP: PyMongo's calls by their names in the driver. */
export const users = ({ db }: Context) => {
  const collection = db.collection<UserDocument>('users');
  const found = <T>(user: T | null): T => {
    if (user === null) throw problem('not_found', 'User not found');
    return user;
  };
  return {
    list: async (): Promise<User[]> =>
      (await collection.find().sort({ _id: 1 }).toArray()).map(answer),

    read: async (id: string): Promise<User> =>
      answer(found(await collection.findOne({ _id: idOf(id) }))),

    add: async (body: object): Promise<User> => {
      const user = checked(body);
      const { insertedId } = await collection.insertOne({ ...user });
      return answer({ _id: insertedId, ...user });
    },

    replace: async (id: string, body: object): Promise<User> => {
      const user = checked(body);
      const options = { returnDocument: 'after' } as const;
      return answer(found(await collection.findOneAndReplace({ _id: idOf(id) }, user, options)));
    },

    remove: async (id: string): Promise<User> =>
      answer(found(await collection.findOneAndDelete({ _id: idOf(id) }))),
  };
};
