import { type Database, type DatabaseOptions, scratchDatabase } from './scratch.ts';

/**
 * The database of `npm run dev` and `npm test`: the server at `uri`.
 *
 * @throws when there is none
 */
export const startDatabase = ({ uri, dir }: DatabaseOptions): Promise<Database> => {
  if (uri === undefined || uri === '') {
    return Promise.reject(new Error('MONGODB_URI is missing: mongodb://127.0.0.1:27017/app'));
  }
  const database =
    dir === undefined ? scratchDatabase(uri) : { uri, stop: () => Promise.resolve() };
  return Promise.resolve(database);
};
