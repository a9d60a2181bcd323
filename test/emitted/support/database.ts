/** A MongoDB for the tests: the one MONGODB_URI names, else the embedded server in this process. */
export interface Database {
  /** Connection string without a database name at its end. */
  readonly uri: string;
  readonly port: number;
  stop(): Promise<void>;
}

export async function startDatabase(): Promise<Database> {
  const given = process.env.MONGODB_URI;
  if (given !== undefined && given !== '') {
    const { port } = new URL(given);
    return { uri: given, port: Number(port), stop: () => Promise.resolve() };
  }
  const { start } = await import('../../../src/embedded-mongo/index.ts');
  return start();
}

/** The connection string of one database of a server, directly or through a proxy at `port`. */
export function uriOf(database: Database, name: string, port = database.port): string {
  const url = new URL(database.uri);
  url.port = String(port);
  url.pathname = `/${name}`;
  if (port !== database.port) url.searchParams.set('directConnection', 'true');
  return url.href;
}
