import { hostname, release, type, totalmem, cpus } from 'node:os';
import { Double, Long } from 'mongodb';

import type { Doc } from '../values/bson.ts';
import type { Collection } from '../storage/collection.ts';
import { ServerError, unsupported } from '../errors.ts';
import { docOf, names, numberOf, target, type Command, type Context } from './command.ts';

/** The MongoDB version whose behaviour this server follows, and its wire protocol version. */
export const VERSION = '8.0.0';
const WIRE_VERSION = 25;
/** Name of the one-node replica set that this server presents itself as. */
export const SET_NAME = 'embedded';

function hello(context: Context): Doc {
  const { engine, connection, command } = context;
  if (command['client']) connection.client = command['client'] as Doc;
  const legacy = context.name !== 'hello';
  return {
    ...(legacy ? { ismaster: true, helloOk: true } : { isWritablePrimary: true }),
    hosts: [engine.address],
    setName: SET_NAME,
    setVersion: 1,
    secondary: false,
    primary: engine.address,
    me: engine.address,
    electionId: engine.processId,
    lastWrite: {
      opTime: { ts: engine.store.time, t: Long.ONE },
      lastWriteDate: new Date(),
      majorityOpTime: { ts: engine.store.time, t: Long.ONE },
      majorityWriteDate: new Date(),
    },
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection.id,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
  };
}

const HELLO: Command = {
  fields: names(
    'helloOk client compression topologyVersion maxAwaitTimeMS loadBalanced saslSupportedMechs speculativeAuthenticate hostInfo internalClient backpressure',
  ),
  run: hello,
};

function buildInfo(): Doc {
  return {
    version: VERSION,
    gitVersion: 'embedded-dev',
    modules: ['embedded-dev'],
    allocator: 'system',
    javascriptEngine: 'none',
    sysInfo: 'embedded development server, not MongoDB',
    versionArray: [8, 0, 0, 0],
    bits: 64,
    debug: false,
    maxBsonObjectSize: 16_777_216,
    storageEngines: ['embedded-dev'],
  };
}

function serverStatus({ engine }: Context): Doc {
  const uptime = (Date.now() - engine.started) / 1000;
  const { heapUsed, rss } = process.memoryUsage();
  return {
    host: hostname(),
    version: VERSION,
    process: 'embedded-dev',
    pid: Long.fromNumber(process.pid),
    uptime: new Double(uptime),
    uptimeMillis: Long.fromNumber(Math.round(uptime * 1000)),
    localTime: new Date(),
    connections: { current: engine.connections, available: 1000, active: engine.connections },
    opcounters: { ...engine.counters },
    mem: { bits: 64, resident: Math.round(rss / 2 ** 20), virtual: Math.round(heapUsed / 2 ** 20) },
    repl: { setName: SET_NAME, isWritablePrimary: true, secondary: false, me: engine.address },
    storageEngine: { name: 'embedded-dev', persistent: engine.journal !== undefined },
    transactions: { currentOpen: engine.store.open.size },
    metrics: { cursor: { open: { total: engine.cursors.all.size } } },
  };
}

/** Bytes of an entry of an index, about: its place in the list and a short key. */
const ENTRY_BYTES = 48;

function indexBytes({ indexes }: Collection): number {
  return [...indexes.values()].reduce((sum, { entries }) => sum + entries.size * ENTRY_BYTES, 0);
}

/** Sizes of one collection, as `collStats` and `$collStats` show them. */
export function collectionStats(collection: Collection, scale = 1): Doc {
  const { count, bytes, indexes, options } = collection;
  const indexSizes: Doc = {};
  for (const { spec, entries } of indexes.values()) {
    indexSizes[spec.name] = Math.round((entries.size * ENTRY_BYTES) / scale);
  }
  const totalIndexSize = Math.round(indexBytes(collection) / scale);
  return {
    size: Math.round(bytes / scale),
    count,
    ...(count > 0 ? { avgObjSize: Math.round(bytes / count) } : {}),
    storageSize: Math.round(bytes / scale),
    freeStorageSize: 0,
    capped: options.capped ?? false,
    nindexes: indexes.size,
    indexBuilds: [],
    totalIndexSize,
    totalSize: Math.round(bytes / scale) + totalIndexSize,
    indexSizes,
    scaleFactor: scale,
  };
}

function collStats(context: Context): Doc {
  const scale = numberOf(context, 'scale') ?? 1;
  const ns = `${context.db}.${String(context.command[context.name])}`;
  const collection = target(context);
  if (!collection)
    return {
      ns,
      size: 0,
      count: 0,
      storageSize: 0,
      nindexes: 0,
      totalIndexSize: 0,
      indexSizes: {},
      scaleFactor: scale,
    };
  return { ns, ...collectionStats(collection, scale) };
}

function dbStats(context: Context): Doc {
  const scale = numberOf(context, 'scale') ?? 1;
  const all = context.engine.store.list(context.db);
  const views = all.filter(({ options }) => options.viewOn !== undefined).length;
  const objects = all.reduce((sum, { count }) => sum + count, 0);
  const bytes = all.reduce((sum, collection) => sum + collection.bytes, 0);
  const indexes = all.reduce((sum, collection) => sum + collection.indexes.size, 0);
  const indexSize = all.reduce((sum, collection) => sum + indexBytes(collection), 0);
  return {
    db: context.db,
    collections: all.length - views,
    views,
    objects,
    avgObjSize: new Double(objects > 0 ? bytes / objects : 0),
    dataSize: new Double(bytes / scale),
    storageSize: new Double(bytes / scale),
    indexes,
    indexSize: new Double(indexSize / scale),
    totalSize: new Double((bytes + indexSize) / scale),
    scaleFactor: new Double(scale),
  };
}

function hostInfo(): Doc {
  return {
    system: {
      currentTime: new Date(),
      hostname: hostname(),
      cpuAddrSize: 64,
      memSizeMB: Math.round(totalmem() / 2 ** 20),
      numCores: cpus().length,
      cpuArch: process.arch,
    },
    os: { type: type(), name: process.platform, version: release() },
    extra: {},
  };
}

const PARAMETERS: Doc = {
  featureCompatibilityVersion: { version: '8.0' },
  enableTestCommands: 0,
  transactionLifetimeLimitSeconds: 60,
  cursorTimeoutMillis: Long.fromNumber(600_000),
  localLogicalSessionTimeoutMinutes: 30,
  ttlMonitorSleepSecs: 60,
  authenticationMechanisms: [],
  requireApiVersion: false,
};

function getParameter(context: Context): Doc {
  const { command } = context;
  const asked = command['getParameter'];
  const parameters = {
    ...PARAMETERS,
    enableTestCommands: context.engine.options.failPoints,
    ttlMonitorSleepSecs: context.engine.options.ttlSeconds,
  };
  if (asked === '*' || (asked as Doc | null)?.['allParameters']) return parameters;
  const found = Object.entries(parameters).filter(([name]) => name in command);
  if (found.length === 0) throw new ServerError(72, 'no option found to get');
  return Object.fromEntries(found);
}

/** Commands that are running: only the one that asks, as each runs to its end at once. */
export function currentOperations(context: Context): Doc[] {
  const { connection, db, name, command, engine } = context;
  const { [name]: first } = command;
  return [
    {
      type: 'op',
      host: engine.address,
      desc: `conn${connection.id}`,
      connectionId: connection.id,
      client: connection.peer,
      active: true,
      opid: connection.id,
      op: 'command',
      ns: `${db}.$cmd`,
      command: { [name]: first, $db: db },
    },
  ];
}

function simple(run: (context: Context) => Doc, fields = ''): Command {
  return { fields: names(fields), run };
}

function configureFailPoint(context: Context): Doc {
  if (!context.engine.options.failPoints) {
    throw new ServerError(59, "no such command: 'configureFailPoint'");
  }
  const { command } = context;
  context.engine.failPoints.configure(
    command['configureFailPoint'],
    command['mode'],
    docOf(context, 'data'),
  );
  return {};
}

/** Search indexes are a matter of Atlas: the error says so, as MongoDB's own does. */
function needsAtlas({ name }: Context): never {
  throw new ServerError(
    31082,
    `${name} needs Atlas Search, which is not supported by the embedded development server`,
  );
}

export const diagnosticCommands: Record<string, Command> = {
  hello: HELLO,
  isMaster: HELLO,
  ismaster: HELLO,
  ping: { ...simple(() => ({})), inTransaction: true },
  buildInfo: simple(buildInfo),
  buildinfo: simple(buildInfo),
  serverStatus: {
    fields: names(
      'repl metrics locks opcounters connections mem network tcmalloc sharding recordStats wiredTiger transactions asserts globalLock logicalSessionRecordCache none all',
    ),
    run: serverStatus,
  },
  collStats: simple(collStats, 'scale'),
  collstats: simple(collStats, 'scale'),
  dbStats: simple(dbStats, 'scale freeStorage'),
  dbstats: simple(dbStats, 'scale freeStorage'),
  hostInfo: simple(hostInfo),
  getParameter: simple(getParameter, `allParameters ${Object.keys(PARAMETERS).join(' ')}`),
  whatsmyuri: simple(({ connection }) => ({ you: connection.peer })),
  connectionStatus: simple(
    () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
    'showPrivileges',
  ),
  getCmdLineOpts: simple(() => ({ argv: ['embedded-dev'], parsed: {} })),
  getLog: simple(({ command }) =>
    command['getLog'] === '*'
      ? { names: ['global', 'startupWarnings'] }
      : { totalLinesWritten: 0, log: [] },
  ),
  getFreeMonitoringStatus: simple(() => ({ state: 'disabled' })),
  replSetGetStatus: simple(
    ({ engine }) => ({
      set: SET_NAME,
      date: new Date(),
      myState: 1,
      term: Long.ONE,
      members: [
        { _id: 0, name: engine.address, health: 1, state: 1, stateStr: 'PRIMARY', self: true },
      ],
    }),
    'initialSync',
  ),
  listCommands: simple(({ engine }) => ({
    commands: Object.fromEntries(engine.commandNames.map((name) => [name, { help: '' }])),
  })),
  currentOp: simple((context) => ({ inprog: currentOperations(context) }), '$ownOps $all'),
  fsync: simple(() => ({ numFiles: 1 }), 'lock async'),
  setParameter: simple(() => {
    throw unsupported("Command 'setParameter'");
  }),
  logRotate: simple(() => ({})),
  createSearchIndexes: simple(needsAtlas, 'indexes'),
  updateSearchIndex: simple(needsAtlas, 'id name definition'),
  dropSearchIndex: simple(needsAtlas, 'id name'),
  configureFailPoint: { fields: names('mode data'), admin: true, run: configureFailPoint },
};
