import { Long } from 'mongodb';

import { put, type Doc } from '../values/bson.ts';
import { ServerError, badValue, failedToParse } from '../errors.ts';
import {
  checkDepth,
  checkOptions,
  stageDoc,
  stageText,
  type Pipeline,
  type Source,
  type Stage,
  type StageContext,
} from './aggregate.ts';
import { withPath } from './stages.ts';
import {
  checkVariableName,
  compileExpression,
  parseFieldPath,
  type Scope,
  type Variable,
} from '../expressions/expressions.ts';
import { compileFilter } from '../query/match.ts';
import { splitPath, walk } from '../values/paths.ts';
import { isDoc, isNumber, keyOf, typeOf } from '../values/values.ts';
import { toNumber } from '../values/arithmetic.ts';

/** Up to so many outer documents are joined by queries, which indexes serve; more of them by a hash of the collection. */
const fewDocuments = 16;

function sourceOf(from: unknown, name: string): Source {
  if (isDoc(from)) {
    return {
      db: stageText(from.db, `${name} 'from.db'`),
      coll: stageText(from.coll, `${name} 'from.coll'`),
    };
  }
  return stageText(from, `${name} argument 'from'`);
}

function readAll(context: StageContext, source: Source): Doc[] {
  const { collection } = context.env;
  if (!collection) throw badValue('This pipeline has no other collections to read');
  return [...collection(source, context.depth)];
}

/** The documents of a collection by the values of one field, as equality finds them; built when first asked. */
class Joined {
  private docs: Doc[] | undefined;
  private places = new Map<string, number[]>();
  private readonly context: StageContext;
  private readonly source: Source;
  private readonly field: string;

  constructor(context: StageContext, source: Source, field: string) {
    this.context = context;
    this.source = source;
    this.field = field;
  }

  /** The documents whose field equals one of the values, in the collection's order. */
  matching(values: unknown[], few: boolean): Doc[] {
    const { find } = this.context.env;
    if (find && few && !this.docs && !this.context.collation && values.every(isPlainOperand)) {
      return [
        ...find(
          this.source,
          { [this.field]: { $in: values.map((value) => value ?? null) } },
          this.context.depth,
        ),
      ];
    }
    const docs = this.hashed();
    const found = new Set<number>();
    for (const value of values) {
      for (const at of this.places.get(keyOf(value ?? null, this.context.collation)) ?? [])
        found.add(at);
    }
    return [...found].sort((a, b) => a - b).map((at) => docs[at] as Doc);
  }

  private hashed(): Doc[] {
    if (this.docs) return this.docs;
    const parts = splitPath(this.field);
    this.docs = readAll(this.context, this.source);
    for (const [at, doc] of this.docs.entries()) {
      walk(doc, parts, true, (value) => {
        const key = keyOf(value ?? null, this.context.collation);
        const places = this.places.get(key);
        if (!places) this.places.set(key, [at]);
        else if (places.at(-1) !== at) places.push(at);
        return false;
      });
    }
    return this.docs;
  }
}

/** Whether `$in` takes a value as itself: a regular expression would match, a document might hold operators. */
function isPlainOperand(value: unknown): boolean {
  return !isDoc(value) && typeOf(value) !== 'regex';
}

/** What a local field is equal to: the members of an array, null when it is missing. */
function localValues(doc: Doc, parts: string[]): unknown[] {
  const values: unknown[] = [];
  walk(doc, parts, false, (value) => {
    if (Array.isArray(value)) values.push(...(value as unknown[]));
    else values.push(value ?? null);
    return false;
  });
  return values;
}

const lookup: Stage = (operand, context, name) => {
  checkDepth(context, name);
  const options = stageDoc(operand, name, 9);
  for (const key of Object.keys(options)) {
    if (!['from', 'as', 'localField', 'foreignField', 'let', 'pipeline'].includes(key)) {
      throw failedToParse(`unknown argument to $lookup: ${key}`);
    }
  }
  const { as, localField, foreignField, pipeline } = options;
  const target = parseFieldPath(stageText(as, "$lookup argument 'as'"));
  if ((localField === undefined) !== (foreignField === undefined)) {
    throw failedToParse(
      "$lookup requires both or neither of 'localField' and 'foreignField' to be specified",
    );
  }
  if (localField === undefined && pipeline === undefined) {
    throw failedToParse(
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  }
  if (options.let !== undefined && pipeline === undefined) {
    throw failedToParse("$lookup with a 'let' argument must also specify 'pipeline'");
  }
  const foreign = foreignDocs(options, context);
  const inner = pipeline === undefined ? undefined : innerPipeline(options, context);
  return function* (docs) {
    const outer = [...docs];
    for (const doc of outer) {
      const matched = foreign(doc, outer.length <= fewDocuments);
      yield withPath(doc, target, inner ? inner(doc, matched) : matched);
    }
  };
};

function foreignDocs(options: Doc, context: StageContext): (doc: Doc, few: boolean) => Doc[] {
  if (options.from === undefined) {
    const [first] = Array.isArray(options.pipeline) ? (options.pipeline as unknown[]) : [];
    if (!isDoc(first) || !('$documents' in first)) {
      throw failedToParse("must specify 'pipeline' when 'from' is empty");
    }
    return () => [];
  }
  const source = sourceOf(options.from, '$lookup');
  if (options.localField === undefined) {
    let all: Doc[] | undefined;
    return () => (all ??= readAll(context, source));
  }
  const parts = splitPath(stageText(options.localField, "$lookup argument 'localField'"));
  const joined = new Joined(
    context,
    source,
    stageText(options.foreignField, "$lookup argument 'foreignField'"),
  );
  return (doc, few) => joined.matching(localValues(doc, parts), few);
}

/** The joined pipeline, run for each outer document with the stage's `let` bound to it. */
function innerPipeline(options: Doc, context: StageContext): (doc: Doc, matched: Doc[]) => Doc[] {
  const bindings = Object.entries(
    options.let === undefined ? {} : stageDoc(options.let, '$lookup let', 9),
  ).map(([name, expression]) => {
    checkVariableName(name);
    const variable: Variable = { value: undefined };
    return { name, variable, expression: compileExpression(expression, context.scope) };
  });
  const scope: Scope = new Map([
    ...context.scope,
    ...bindings.map(({ name, variable }): [string, Variable] => [name, variable]),
  ]);
  const run = context.compile(options.pipeline, scope);
  return (doc, matched) => {
    for (const { variable, expression } of bindings) variable.value = expression(doc);
    return [...run(matched)];
  };
}

const unionWith: Stage = (operand, context, name) => {
  checkDepth(context, name);
  const options: Doc = typeof operand === 'string' ? { coll: operand } : stageDoc(operand, name, 9);
  checkOptions(options, name, ['coll', 'pipeline', 'db']);
  const run: Pipeline =
    options.pipeline === undefined ? (docs) => docs : context.compile(options.pipeline);
  const { coll } = options;
  if (coll === undefined && options.pipeline === undefined) {
    throw failedToParse(
      '$unionWith stage without explicit collection must have a pipeline with $documents as first stage',
    );
  }
  return function* (docs) {
    yield* docs;
    yield* run(coll === undefined ? [] : readAll(context, sourceOf(coll, name)));
  };
};

const notInFacet = [
  '$facet',
  '$out',
  '$merge',
  '$collStats',
  '$indexStats',
  '$geoNear',
  '$planCacheStats',
  '$documents',
  '$search',
];

const facet: Stage = (operand, context) => {
  if (!isDoc(operand) || Object.keys(operand).length === 0) {
    throw new ServerError(40169, 'the $facet specification must be a non-empty object');
  }
  const facets = Object.entries(operand).map(([field, pipeline]): [string, Pipeline] => {
    if (!Array.isArray(pipeline)) {
      throw new ServerError(40170, `arguments to $facet must be arrays, ${field} is not`);
    }
    if (field.startsWith('$') || field.includes('.')) {
      throw new ServerError(40169, `$facet field name '${field}' is not valid`);
    }
    for (const stage of pipeline as unknown[]) {
      const [name = ''] = isDoc(stage) ? Object.keys(stage) : [];
      if (notInFacet.includes(name)) {
        throw new ServerError(40600, `${name} is not allowed to be used within a $facet stage`);
      }
    }
    return [field, context.compile(pipeline, context.scope, context.env.depth)];
  });
  return function* (docs) {
    const all = [...docs];
    const made: Doc = {};
    for (const [field, run] of facets) put(made, field, [...run(all)]);
    yield made;
  };
};

const graphOptions = [
  'from',
  'startWith',
  'connectFromField',
  'connectToField',
  'as',
  'maxDepth',
  'depthField',
  'restrictSearchWithMatch',
];

const graphLookup: Stage = (operand, context, name) => {
  const options = stageDoc(operand, name, 40327);
  for (const key of Object.keys(options)) {
    if (!graphOptions.includes(key))
      throw new ServerError(40104, `Unknown argument to $graphLookup: ${key}`);
  }
  for (const key of ['from', 'startWith', 'connectFromField', 'connectToField', 'as']) {
    if (options[key] === undefined) {
      throw new ServerError(
        40105,
        "$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and 'connectToField' to be specified.",
      );
    }
  }
  const target = parseFieldPath(stageText(options.as, "$graphLookup argument 'as'", 40103));
  const start = compileExpression(options.startWith, context.scope, context.collation);
  const from = splitPath(
    stageText(options.connectFromField, "$graphLookup argument 'connectFromField'", 40103),
  );
  const to = stageText(options.connectToField, "$graphLookup argument 'connectToField'", 40103);
  const joined = new Joined(context, sourceOf(options.from, name), to);
  const deepest = options.maxDepth === undefined ? Infinity : depthOf(options.maxDepth);
  const depthField =
    options.depthField === undefined
      ? undefined
      : parseFieldPath(stageText(options.depthField, "$graphLookup argument 'depthField'", 40103));
  const { scope, collation } = context;
  const restriction = options.restrictSearchWithMatch;
  const matcher =
    restriction === undefined
      ? undefined
      : compileFilter(stageDoc(restriction, name, 40185), { scope, collation });
  return function* (docs) {
    for (const doc of docs) {
      const seeds = start(doc);
      const found = new Map<string, Doc>();
      let frontier: unknown[] = Array.isArray(seeds)
        ? seeds
        : seeds === undefined
          ? [null]
          : [seeds];
      for (let depth = 0; depth <= deepest && frontier.length > 0; depth++) {
        const next: unknown[] = [];
        for (const hit of joined.matching(frontier, false)) {
          const key = keyOf(hit._id);
          if (found.has(key) || matcher?.test(hit) === false) continue;
          found.set(key, depthField ? withPath(hit, depthField, Long.fromNumber(depth)) : hit);
          next.push(...localValues(hit, from).filter((value) => value !== null));
        }
        frontier = next;
      }
      yield withPath(doc, target, [...found.values()]);
    }
  };
};

function depthOf(value: unknown): number {
  if (!isNumber(value)) throw new ServerError(40100, 'maxDepth must be numeric');
  const depth = toNumber(value);
  if (depth < 0) throw new ServerError(40101, 'maxDepth requires a nonnegative argument');
  if (!Number.isInteger(depth))
    throw new ServerError(40102, 'maxDepth could not be represented as a long long');
  return depth;
}

/** Stages that read other collections, or run pipelines of their own. */
export const joinStages: Readonly<Record<string, Stage>> = {
  $lookup: lookup,
  $graphLookup: graphLookup,
  $unionWith: unionWith,
  $facet: facet,
};
