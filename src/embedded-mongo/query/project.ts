import type { Doc } from '../values/bson.ts';
import type { Collation } from '../values/collation.ts';
import { ServerError, badValue } from '../errors.ts';
import {
  compileExpression,
  isExpressionOperator,
  parseFieldPath,
  scopeOf,
  type Scope,
} from '../expressions/expressions.ts';
import { compileElemMatch } from './match.ts';
import { shown } from './match-operators.ts';
import {
  addLeaf,
  branch,
  computeFields,
  keepFields,
  type Branch,
  type Leaf,
} from './project-tree.ts';
import { keepTextScore } from './text.ts';
import { isDoc, isNumber } from '../values/values.ts';
import { isZero, toNumber } from '../values/arithmetic.ts';

/** Gives the projected document; never changes the one it is given. */
export type Projection = (doc: Doc, position?: number) => Doc;

/** What a projection may refer to beside the document. */
export interface ProjectionEnv {
  readonly collation?: Collation | undefined;
  readonly let?: Doc | undefined;
  readonly now?: Date | undefined;
  readonly scope?: Scope | undefined;
}

interface Parsing {
  readonly tree: Branch;
  readonly env: ProjectionEnv;
  readonly scope: Scope;
  /** `find` knows `$slice`, `$elemMatch` and the positional `$`; `$project` reads them as expressions. */
  readonly find: boolean;
  inclusion: boolean | undefined;
  /** Whether `_id` is kept, when the projection says so. */
  id: boolean | undefined;
  positional: string | undefined;
}

/**
 * Compiles the projection of `find` and `findAndModify`.
 * @param filter the query, to which a positional `$` refers
 * @throws ServerError 31253 or 31254 for a mixture of inclusion and exclusion, and the other codes of MongoDB
 */
export function compileProjection(
  projection: Doc | undefined,
  filter: Doc = {},
  env: ProjectionEnv = {},
): Projection {
  if (!projection || Object.keys(projection).length === 0) return (doc) => doc;
  return compile(projection, env, true, filter);
}

/** Compiles the `$project` stage. */
export function compileProjectStage(projection: Doc, env: ProjectionEnv): Projection {
  if (Object.keys(projection).length === 0) {
    throw new ServerError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  return compile(projection, env, false, {});
}

/** Compiles `$addFields`/`$set`. */
export function compileAddFields(fields: Doc, env: ProjectionEnv): Projection {
  const tree = branch();
  const scope = env.scope ?? scopeOf(env);
  addComputed(tree, [], fields, (expression) =>
    compileExpression(expression, scope, env.collation),
  );
  return (doc) => {
    const made = { ...doc };
    computeFields(made, tree, doc);
    keepTextScore(doc, made);
    return made;
  };
}

/** @throws ServerError 40176 when one path leads to another: `{a: 1, 'a.b': 2}` */
function refuseOverlap(path: string, paths: readonly string[]): void {
  const below = paths.find((other) => other.startsWith(`${path}.`));
  if (below === undefined) return;
  throw new ServerError(
    40176,
    `specification contains two conflicting paths. Cannot specify both '${below}' and '${path}'`,
  );
}

function addComputed(
  tree: Branch,
  above: string[],
  fields: Doc,
  compileOne: (expression: unknown) => (root: Doc) => unknown,
): void {
  for (const [key, value] of Object.entries(fields)) {
    const parts = [...above, ...parseFieldPath(key)];
    if (above.length === 0) refuseOverlap(key, Object.keys(fields));
    const first = isDoc(value) ? Object.keys(value)[0] : '$';
    if (isDoc(value) && first !== undefined && !first.startsWith('$')) {
      addComputed(tree, parts, value, compileOne);
    } else {
      addLeaf(tree, parts, { kind: 'compute', compute: compileOne(value) });
    }
  }
}

function compile(projection: Doc, env: ProjectionEnv, find: boolean, filter: Doc): Projection {
  const parsing: Parsing = {
    tree: branch(),
    env,
    scope: env.scope ?? scopeOf(env),
    find,
    inclusion: undefined,
    id: undefined,
    positional: undefined,
  };
  parseFields(projection, [], parsing);
  checkPositional(parsing, filter);
  const inclusion = parsing.inclusion ?? parsing.id === true;
  const { tree } = parsing;
  const idComputed = tree.fields.get('_id')?.kind === 'compute';
  if (!tree.fields.has('_id')) {
    if (inclusion && parsing.id !== false) tree.fields.set('_id', { kind: 'include' });
    if (!inclusion && parsing.id === false) tree.fields.set('_id', { kind: 'exclude' });
  }
  return (doc, position) => {
    const made = keepFields(doc, tree, inclusion, position);
    if (tree.computed) computeFields(made, tree, doc);
    keepTextScore(doc, made);
    return idComputed && '_id' in made ? { ...{ _id: made._id }, ...made } : made;
  };
}

/** The positional `$` needs a condition on its array in the filter. */
function checkPositional({ positional }: Parsing, filter: Doc): void {
  if (positional === undefined) return;
  const [top] = positional.split('.');
  if (!filterPaths(filter).some((path) => path.split('.')[0] === top)) throw noMember();
}

/** The filter's paths, those inside `$and`, `$or` and `$nor` too. */
function filterPaths(filter: Doc): string[] {
  return Object.entries(filter).flatMap(([key, value]) => {
    if (!key.startsWith('$')) return [key];
    return Array.isArray(value) ? value.filter(isDoc).flatMap(filterPaths) : [];
  });
}

function noMember(): ServerError {
  return new ServerError(
    51246,
    "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
  );
}

function parseFields(fields: Doc, above: string[], parsing: Parsing): void {
  for (const [key, value] of Object.entries(fields)) parseField(key, value, above, parsing);
}

function parseField(key: string, value: unknown, above: string[], parsing: Parsing): void {
  if (parsing.find && key.endsWith('.$')) {
    positional(key.slice(0, -2), value, above, parsing);
    return;
  }
  const parts = [...above, ...parseFieldPath(key)];
  if (typeof value === 'boolean' || isNumber(value)) {
    flag(parts, value === true || (value !== false && !isZero(value)), parsing);
  } else if (isDoc(value)) {
    document(parts, value, parsing);
  } else {
    compute(parts, value, parsing);
  }
}

function flag(parts: string[], included: boolean, parsing: Parsing): void {
  if (parts.length === 1 && parts[0] === '_id') parsing.id = included;
  else setMode(parts, included, parsing);
  addLeaf(parsing.tree, parts, { kind: included ? 'include' : 'exclude' });
}

function setMode(parts: string[], inclusion: boolean, parsing: Parsing): void {
  if (parsing.inclusion === undefined) parsing.inclusion = inclusion;
  else if (parsing.inclusion !== inclusion) {
    const path = parts.join('.');
    throw inclusion
      ? new ServerError(31253, `Cannot do inclusion on field ${path} in exclusion projection`)
      : new ServerError(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
  }
}

function compute(parts: string[], expression: unknown, parsing: Parsing): void {
  setMode(parts, true, parsing);
  const compiled = compileExpression(expression, parsing.scope, parsing.env.collation);
  addLeaf(parsing.tree, parts, { kind: 'compute', compute: compiled });
}

function document(parts: string[], value: Doc, parsing: Parsing): void {
  const [first] = Object.keys(value);
  if (first === undefined) {
    throw new ServerError(
      51270,
      `An empty sub-projection is not a valid value. Found empty object at path ${parts.join('.')}`,
    );
  }
  if (!first.startsWith('$')) {
    parseFields(value, parts, parsing);
    return;
  }
  const { find, tree } = parsing;
  if (find && first === '$slice') slice(parts, value.$slice, parsing);
  else if (find && first === '$elemMatch') elemMatch(parts, value.$elemMatch, parsing);
  else if (find && first === '$meta') {
    const compiled = compileExpression(value, parsing.scope);
    addLeaf(tree, parts, { kind: 'compute', compute: compiled });
  } else {
    if (!isExpressionOperator(first)) {
      throw new ServerError(31325, `Unknown expression ${first}`);
    }
    compute(parts, value, parsing);
  }
}

function slice(parts: string[], operand: unknown, parsing: Parsing): void {
  const numbers: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (!numbers.every(isNumber)) {
    if (Array.isArray(operand)) {
      compute(parts, { $slice: operand }, parsing);
      return;
    }
    throw new ServerError(
      28667,
      `Invalid $slice syntax. The given syntax ${shown({ $slice: operand })} did not match the find() syntax`,
    );
  }
  const [first = 0, count] = numbers.map((number) => Math.trunc(toNumber(number)));
  if (Array.isArray(operand) && numbers.length !== 2) {
    throw new ServerError(
      28667,
      `Invalid $slice syntax. The given syntax ${shown({ $slice: operand })} did not match the find() syntax because :: Location28667: First argument to $slice must be an array`,
    );
  }
  if (count !== undefined && count <= 0) {
    throw new ServerError(28724, '$slice limit must be positive');
  }
  const cut = (items: unknown[]) => {
    if (count === undefined) return first >= 0 ? items.slice(0, first) : items.slice(first);
    const from = first < 0 ? Math.max(0, items.length + first) : first;
    return items.slice(from, from + count);
  };
  addLeaf(parsing.tree, parts, {
    kind: 'include',
    then: (value) => (Array.isArray(value) ? cut(value) : value),
  });
}

function elemMatch(parts: string[], operand: unknown, parsing: Parsing): void {
  if (parts.length > 1) {
    throw new ServerError(31275, 'Cannot use $elemMatch projection on a nested field.');
  }
  if (!isDoc(operand)) throw new ServerError(31274, 'elemMatch: Invalid argument, object required');
  const find = compileElemMatch(operand, parsing.env);
  const [field = ''] = parts;
  parsing.inclusion ??= true;
  const compute = (root: Doc) => {
    const items = root[field];
    const at = Array.isArray(items) ? find(items) : -1;
    return Array.isArray(items) && at >= 0 ? [items[at]] : undefined;
  };
  addLeaf(parsing.tree, parts, { kind: 'compute', compute });
}

function positional(path: string, value: unknown, above: string[], parsing: Parsing): void {
  const parts = [...above, ...parseFieldPath(path)];
  if (parsing.positional !== undefined) {
    throw new ServerError(31276, 'Cannot specify more than one positional projection per query.');
  }
  if (value === false || (isNumber(value) && isZero(value))) {
    throw new ServerError(31395, 'positional projection cannot be used with exclusion');
  }
  if (value !== true && !isNumber(value))
    throw badValue('positional projection cannot be used with a literal');
  setMode(parts, true, parsing);
  parsing.positional = parts.join('.');
  const leaf: Leaf = {
    kind: 'include',
    then(items, position) {
      if (!Array.isArray(items)) return items;
      if (position === undefined || position >= items.length) {
        throw noMember();
      }
      return [items[position]];
    },
  };
  addLeaf(parsing.tree, parts, leaf);
}
