import type { Doc } from '../values/bson.ts';
import type { Collection, CollectionOptions } from '../storage/collection.ts';
import { ServerError, typeMismatch, unsupported } from '../errors.ts';
import {
  applyIndexChange,
  existsAlready,
  indexSpec,
  namedSpec,
  type Index,
} from '../storage/indexes.ts';
import { compileFilter } from '../query/match.ts';
import { encoded } from '../values/raw.ts';
import { isDoc } from '../values/values.ts';
import {
  arrayFieldOf,
  collectionName,
  docOf,
  flagOf,
  names,
  target,
  unblocked,
  type Command,
  type Context,
} from './command.ts';
import { CREATE_OPTIONS, optionsOf } from './create-options.ts';
import { firstBatch } from './read.ts';

function missing(context: Context): ServerError {
  return new ServerError(26, `ns does not exist: ${context.db}.${collectionName(context)}`);
}

function existing(context: Context): Collection {
  const collection = target(context);
  if (!collection) throw missing(context);
  return collection;
}

const create: Command = {
  fields: [
    ...CREATE_OPTIONS,
    ...names('idIndex autoIndexId flags indexOptionDefaults storageEngine'),
  ],
  refused: names('timeseries clusteredIndex expireAfterSeconds encryptedFields'),
  inTransaction: true,
  writes: true,
  async run(context) {
    const name = collectionName(context);
    const options = optionsOf(context);
    const found = target(context);
    if (found && JSON.stringify(found.options) === JSON.stringify(options) && !context.txn)
      return {};
    await unblocked(context, () =>
      context.engine.store.create(context.db, name, options, context.txn),
    );
    return {};
  },
};

const drop: Command = {
  fields: names('collectionUUID'),
  writes: true,
  async run(context) {
    const collection = target(context);
    if (!collection) return {};
    const nIndexesWas = collection.indexes.size;
    const ns = collection.namespace;
    await unblocked(context, () => context.engine.store.drop(context.db, collection.name));
    return { nIndexesWas, ns };
  },
};

const dropDatabase: Command = {
  fields: [],
  writes: true,
  async run(context) {
    await unblocked(context, () => context.engine.store.dropDatabase(context.db));
    return { dropped: context.db };
  },
};

const collMod: Command = {
  fields: names(
    'index validator validationLevel validationAction viewOn pipeline changeStreamPreAndPostImages dryRun',
  ),
  refused: names('cappedSize cappedMax expireAfterSeconds timeseries'),
  writes: true,
  run(context) {
    const collection = existing(context);
    const { store } = context.engine;
    const changed: CollectionOptions = { ...collection.options };
    for (const name of CREATE_OPTIONS) {
      const value = context.command[name];
      if (value !== undefined) changed[name] = value;
    }
    const index = docOf(context, 'index');
    const answer = index ? modifyIndex(collection, index) : {};
    collection.configure(changed);
    const { db, name: coll } = collection;
    const detail = { options: changed, ...(index ? { index } : {}) };
    store.publish([{ kind: 'modify', db, coll, collection, detail }]);
    return answer;
  },
};

function modifyIndex(collection: Collection, change: Doc): Doc {
  const index = findIndex(collection, change['name'] ?? change['keyPattern']);
  if (!index)
    throw new ServerError(
      27,
      `cannot find index ${JSON.stringify(change)} for ns ${collection.namespace}`,
    );
  const answer: Doc = {};
  if (change['expireAfterSeconds'] !== undefined) {
    answer['expireAfterSeconds_old'] = index.spec.expireAfterSeconds;
    answer['expireAfterSeconds_new'] = change['expireAfterSeconds'];
  }
  if (change['hidden'] !== undefined) {
    answer['hidden_old'] = index.spec.hidden ?? false;
    answer['hidden_new'] = change['hidden'];
  }
  for (const field of Object.keys(change)) {
    if (!['name', 'keyPattern', 'expireAfterSeconds', 'hidden'].includes(field)) {
      throw unsupported(`Option 'index.${field}' of 'collMod'`);
    }
  }
  if (Object.keys(answer).length === 0) {
    throw new ServerError(72, 'no expireAfterSeconds, hidden, unique, or prepareUnique field');
  }
  applyIndexChange(index.spec, change);
  return answer;
}

const renameCollection: Command = {
  fields: names('to dropTarget stayTemp'),
  admin: true,
  writes: true,
  async run(context) {
    const [db = '', ...rest] = collectionName(context).split('.');
    const [toDb = '', ...toRest] = String(context.command['to']).split('.');
    await unblocked(context, () => {
      const collection = context.engine.store.find(db, rest.join('.'));
      if (!collection)
        throw new ServerError(26, `Source collection ${db}.${rest.join('.')} does not exist`);
      context.engine.store.rename(
        collection,
        toDb,
        toRest.join('.'),
        flagOf(context, 'dropTarget') ?? false,
      );
    });
    return {};
  },
};

const createIndexes: Command = {
  fields: names('indexes commitQuorum ignoreUnknownIndexOptions'),
  inTransaction: true,
  writes: true,
  async run(context) {
    const asked = (arrayFieldOf(context, 'indexes') ?? []) as Doc[];
    if (asked.length === 0) throw new ServerError(2, 'Must specify at least one index to create');
    const { store } = context.engine;
    const name = collectionName(context);
    return unblocked(context, () => {
      const created = !store.find(context.db, name, context.txn);
      const collection = store.ensure(context.db, name, context.txn);
      if (collection.options.viewOn !== undefined) {
        throw new ServerError(166, `Cannot create indexes on a view`);
      }
      const before = collection.indexes.size;
      for (const index of asked) addIndex(context, collection, index);
      const after = collection.indexes.size;
      const note = before === after ? { note: 'all indexes already exist' } : {};
      return {
        numIndexesBefore: created ? 1 : before,
        numIndexesAfter: after,
        createdCollectionAutomatically: created,
        ...note,
      };
    });
  },
};

/** MongoDB's limit of indexes of one collection. */
const MAX_INDEXES = 64;

function addIndex(context: Context, collection: Collection, asked: Doc): void {
  const inherited = collection.options.collation;
  const spec = indexSpec(
    inherited && !('collation' in asked) ? { ...asked, collation: inherited } : asked,
  );
  if (JSON.stringify(spec.key) === '{"_id":1}') return;
  if (existsAlready(collection.indexes.values(), spec)) return;
  if (context.txn && !collection.txn && collection.count > 0) {
    throw new ServerError(
      263,
      `Cannot create new indexes on existing collection ${collection.namespace} in a multi-document transaction.`,
    );
  }
  if (collection.indexes.size >= MAX_INDEXES) {
    throw new ServerError(
      67,
      `add index fails, too many indexes for ${collection.namespace} key:${JSON.stringify(spec.key)}`,
    );
  }
  collection.createIndex(spec, context.txn);
}

const dropIndexes: Command = {
  fields: names('index'),
  writes: true,
  run(context) {
    const collection = existing(context);
    const nIndexesWas = collection.indexes.size;
    const wanted = context.command['index'];
    const all = [...collection.indexes.values()].filter(({ spec }) => spec.name !== '_id_');
    const chosen = wanted === '*' ? all : [wanted].flat().map((one) => namedIndex(collection, one));
    for (const index of chosen) collection.dropIndex(index);
    return { nIndexesWas };
  },
};

/** An index by its name or key pattern. */
function findIndex(collection: Collection, wanted: unknown): Index | undefined {
  const spec = namedSpec(
    [...collection.indexes.values()].map((index) => index.spec),
    wanted,
  );
  return spec && collection.indexes.get(spec.name);
}

function namedIndex(collection: Collection, wanted: unknown): Index {
  if (typeof wanted !== 'string' && !isDoc(wanted)) {
    throw typeMismatch("BSON field 'dropIndexes.index' is the wrong type");
  }
  const index = findIndex(collection, wanted);
  if (!index) {
    const shown =
      typeof wanted === 'string' ? `name [${wanted}]` : `key: ${JSON.stringify(wanted)}`;
    throw new ServerError(27, `index not found with ${shown}`);
  }
  if (index.spec.name === '_id_') throw new ServerError(72, 'cannot drop _id index');
  return index;
}

const listIndexes: Command = {
  fields: names('cursor includeBuildUUIDs includeIndexBuildInfo'),
  run(context) {
    const collection = existing(context);
    const batchSize = docOf(context, 'cursor')?.['batchSize'];
    const rows = [...collection.indexes.values()].map((index) => encoded(index.spec));
    return firstBatch(
      context,
      collection.namespace,
      rows.values(),
      batchSize === undefined ? undefined : Number(batchSize),
    );
  },
};

/** A collection as `listCollections` shows it. */
function listed(collection: Collection, nameOnly: boolean): Doc {
  const isView = collection.options.viewOn !== undefined;
  const shown = { name: collection.name, type: isView ? 'view' : 'collection' };
  if (nameOnly) return shown;
  if (isView) return { ...shown, options: collection.options, info: { readOnly: true } };
  const idIndex = collection.indexes.get('_id_')?.spec;
  return {
    ...shown,
    options: collection.options,
    info: { readOnly: false, uuid: collection.uuid },
    idIndex,
  };
}

const listCollections: Command = {
  fields: names('filter nameOnly authorizedCollections cursor'),
  run(context) {
    const test = compileFilter(docOf(context, 'filter') ?? {});
    const all = context.engine.store.list(context.db);
    const shown = all
      .filter((collection) => test.test(listed(collection, false)))
      .map((collection) => encoded(listed(collection, flagOf(context, 'nameOnly') ?? false)));
    const batchSize = docOf(context, 'cursor')?.['batchSize'];
    const ns = `${context.db}.$cmd.listCollections`;
    return firstBatch(
      context,
      ns,
      shown.values(),
      batchSize === undefined ? undefined : Number(batchSize),
    );
  },
};

const listDatabases: Command = {
  fields: names('filter nameOnly authorizedDatabases'),
  admin: true,
  run(context) {
    const { store } = context.engine;
    const test = compileFilter(docOf(context, 'filter') ?? {});
    const all = [...store.databases.keys()].sort().map((name) => {
      const sizeOnDisk = store.list(name).reduce((sum, { bytes }) => sum + bytes, 0);
      return { name, sizeOnDisk, empty: false };
    });
    const databases = all.filter(
      (database) => store.list(database.name).length > 0 && test.test(database),
    );
    if (flagOf(context, 'nameOnly')) return { databases: databases.map(({ name }) => ({ name })) };
    const totalSize = databases.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0);
    return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 2 ** 20) };
  },
};

/** Compares each index with the keys that the documents have. */
const validate: Command = {
  fields: names('full scandata background repair checkBSONConformance metadata'),
  run(context) {
    const collection = existing(context);
    const keysPerIndex: Doc = {};
    const indexDetails: Doc = {};
    const errors: string[] = [];
    for (const index of collection.indexes.values()) {
      const { name } = index.spec;
      let missing = 0;
      let expected = 0;
      for (const record of collection.records.values()) {
        const version = record.visible(undefined);
        for (const key of version?.bytes ? index.keysOfBytes(version.bytes) : []) {
          expected++;
          if (!index.entries.slice(key, `${key}\0`).some((entry) => entry === version)) missing++;
        }
      }
      const extra =
        context.engine.store.open.size > 0 ? 0 : index.entries.size - expected + missing;
      const valid = missing === 0 && extra === 0;
      if (!valid) errors.push(`index ${name}: ${missing} entries missing, ${extra} too many`);
      keysPerIndex[name] = index.entries.size;
      indexDetails[name] = { valid };
    }
    return {
      ns: collection.namespace,
      nrecords: collection.count,
      nIndexes: collection.indexes.size,
      keysPerIndex,
      indexDetails,
      valid: errors.length === 0,
      warnings: [],
      errors,
    };
  },
};

export const catalogCommands: Record<string, Command> = {
  create,
  drop,
  dropDatabase,
  collMod,
  renameCollection,
  createIndexes,
  dropIndexes,
  listIndexes,
  listCollections,
  listDatabases,
  validate,
};
