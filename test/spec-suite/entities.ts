import {
  GridFSBucket,
  MongoClient,
  ReadPreference,
  type ClientSession,
  type Collection,
  type Db,
  type MongoClientOptions,
  type ReadPreferenceMode,
  type ServerApi,
} from 'mongodb';
import { EventLog } from './events.ts';
import { onlyEntry, type Json } from './format.ts';
import type { MatchContext } from './match.ts';

interface ReadPreferenceFields {
  mode: ReadPreferenceMode;
  maxStalenessSeconds?: number;
}

/** Options of the format as the driver takes them: the same, but for the read preference's class. */
export function driverOptions(options: Json | undefined): Json {
  if (options?.['readPreference'] === undefined) return { ...options };
  const { mode, ...rest } = options['readPreference'] as ReadPreferenceFields;
  return { ...options, readPreference: new ReadPreference(mode, undefined, rest) };
}

/** The named objects of one test: made from `createEntities`, closed when the test ends. */
export class Entities implements MatchContext {
  readonly #objects = new Map<string, unknown>();
  readonly #lsids = new Map<string, unknown>();
  readonly #logs = new Map<string, EventLog>();
  readonly #uri: string;

  constructor(uri: string) {
    this.#uri = uri;
  }

  entity(id: string): unknown {
    if (!this.#objects.has(id)) throw new Error(`entity ${id} is not defined`);
    return this.#objects.get(id);
  }

  set(id: string, value: unknown): void {
    this.#objects.set(id, value);
  }

  get<T>(id: string): T {
    return this.entity(id) as T;
  }

  lsid(sessionId: string): unknown {
    return this.#lsids.get(sessionId);
  }

  log(clientId: string): EventLog {
    const log = this.#logs.get(clientId);
    if (!log) throw new Error(`client ${clientId} is not defined`);
    return log;
  }

  async create(definitions: Record<string, Json>[]): Promise<void> {
    for (const definition of definitions) {
      const [kind, fields] = onlyEntry(definition);
      const id = fields['id'] as string;
      this.set(id, await this.#make(kind, id, fields));
    }
  }

  async #make(kind: string, id: string, fields: Json): Promise<unknown> {
    switch (kind) {
      case 'client':
        return await this.#connect(id, fields);
      case 'database':
        return this.get<MongoClient>(fields['client'] as string).db(
          fields['databaseName'] as string,
          driverOptions(fields['databaseOptions'] as Json),
        );
      case 'collection':
        return this.get<Db>(fields['database'] as string).collection(
          fields['collectionName'] as string,
          driverOptions(fields['collectionOptions'] as Json),
        );
      case 'bucket':
        return new GridFSBucket(
          this.get<Db>(fields['database'] as string),
          driverOptions(fields['bucketOptions'] as Json),
        );
      case 'session': {
        const { defaultTransactionOptions, ...rest } = (fields['sessionOptions'] ?? {}) as Json;
        const session = this.get<MongoClient>(fields['client'] as string).startSession({
          ...rest,
          ...(defaultTransactionOptions !== undefined && {
            defaultTransactionOptions: driverOptions(defaultTransactionOptions as Json),
          }),
        });
        this.#lsids.set(id, session.id);
        return session;
      }
      default:
        throw new Error(`entity kind ${kind} is not known`);
    }
  }

  async #connect(id: string, fields: Json): Promise<MongoClient> {
    const url = new URL(this.#uri);
    for (const [key, value] of Object.entries((fields['uriOptions'] ?? {}) as Json))
      url.searchParams.set(key, String(value));
    const options: MongoClientOptions & { minHeartbeatFrequencyMS: number } = {
      monitorCommands: true,
      serverSelectionTimeoutMS: 5_000,
      // The driver waits this long after a lost connection; its default of 500 ms only makes the suite slow.
      minHeartbeatFrequencyMS: 20,
      ...(fields['serverApi'] !== undefined && { serverApi: fields['serverApi'] as ServerApi }),
    };
    const client = new MongoClient(url.href, options);
    this.#logs.set(
      id,
      new EventLog(
        client,
        (fields['observeEvents'] ?? []) as string[],
        (fields['ignoreCommandMonitoringEvents'] ?? []) as string[],
      ),
    );
    await client.connect();
    return client;
  }

  /** Ends sessions, cursors and clients. */
  async close(): Promise<void> {
    const objects = [...this.#objects.values()];
    for (const one of objects) if (isClosable(one)) await one.close().catch(() => undefined);
    for (const one of objects) if (isSession(one)) await one.endSession().catch(() => undefined);
    for (const one of objects) if (one instanceof MongoClient) await one.close(true);
  }
}

const isSession = (value: unknown): value is ClientSession =>
  typeof (value as ClientSession | null)?.endSession === 'function';

const isClosable = (value: unknown): value is { close(): Promise<void> } =>
  !(value instanceof MongoClient) &&
  typeof (value as { close?: unknown } | null)?.close === 'function';

export type { ClientSession, Collection, Db };
