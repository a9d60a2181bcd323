import { MongoClient } from 'mongodb';
import type { ServerFacts } from './format.ts';

export interface ServerUnderTest {
  uri: string;
  admin: MongoClient;
  facts: ServerFacts;
  stop(): Promise<void>;
}

async function startEmbedded(): Promise<{ uri: string; stop(): Promise<void> }> {
  const { start } = await import('../../src/embedded-mongo/index.ts');
  return await start({ failPoints: true });
}

/** The embedded server with fail points, or the server that MONGODB_URI names, and a client for set-up. */
export async function startServer(): Promise<ServerUnderTest> {
  const external = process.env['MONGODB_URI'];
  const server =
    external === undefined ? await startEmbedded() : { uri: external, stop: async () => undefined };
  const admin = await MongoClient.connect(server.uri, { serverSelectionTimeoutMS: 5_000 });
  const { versionArray } = await admin.db('admin').command({ buildInfo: 1 });
  const { setName, msg } = await admin.db('admin').command({ hello: 1 });
  return {
    uri: server.uri,
    admin,
    facts: {
      version: versionArray as number[],
      topology: msg === 'isdbgrid' ? 'sharded' : setName === undefined ? 'single' : 'replicaset',
    },
    async stop() {
      await admin.close(true);
      await server.stop();
    },
  };
}
