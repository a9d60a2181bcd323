/** A project, and a database server, for the tests of one file. */
import { afterAll, beforeAll } from 'vitest';
import { startDatabase, uriOf, type Database } from './database.ts';
import { emit, type Emitted } from './project.ts';

/** Emits a project for the tests of a file; `.path` is its folder. */
export function useProject(spec?: string, ...flags: string[]): { readonly path: string } {
  let emitted: Emitted | undefined;
  beforeAll(async () => {
    emitted = await emit(spec, ...flags);
  }, 60_000);
  afterAll(() => emitted?.remove());
  return {
    get path() {
      if (emitted === undefined) throw new Error('The project exists only while tests run.');
      return emitted.path;
    },
  };
}

let counter = 0;

/** A database server for the tests of a file, and a name nobody else uses on it. */
export function useDatabase(): { readonly server: Database; readonly uri: string } {
  let server: Database | undefined;
  const name = `emitted_${String(process.pid)}_${String((counter += 1))}_${String(Date.now() % 1e7)}`;
  beforeAll(async () => {
    server = await startDatabase();
  });
  afterAll(() => server?.stop());
  return {
    get server() {
      if (server === undefined) throw new Error('The database runs only while tests do.');
      return server;
    },
    get uri() {
      return uriOf(this.server, name);
    },
  };
}
