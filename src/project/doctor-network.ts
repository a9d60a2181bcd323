import { createServer } from 'node:net';
import type { Check } from './doctor-check.ts';

const patienceMs = 2000;

/**
 * Whether a server could listen there, by trying it for a moment. A taken port is no fault: `npm run dev` takes the next.
 *
 * @param port as in PORT: digits from 0 to 65535
 */
export async function portCheck(port: string, host: string): Promise<Check> {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    return {
      ok: false,
      what: `PORT is ${JSON.stringify(port)}`,
      do: 'give a number from 0 to 65535',
    };
  }
  const code = await listenError(number, host);
  if (code === undefined) return { ok: true, what: `port ${port} is free` };
  if (code === 'EADDRINUSE') {
    return {
      ok: true,
      what: `port ${port} is taken`,
      do: 'in development the next free one is used; otherwise set PORT',
    };
  }
  return {
    ok: false,
    what: `port ${port} on ${host} cannot be used (${code})`,
    do: 'set PORT and HOST',
  };
}

/**
 * Whether the database answers within two seconds.
 *
 * @param uri as in MONGODB_URI
 * @param embedded whether the project brings a database for development
 */
export async function databaseCheck(uri: string | undefined, embedded: boolean): Promise<Check> {
  if (uri === undefined || uri === '') {
    const what = 'MONGODB_URI is not set';
    return embedded
      ? { ok: true, what: `${what}: the embedded database is used in development` }
      : { ok: false, what, do: 'set it to a MongoDB replica set, for example in .env' };
  }
  const { MongoClient } = await import('mongodb');
  try {
    const client = new MongoClient(uri, {
      serverSelectionTimeoutMS: patienceMs,
      connectTimeoutMS: patienceMs,
    });
    try {
      await client.db('admin').command({ ping: 1 });
      return { ok: true, what: `the database at ${client.options.hosts.join(', ')} answers` };
    } finally {
      await client.close();
    }
  } catch (error) {
    const why = messageOf(error).split('\n')[0] ?? '';
    return {
      ok: false,
      what: `the database does not answer: ${withoutSecrets(why)}`,
      do: 'start it, or correct MONGODB_URI',
    };
  }
}

function listenError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A connection string in a message holds the password. */
function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^@/\s]*@/g, '//***@');
}
