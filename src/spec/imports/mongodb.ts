import type { Collection, Db, MongoClient } from 'mongodb';
import { exit, UserError } from '../../errors.ts';
import { allows } from '../field-rules.ts';
import { projectNameFrom } from '../project-name.ts';
import { limits, type FieldSpec } from '../schema.ts';
import type { Draft, DraftResource } from './draft.ts';
import { inferFields, type Sample } from './infer.ts';

/** How many documents of a collection are looked at. */
const mostDocuments = 200;

/**
 * Resources from the collections of the database that the address names: fields from some documents, indexes
 * from the collection. Nothing is written, and no value is kept. Throws a UserError for an address without a
 * database or a server that does not answer; the address's credentials are in no message.
 */
export async function lookAtDatabase(uri: string): Promise<Draft> {
  const from = withoutCredentials(uri);
  const name = databaseOf(uri);
  if (name === undefined)
    throw new UserError(exit.usage, `${from} names no database`, 'as in mongodb://127.0.0.1/shop');
  const client = await connected(uri, from);
  try {
    const resources = await resourcesOf(client.db(name));
    const project = projectNameFrom(name);
    return { from, ...(project !== undefined && { name: project }), resources, notes: [] };
  } catch (error) {
    throw new UserError(exit.io, `${from} cannot be read (${(error as Error).name})`);
  } finally {
    await client.close();
  }
}

/** The driver is loaded here: nothing else of the tool needs it. */
async function connected(uri: string, from: string): Promise<MongoClient> {
  const { MongoClient: Client } = await import('mongodb');
  try {
    const client = new Client(uri, {
      // A person waits; the driver's own 30 s are too long. The address may say otherwise.
      ...(!/[?&]serverSelectionTimeoutMS=/i.test(uri) && { serverSelectionTimeoutMS: 3000 }),
      connectTimeoutMS: 3000,
      socketTimeoutMS: 15_000,
      maxPoolSize: 2,
      readPreference: 'secondaryPreferred',
    });
    return await client.connect();
  } catch (error) {
    // The name only: the driver's messages may quote the address.
    throw new UserError(
      exit.io,
      `${from} cannot be reached (${(error as Error).name})`,
      'check the address, and that the server runs',
    );
  }
}

async function resourcesOf(database: Db): Promise<DraftResource[]> {
  const infos = await database
    .listCollections({ type: 'collection' }, { nameOnly: true })
    .toArray();
  const names = infos
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort()
    .slice(0, limits.resources + 1);
  const resources: DraftResource[] = [];
  for (const name of names) {
    const collection = database.collection(name);
    const samples: Sample[] = await collection
      .find({}, { limit: mostDocuments, maxTimeMS: 10_000 })
      .toArray();
    const fields = inferFields(samples);
    await addIndexes(fields, collection);
    resources.push({ name, fields });
  }
  return resources;
}

/** Marks the fields that have an index of their own. */
async function addIndexes(
  fields: Record<string, FieldSpec>,
  collection: Collection,
): Promise<void> {
  for (const { key, unique } of await collection.indexes()) {
    const [path, second] = Object.keys(key);
    const field = path === undefined || second !== undefined ? undefined : fields[path];
    if (field === undefined) continue;
    if (unique && allows(field.type, 'unique')) field.unique = true;
    else if (allows(field.type, 'index')) field.index = true;
  }
}

/** The address for a message: scheme, hosts and database. */
function withoutCredentials(uri: string): string {
  return uri.replace(/^([a-z+]+:\/\/)(?:.*@)?([^?]*).*$/is, '$1$2').slice(0, 120);
}

function databaseOf(uri: string): string | undefined {
  const name = /^[^?]*\/\/(?:[^/?]*@)?[^/?]+\/([^?/]+)/.exec(uri)?.[1];
  try {
    return name === undefined ? undefined : decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
