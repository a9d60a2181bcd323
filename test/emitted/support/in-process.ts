/** An emitted project inside the test process: its HTTP server on a free port, its database driver within reach. */
import { join } from 'node:path';
import { MongoClient, type CommandStartedEvent, type Db } from 'mongodb';
import { afterAll, beforeAll } from 'vitest';
import type { Client } from '../../../templates/project/tests/support/client.ts';
import { useDatabase, useProject } from './hooks.ts';

export interface Running {
  readonly api: Client;
  readonly context: {
    readonly client: MongoClient;
    readonly config: { readonly mongodbUri: string };
  };
  /** JSON log lines. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

interface Support {
  serveApp(env: Record<string, string>): Promise<Running>;
}

/** What an emitted project's own tests use to start it. */
export async function serveApp(project: string, env: Record<string, string>): Promise<Running> {
  const support = (await import(join(project, 'tests/support/app.ts'))) as Support;
  return support.serveApp(env);
}

export interface KitchenApp {
  readonly api: Client;
  /** The same database by a connection of the test's own. */
  readonly db: Db;
  readonly project: string;
  readonly uri: string;
  readonly log: readonly string[];
  /** Every command the driver sent since the start of the file. */
  readonly commands: readonly CommandStartedEvent[];
}

/** The kitchen-sink project, emitted and started for the tests of a file. */
export function useKitchen(env: Record<string, string> = {}): KitchenApp {
  const project = useProject();
  const database = useDatabase();
  const commands: CommandStartedEvent[] = [];
  let running: Running | undefined;
  let own: MongoClient | undefined;
  beforeAll(async () => {
    own = new MongoClient(database.uri);
    running = await serveApp(project.path, {
      MONGODB_URI: database.uri,
      LOG_LEVEL: 'info',
      ...env,
    });
    running.context.client.on('commandStarted', (event) => commands.push(event));
  }, 60_000);
  afterAll(async () => {
    await own?.close();
    await running?.stop();
  });
  const ready = (): Running => {
    if (running === undefined) throw new Error('The application runs only while tests do.');
    return running;
  };
  return {
    get api() {
      return ready().api;
    },
    get db() {
      if (own === undefined) throw new Error('The database runs only while tests do.');
      return own.db();
    },
    get project() {
      return project.path;
    },
    get uri() {
      return database.uri;
    },
    get log() {
      return ready().log;
    },
    commands,
  };
}
