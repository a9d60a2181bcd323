// What a service is: the operations on one resource, without HTTP. crud() makes one; a project overrides what it wants.
import type { ObjectId } from 'mongodb';
import type { Codec, Doc } from './bson.ts';
import type { Context } from './context.ts';
import type { Model, Owned } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { ListQuery, Vocabulary } from './query.ts';

/** Rules of a project around reading and writing. They see stored documents, and may throw `problem(...)`. */
export interface Hooks<D> {
  /** Before a create, replace or patch is written; may change `next`. */
  readonly beforeWrite?: (next: D, current: D | undefined) => void | Promise<void>;
  /** After it was written. */
  readonly afterWrite?: (document: D, previous: D | undefined) => void | Promise<void>;
  /** Before a document is answered or embedded; may change it. */
  readonly beforeRead?: (document: D) => void | Promise<void>;
}

export interface ReadOptions {
  /** Stops the work when the client has gone or the time is over; a write that was sent is finished. */
  readonly signal?: AbortSignal | undefined;
  /** Goes with each command into the log and the profiler of the database: the trace of the request. */
  readonly comment?: string | undefined;
  /** What the caller's `tracestate` said; goes on with the trace. */
  readonly tracestate?: string | undefined;
}

/** One try of a request that may be sent again: the ids of what it creates are chosen before. */
export interface Attempt {
  readonly ids: readonly ObjectId[];
  /** An earlier try may have got anywhere before it died. */
  readonly again: boolean;
}

export interface CreateOptions extends ReadOptions {
  readonly attempt?: Attempt | undefined;
}

export interface ListOptions extends ReadOptions {
  /** Must hold as well, whatever the query says. */
  readonly scope?: Doc;
}

/** What the client knows of the document it changes: any of these revisions; undefined for any at all. */
export interface Guard extends ReadOptions {
  readonly revisions?: readonly number[] | undefined;
}

export interface Page<D> {
  readonly documents: readonly D[];
  readonly limit: number;
  /** Absent behind a cursor. */
  readonly page?: number;
  /** Absent when it was not asked for or took too long. */
  readonly total?: number;
  /** There are more than `total`. */
  readonly capped: boolean;
  /** The cursor behind the last document; null at the end. */
  readonly next: string | null;
}

/** Inputs are wire values, as JSON carries them; results are stored documents. All throw problems. */
export interface Service<D = Owned> {
  readonly context: Context;
  readonly model: Model;
  readonly codec: Codec;
  readonly vocabulary: Vocabulary;
  list(query: ListQuery, options?: ListOptions): Promise<Page<D>>;
  /** The same in the words of the query string: `{ 'price[gte]': '10', sort: '-price' }`. */
  find(words: Parameters, options?: ListOptions): Promise<Page<D>>;
  read(id: string, options?: ReadOptions): Promise<D>;
  /** Those that exist, in no order. */
  readMany(ids: readonly ObjectId[], options?: ReadOptions): Promise<D[]>;
  create(input: object, options?: CreateOptions): Promise<D>;
  /** All of them or none. */
  createMany(inputs: readonly unknown[], options?: CreateOptions): Promise<D[]>;
  /** A new document under an id that the client chose; already_exists when it is taken. */
  createAt(id: string, input: object, options?: ReadOptions): Promise<D>;
  replace(id: string, input: object, guard?: Guard): Promise<D>;
  /** A JSON Merge Patch (RFC 7396). */
  patch(id: string, change: object, guard?: Guard): Promise<D>;
  remove(id: string, guard?: Guard): Promise<void>;
}

const services = new WeakMap<Context, Map<string, Service>>();

/** Makes a service known, so that others embed its documents and list them below their own. */
export const register = (service: Service): void => {
  const known = services.get(service.context) ?? new Map<string, Service>();
  services.set(service.context, known.set(service.model.name, service));
};

export const registered = (context: Context, model: Model): Service | undefined =>
  services.get(context)?.get(model.name);
