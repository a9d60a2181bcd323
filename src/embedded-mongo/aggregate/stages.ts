import { Long } from 'mongodb';

import { drop, get, put, type Doc } from '../values/bson.ts';
import { ServerError } from '../errors.ts';
import { checkOptions, limitOf, stageDoc, type Stage } from './aggregate.ts';
import {
  compileExpression,
  parseFieldPath,
  redactMarks,
  type Scope,
  type Variable,
} from '../expressions/expressions.ts';
import { compileFilter } from '../query/match.ts';
import { shown } from '../query/match-operators.ts';
import { compileAddFields, compileProjectStage } from '../query/project.ts';
import { compileSort, sortDocs } from '../query/sort.ts';
import { keepTextScore } from '../query/text.ts';
import { isDoc, isNumber, typeOf } from '../values/values.ts';
import { toNumber } from '../values/arithmetic.ts';

const match: Stage = (operand, { scope, collation }) => {
  if (!isDoc(operand))
    throw new ServerError(15959, 'the match filter must be an expression in an object');
  const matcher = compileFilter(operand, { scope, collation });
  return function* (docs) {
    for (const doc of docs) if (matcher.test(doc)) yield doc;
  };
};

const project: Stage = (operand, { scope, collation }) => {
  if (!isDoc(operand)) throw new ServerError(15969, '$project specification must be an object');
  const apply = compileProjectStage(operand, { scope, collation });
  return function* (docs) {
    for (const doc of docs) yield apply(doc);
  };
};

const addFields: Stage = (operand, { scope, collation }, name) => {
  if (!isDoc(operand))
    throw new ServerError(
      40272,
      `${name} specification stage must be an object, got ${typeOf(operand)}`,
    );
  if (Object.keys(operand).length === 0) {
    throw new ServerError(
      40177,
      `Invalid ${name} :: caused by :: specification must have at least one field`,
    );
  }
  const apply = compileAddFields(operand, { scope, collation });
  return function* (docs) {
    for (const doc of docs) yield apply(doc);
  };
};

const unset: Stage = (operand, { scope }) => {
  const paths: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (paths.length === 0)
    throw new ServerError(
      31119,
      '$unset specification must be a string or an array with at least one field',
    );
  if (!paths.every((path) => typeof path === 'string')) {
    throw new ServerError(31002, '$unset specification must be a string or an array');
  }
  const apply = compileProjectStage(Object.fromEntries(paths.map((path) => [path, 0])), { scope });
  return function* (docs) {
    for (const doc of docs) yield apply(doc);
  };
};

const sort: Stage = (operand, { collation }) => {
  if (!isDoc(operand))
    throw new ServerError(15973, 'the $sort key specification must be an object');
  if (Object.keys(operand).length === 0) {
    throw new ServerError(15976, '$sort stage must have at least one sort key');
  }
  compileSort(operand, collation);
  return (docs) => sortDocs(docs, operand, collation);
};

const limit: Stage = (operand) => {
  const most = limitOf(operand);
  return function* (docs) {
    let count = 0;
    for (const doc of docs) {
      yield doc;
      if (++count >= most) return;
    }
  };
};

const skip: Stage = (operand) => {
  const number = isNumber(operand) ? toNumber(operand) : Number.NaN;
  if (!Number.isInteger(number) || number < 0) {
    throw new ServerError(
      5107200,
      `invalid argument to $skip stage: Expected a non-negative number in: $skip: ${shown(operand)}`,
    );
  }
  return function* (docs) {
    let count = 0;
    for (const doc of docs) if (++count > number) yield doc;
  };
};

const count: Stage = (operand) => {
  if (typeof operand !== 'string' || operand === '') {
    throw new ServerError(40156, 'the count field must be a non-empty string');
  }
  if (operand.startsWith('$'))
    throw new ServerError(40158, 'the count field cannot be a $-prefixed path');
  if (operand.includes('.')) throw new ServerError(40160, "the count field cannot contain '.'");
  return function* (docs) {
    let number = 0;
    for (const _ of docs) number++;
    if (number > 0) yield { [operand]: number };
  };
};

const unwind: Stage = (operand) => {
  const options =
    typeof operand === 'string' ? { path: operand } : stageDoc(operand, '$unwind', 15981);
  for (const key of Object.keys(options)) {
    if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(key)) {
      throw new ServerError(28811, `unrecognized option to $unwind stage: ${key}`);
    }
  }
  const { path, includeArrayIndex: index, preserveNullAndEmptyArrays: preserve } = options;
  if (typeof path !== 'string') {
    throw path === undefined
      ? new ServerError(28812, 'no path specified to $unwind stage')
      : new ServerError(
          28808,
          `expected a string as the path for $unwind stage, got ${typeOf(path)}`,
        );
  }
  if (!path.startsWith('$')) {
    throw new ServerError(
      28818,
      `path option to $unwind stage should be prefixed with a '$': ${path}`,
    );
  }
  if (preserve !== undefined && typeof preserve !== 'boolean') {
    throw new ServerError(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeOf(preserve)}`,
    );
  }
  if (index !== undefined && (typeof index !== 'string' || index === '')) {
    throw new ServerError(
      28810,
      `expected a non-empty string for the includeArrayIndex  option to $unwind stage`,
    );
  }
  if (index?.startsWith('$')) {
    throw new ServerError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index}`,
    );
  }
  const parts = parseFieldPath(path.slice(1));
  const place = typeof index === 'string' ? parseFieldPath(index) : undefined;
  const numbered = (doc: Doc, at: number | null) =>
    place ? withPath(doc, place, at === null ? null : Long.fromNumber(at)) : doc;
  return function* (docs) {
    for (const doc of docs) {
      const value = strictPath(doc, parts);
      if (Array.isArray(value) && value.length > 0) {
        for (let at = 0; at < value.length; at++)
          yield numbered(withPath(doc, parts, value[at]), at);
      } else if (value !== undefined && value !== null && !Array.isArray(value)) {
        yield numbered(doc, null);
      } else if (preserve === true) {
        yield numbered(Array.isArray(value) ? withPath(doc, parts, undefined) : doc, null);
      }
    }
  };
};

/** The value at a path through documents only. */
export function strictPath(doc: Doc, parts: readonly string[]): unknown {
  let value: unknown = doc;
  for (const part of parts) value = isDoc(value) ? get(value, part) : undefined;
  return value;
}

/** A copy of the document with a value at a path; undefined takes the field away. */
export function withPath(doc: Doc, parts: readonly string[], value: unknown): Doc {
  const [first = '', ...rest] = parts;
  const made = { ...doc };
  if (rest.length > 0) {
    const inner = get(doc, first);
    put(made, first, withPath(isDoc(inner) ? inner : {}, rest, value));
  } else if (value === undefined) drop(made, first);
  else put(made, first, value);
  keepTextScore(doc, made);
  return made;
}

function newRoot(operand: unknown, scope: Scope, name: string): (doc: Doc) => Doc {
  const expression = compileExpression(operand, scope);
  return (doc) => {
    const root = expression(doc);
    if (!isDoc(root)) {
      throw new ServerError(
        40228,
        `'newRoot' expression must evaluate to an object, but resulting value was: ${shown(root)}. Type of resulting value: '${typeOf(root)}'. (${name})`,
      );
    }
    return root;
  };
}

const replaceWith: Stage = (operand, { scope }, name) => {
  const apply = newRoot(operand, scope, name);
  return function* (docs) {
    for (const doc of docs) yield apply(doc);
  };
};

const replaceRoot: Stage = (operand, context, name) => {
  const options = stageDoc(operand, name, 40229);
  checkOptions(options, name, ['newRoot']);
  if (!('newRoot' in options))
    throw new ServerError(40231, 'no newRoot specified for the $replaceRoot stage');
  return replaceWith(options.newRoot, context, name);
};

const redact: Stage = (operand, { scope, collation }) => {
  const current: Variable = { value: undefined };
  const decide = compileExpression(operand, new Map([...scope, ['CURRENT', current]]), collation);
  const reduceDoc = (doc: Doc, root: Doc): Doc | undefined => {
    current.value = doc;
    const decision = decide(root);
    if (decision === redactMarks.KEEP) return doc;
    if (decision === redactMarks.PRUNE) return undefined;
    if (decision !== redactMarks.DESCEND) {
      throw new ServerError(
        17053,
        `$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE, but returned ${shown(decision)}`,
      );
    }
    const made: Doc = {};
    for (const key of Object.keys(doc)) {
      const value = reduceValue(doc[key], root);
      if (value !== undefined) put(made, key, value);
    }
    return made;
  };
  const reduceValue = (value: unknown, root: Doc): unknown => {
    if (isDoc(value)) return reduceDoc(value, root);
    if (!Array.isArray(value)) return value;
    return value.map((item) => reduceValue(item, root)).filter((item) => item !== undefined);
  };
  return function* (docs) {
    for (const doc of docs) {
      const kept = reduceDoc(doc, doc);
      if (kept) yield kept;
    }
  };
};

const sample: Stage = (operand) => {
  const { size } = stageDoc(operand, '$sample', 28745);
  const number = isNumber(size) ? toNumber(size) : Number.NaN;
  if (Number.isNaN(number))
    throw new ServerError(28746, 'size argument to $sample must be a number');
  if (number <= 0)
    throw new ServerError(28747, 'size argument to $sample must be a positive integer');
  return (docs) => {
    const drawn = [...docs];
    for (let at = 0; at < Math.min(number, drawn.length); at++) {
      const other = at + Math.floor(Math.random() * (drawn.length - at));
      [drawn[at], drawn[other]] = [drawn[other] as Doc, drawn[at] as Doc];
    }
    return drawn.slice(0, number);
  };
};

const documents: Stage = (operand, { scope }) => {
  const expression = compileExpression(operand, scope);
  return () => {
    const list = expression({});
    if (!Array.isArray(list) || !list.every(isDoc)) {
      throw new ServerError(5858203, 'an array of documents is expected in $documents');
    }
    return list;
  };
};

/** Stages that look at one document at a time, or only at order and number. */
export const simpleStages: Readonly<Record<string, Stage>> = {
  $match: match,
  $project: project,
  $addFields: addFields,
  $set: addFields,
  $unset: unset,
  $sort: sort,
  $limit: limit,
  $skip: skip,
  $count: count,
  $unwind: unwind,
  $replaceRoot: replaceRoot,
  $replaceWith: replaceWith,
  $redact: redact,
  $sample: sample,
  $documents: documents,
};
