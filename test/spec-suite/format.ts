/** Shapes of the unified test format (schema versions up to 1.23), as far as the data files use them. */
export type Json = Record<string, unknown>;

export interface Requirement {
  minServerVersion?: string;
  maxServerVersion?: string;
  topologies?: string[];
  auth?: boolean;
  serverless?: 'require' | 'forbid' | 'allow';
}

export interface Operation {
  name: string;
  object: string;
  arguments?: Json;
  expectResult?: unknown;
  expectError?: ExpectedError;
  saveResultAsEntity?: string;
  ignoreResultAndError?: boolean;
}

export interface ExpectedError {
  isError?: boolean;
  isClientError?: boolean;
  errorContains?: string;
  errorCode?: number;
  errorCodeName?: string;
  errorLabelsContain?: string[];
  errorLabelsOmit?: string[];
  errorResponse?: Json;
  expectResult?: unknown;
  writeErrors?: Json;
  writeConcernErrors?: unknown[];
}

export interface ExpectedEvents {
  client: string;
  eventType?: 'command' | 'cmap';
  events: Record<string, Json>[];
  ignoreExtraEvents?: boolean;
}

export interface CollectionData {
  databaseName: string;
  collectionName: string;
  documents: Json[];
  createOptions?: Json;
}

export interface SpecTest {
  description: string;
  skipReason?: string;
  runOnRequirements?: Requirement[];
  operations: Operation[];
  expectEvents?: ExpectedEvents[];
  outcome?: CollectionData[];
}

export interface SpecFile {
  description: string;
  schemaVersion: string;
  runOnRequirements?: Requirement[];
  createEntities?: Record<string, Json>[];
  initialData?: CollectionData[];
  tests: SpecTest[];
}

/** What the server under test says of itself; decides which tests apply. */
export interface ServerFacts {
  version: number[];
  topology: 'single' | 'replicaset' | 'sharded';
}

/** The one entry of an object that names a kind by its key, as the format often does. */
export function onlyEntry<T>(object: Record<string, T>): [key: string, value: T] {
  const [entry] = Object.entries(object);
  if (entry === undefined) throw new Error('an object with one key was expected');
  return entry;
}
