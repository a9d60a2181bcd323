import { decode, type Doc } from '../values/bson.ts';
import { compileCollation, type Collation } from '../values/collation.ts';
import { badValue, ServerError, unsupported } from '../errors.ts';
import { keyTuples } from './index-keys.ts';
import { EMPTY_ARRAY, inverted, keyString } from '../values/key-string.ts';
import { compileFilter, isOperatorDoc, type Matcher } from '../query/match.ts';
import { topLevelFields } from '../query/fields.ts';
import type { Version } from './records.ts';
import { SortedList } from './sorted-list.ts';
import type { Transaction } from './transactions.ts';
import { checkLanguage, isLanguage } from '../query/text.ts';
import { isDoc, keyOf, typeOf } from '../values/values.ts';

/** An index as `createIndexes` takes it and `listIndexes` shows it. */
export interface IndexSpec extends Doc {
  v: number;
  key: Doc;
  name: string;
  unique?: boolean;
  sparse?: boolean;
  hidden?: boolean;
  expireAfterSeconds?: number;
  partialFilterExpression?: Doc;
  collation?: Doc;
  weights?: Record<string, number>;
  default_language?: string;
  language_override?: string;
}

const OPTIONS = new Set([
  ...['v', 'key', 'name', 'ns', 'unique', 'sparse', 'hidden', 'background', 'expireAfterSeconds'],
  ...['partialFilterExpression', 'collation', 'weights', 'default_language', 'language_override'],
  ...['textIndexVersion', '2dsphereIndexVersion'],
]);

/** The longest time that MongoDB lets a document live. */
const MAX_SECONDS = 2_147_483_647;

const UNSUPPORTED_KINDS = new Set(['2d', 'hashed', 'geoHaystack', 'columnstore']);

function flag(value: unknown): boolean {
  return value === true || (value !== undefined && value !== null && Number(value) !== 0);
}

/** Checks an index as a client asks for it and fills in what MongoDB fills in. */
export function indexSpec(asked: Doc): IndexSpec {
  const key = asked['key'] as Doc | undefined;
  if (typeof key !== 'object' || key === null || Object.keys(key).length === 0) {
    throw new ServerError(67, 'Index keys cannot be empty.');
  }
  for (const option of Object.keys(asked)) {
    if (OPTIONS.has(option)) continue;
    if (['wildcardProjection', 'bits', 'min', 'max', 'clustered'].includes(option)) {
      throw unsupported(`Index option '${option}'`);
    }
    throw new ServerError(
      197,
      `The field '${option}' is not valid for an index specification. Specification: ${JSON.stringify(asked)}`,
    );
  }
  if (asked['v'] !== undefined && ![1, 2].includes(Number(asked['v']))) {
    throw new ServerError(
      67,
      `Invalid index specification: cannot create an index with v:${String(asked['v'])}`,
    );
  }
  for (const [path, kind] of Object.entries(key)) {
    if (path === '') throw new ServerError(67, 'Index keys cannot be an empty field.');
    if (path.includes('$**') && kind !== 'text') throw unsupported('A wildcard index');
    if (path.split('.').includes(''))
      throw new ServerError(67, 'Index keys cannot contain an empty field.');
    if (path !== '$**' && path.split('.').some((part) => part.startsWith('$'))) {
      throw new ServerError(
        67,
        `Index key contains an illegal field name: field name starts with '$': ${path}`,
      );
    }
    if (typeof kind === 'string' && UNSUPPORTED_KINDS.has(kind)) {
      throw unsupported(`An index of type '${kind}'`);
    }
    const direction = Number(kind);
    if (kind !== 'text' && kind !== '2dsphere' && (Number.isNaN(direction) || direction === 0)) {
      throw new ServerError(67, `Values in v:2 index key pattern must be numbers or 'text'`);
    }
  }
  if (key['_id'] !== undefined && Object.keys(key).length === 1) checkIdIndex(asked);
  if (asked['sparse'] && asked['partialFilterExpression']) {
    throw new ServerError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  }
  const expire = asked['expireAfterSeconds'];
  const seconds = Number(expire);
  if (
    expire !== undefined &&
    (Object.keys(key).length !== 1 || !(seconds >= 0 && seconds <= MAX_SECONDS))
  ) {
    throw new ServerError(
      67,
      `TTL indexes are single-field indexes with expireAfterSeconds within 0 and ${MAX_SECONDS}`,
    );
  }
  const spec: IndexSpec = { v: 2, key, name: indexName(asked, key) };
  for (const option of ['unique', 'sparse', 'hidden']) if (flag(asked[option])) spec[option] = true;
  if (expire !== undefined) spec.expireAfterSeconds = Number(expire);
  const partial = asked['partialFilterExpression'];
  if (partial !== undefined) {
    if (!isDoc(partial)) {
      throw new ServerError(14, "The field 'partialFilterExpression' must be an object");
    }
    checkPartial(partial);
    spec.partialFilterExpression = partial;
  }
  const collation = compileCollation(asked['collation'] as Doc | undefined);
  if (collation) spec.collation = collation.spec;
  return isText(key) ? textSpec(spec, asked) : spec;
}

const ID_OPTIONS = new Set(['v', 'key', 'name', 'ns', 'collation']);

/** The index on `_id` is always unique and whole. @throws ServerError 197 for an option that says so, or else */
function checkIdIndex(asked: Doc): void {
  for (const option of Object.keys(asked)) {
    if (ID_OPTIONS.has(option)) continue;
    throw new ServerError(
      197,
      `The field '${option}' is not valid for an _id index specification. Specification: ${JSON.stringify(asked)}`,
    );
  }
}

const PARTIAL_OPERATORS = new Set([
  ...['$eq', '$gt', '$gte', '$lt', '$lte', '$in', '$type', '$exists', '$geoWithin'],
  '$geoIntersects',
]);

/** @throws ServerError 67 for a condition that MongoDB does not take as the filter of a partial index */
function checkPartial(filter: Doc): void {
  const refuse = (what: string) => {
    throw new ServerError(67, `Expression not supported in partial index: ${what}`);
  };
  for (const [path, condition] of Object.entries(filter)) {
    if (path === '$and' || path === '$or') {
      for (const branch of condition as Doc[]) checkPartial(branch);
    } else if (path.startsWith('$')) {
      refuse(path);
    } else if (typeOf(condition) === 'regex') {
      refuse(`${path} $regex`);
    } else if (isOperatorDoc(condition)) {
      for (const [operator, operand] of Object.entries(condition)) {
        if (!PARTIAL_OPERATORS.has(operator)) refuse(`${path} ${operator}`);
        if (operator === '$exists' && !operand) refuse(`$not ${path} $exists`);
      }
    }
  }
}

function indexName(asked: Doc, key: Doc): string {
  if (asked['name'] === '*') throw badValue("The index name '*' is not valid.");
  if (String(asked['name']).includes('\0')) {
    throw new ServerError(67, 'index names cannot contain NUL bytes');
  }
  if (typeof asked['name'] === 'string' && asked['name'] !== '') return asked['name'];
  if ('name' in asked) throw new ServerError(67, 'index names must be non-empty strings');
  return Object.entries(key)
    .map(([path, kind]) => `${path}_${String(kind)}`)
    .join('_');
}

function isText(key: Doc): boolean {
  return Object.values(key).includes('text');
}

function textSpec(spec: IndexSpec, asked: Doc): IndexSpec {
  if (spec.unique) throw new ServerError(67, 'A text index cannot be unique');
  const weights = { ...(asked['weights'] as Record<string, number> | undefined) };
  for (const [path, kind] of Object.entries(spec.key)) if (kind === 'text') weights[path] ??= 1;
  if (weights['$**'] !== undefined && Object.keys(weights).length > 1) {
    throw unsupported('A text index on $** and on single fields');
  }
  const { default_language = 'english', language_override = 'language' } = asked;
  if (!isLanguage(default_language)) {
    throw new ServerError(67, 'default_language is not valid');
  }
  if (typeof language_override !== 'string' || !/^[^.$]+$/.test(language_override)) {
    throw new ServerError(67, 'language_override is not valid');
  }
  const language = String(default_language);
  return {
    ...spec,
    weights,
    default_language: language,
    language_override,
    textIndexVersion: 3,
  };
}

/** One index of one collection: its definition and, unless it is a text or geo index, its entries in key order. */
export class Index {
  spec: IndexSpec;
  readonly paths: string[];
  readonly descending: boolean[];
  /** Text and geo indexes have no entries: `$text` and `$geoWithin` scan. */
  readonly scanned: boolean;
  readonly entries = new SortedList<Version>((version) => version.made);
  /** For each path, whether an array was ever met on it. */
  readonly multikey: boolean[];
  /** Top-level fields to decode to find the keys; undefined: all. */
  readonly fields: ReadonlySet<string> | undefined;
  /** The open transaction that creates this index. */
  txn: Transaction | undefined;
  /** Number of the newest commit when it was made: transactions that began before cannot use it. */
  born = 0;
  /** Times it was used, for `$indexStats`. */
  uses = 0;
  readonly since = new Date();
  private readonly parts: string[][];
  private readonly partial: Matcher | undefined;
  /** The field that names the language of a document, in a text index. */
  private readonly override: string | undefined;
  readonly collation: Collation | undefined;

  constructor(spec: IndexSpec) {
    this.spec = spec;
    this.scanned = Object.values(spec.key).some((kind) => typeof kind === 'string');
    this.paths = Object.keys(spec.key);
    this.parts = this.paths.map((path) => path.split('.'));
    this.descending = Object.values(spec.key).map((kind) => Number(kind) < 0);
    this.multikey = this.paths.map(() => false);
    const filter = spec.partialFilterExpression;
    this.collation = compileCollation(spec.collation);
    this.partial = filter && compileFilter(filter, { collation: this.collation });
    const filterFields = filter ? topLevelFields(filter) : [];
    this.override = spec.language_override;
    const heads = this.parts.map(([head = '']) => head);
    const named = this.override === undefined ? [] : [this.override];
    this.fields = filterFields && new Set([...heads, ...named, ...filterFields]);
  }

  /** The key of one value on the path at this position. */
  part(value: unknown, position: number): string {
    const collated = this.collation && value !== EMPTY_ARRAY;
    const key = keyString(collated ? keyOf(value ?? null, this.collation) : value);
    return this.descending[position] ? inverted(key) : key;
  }

  /** The keys a document has in this index; none when the index is sparse or partial and leaves it out. */
  keysOf(doc: Doc): string[] {
    if (this.override !== undefined) checkLanguage(doc[this.override]);
    if (this.scanned || (this.partial && !this.partial.test(doc))) return [];
    const [path = []] = this.parts;
    if (this.parts.length === 1 && path.length === 1) {
      const value = doc[path[0] ?? ''];
      if (!Array.isArray(value)) {
        return value === undefined && this.spec.sparse ? [] : [this.part(value, 0)];
      }
    }
    const { tuples, multikey } = keyTuples(doc, this.parts);
    multikey.forEach((found, at) => {
      if (found) this.multikey[at] = true;
    });
    const kept = this.spec.sparse
      ? tuples.filter((tuple) => tuple.some((value) => value !== undefined))
      : tuples;
    const keys = kept.map((tuple) => this.join(tuple));
    return keys.length > 1 ? [...new Set(keys)] : keys;
  }

  /** The keys of a stored version. */
  keysOfBytes(bytes: Buffer): string[] {
    if (this.scanned && this.override === undefined) return [];
    return this.keysOf(decode(bytes, this.fields));
  }

  /** The values of the document that gave this key, by path: what a duplicate key error shows. */
  keyValue(doc: Doc, key: string): Doc {
    const { tuples } = keyTuples(doc, this.parts);
    const same = tuples.find((tuple) => this.join(tuple) === key) ?? [];
    return Object.fromEntries(this.paths.map((path, at) => [path, same[at] ?? null]));
  }

  private join(tuple: readonly unknown[]): string {
    return tuple.map((value, at) => this.part(value, at)).join('');
  }

  get isMultikey(): boolean {
    return this.multikey.includes(true);
  }

  /** Whether documents may be missing from it. */
  get isIncomplete(): boolean {
    return this.spec.sparse === true || this.partial !== undefined || this.scanned;
  }
}

/** The specification with this name or key pattern. */
export function namedSpec(specs: Iterable<IndexSpec>, wanted: unknown): IndexSpec | undefined {
  const text = JSON.stringify(wanted);
  return [...specs].find((spec) => spec.name === wanted || JSON.stringify(spec.key) === text);
}

/** Changes what `collMod` can change of an index. */
export function applyIndexChange(spec: IndexSpec, { hidden, expireAfterSeconds }: Doc): void {
  if (expireAfterSeconds !== undefined) spec.expireAfterSeconds = Number(expireAfterSeconds);
  if (hidden === true) spec.hidden = true;
  if (hidden === false) delete spec.hidden;
}

/** What tells indexes of a collection apart: several with the same key are allowed when one of these differs. */
function signature({ key, unique, sparse, collation, partialFilterExpression }: IndexSpec): string {
  const kinds = Object.entries(key).map(([path, kind]) => [
    path,
    typeof kind === 'string' ? kind : Number(kind),
  ]);
  return JSON.stringify([
    kinds,
    unique ?? false,
    sparse ?? false,
    collation,
    partialFilterExpression,
  ]);
}

/** Whether an index that is asked for exists already. @throws ServerError 85 or 86 when it clashes with one that does */
export function existsAlready(indexes: Iterable<Index>, spec: IndexSpec): boolean {
  if (spec.name === '_id_') throw badValue("The index name '_id_' is reserved for the _id index");
  for (const { spec: known } of indexes) {
    const same = signature(known) === signature(spec);
    const both = `Requested index: ${JSON.stringify(spec)}, existing index: ${JSON.stringify(known)}`;
    if (known.name === spec.name) {
      if (!same) {
        throw new ServerError(
          86,
          `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${both}`,
        );
      }
      const options = ({ expireAfterSeconds, weights }: IndexSpec) =>
        JSON.stringify([expireAfterSeconds, weights]);
      if (options(known) === options(spec)) return true;
      throw new ServerError(
        85,
        `An equivalent index already exists with the same name but different options. ${both}`,
      );
    }
    if (same)
      throw new ServerError(85, `Index already exists with a different name: ${known.name}`);
    if (known.weights && spec.weights) {
      throw new ServerError(67, 'only one text index per collection is allowed');
    }
  }
  return false;
}
