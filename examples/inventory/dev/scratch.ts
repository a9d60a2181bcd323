import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';

/** A database to use, and how to be done with it. */
export interface Database {
  uri: string;
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** A server to use: what MONGODB_URI says. */
  uri?: string | undefined;
  /** Keep the data (here, when it is our server); without it the database is empty and gone after `stop`. */
  dir?: string;
}

/** The same server and the same user, another database. */
export const withDatabase = (uri: string, name: string): string => {
  const [, server = '', database = '', query = ''] =
    /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?([^?]*)\??(.*)$/.exec(uri) ?? [];
  const parameters = new URLSearchParams(query);
  // Users are looked up in the database that the address names, unless it says otherwise.
  if (server.includes('@') && !parameters.has('authSource')) {
    parameters.set('authSource', database === '' ? 'admin' : database);
  }
  const rest = parameters.toString();
  return `${server}/${name}${rest === '' ? '' : `?${rest}`}`;
};

/** A database nobody uses on a server that is there, for one test file; `stop` drops it. */
export const scratchDatabase = (server: string): Database => {
  const uri = withDatabase(server, `test_${randomBytes(6).toString('hex')}`);
  return {
    uri,
    async stop() {
      const client = new MongoClient(uri);
      await client.db().dropDatabase();
      await client.close();
    },
  };
};
