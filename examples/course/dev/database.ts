import { type Database, type DatabaseOptions, scratchDatabase, withDatabase } from './scratch.ts';
import { start } from './embedded-mongo.mjs';

/**
 * The database of `npm run dev` and `npm test`: the server at `uri` when there is one, else the embedded server,
 * in this process, on a free port. Never used by what is deployed.
 */
export const startDatabase = async ({ uri, dir }: DatabaseOptions): Promise<Database> => {
  if (uri !== undefined && uri !== '') {
    return dir === undefined ? scratchDatabase(uri) : { uri, stop: () => Promise.resolve() };
  }
  const server = await start(dir === undefined ? {} : { dir });
  return { uri: withDatabase(server.uri, 'app'), stop: () => server.stop() };
};
