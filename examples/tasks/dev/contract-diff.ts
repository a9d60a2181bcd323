import { type Json, type JsonObject, list, object, resolve, text } from './contract-json.ts';
import { type Comparison, type Direction, compareSchemas } from './contract-schema.ts';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'query'];

/**
 * What in the step from one OpenAPI document to the next can break a client that was written for the first: a path,
 * method, parameter, response, field or enum member that is gone, input newly required, a type or limit narrowed.
 *
 * @returns a sentence each, none twice
 */
export const breaking = (before: Json, after: Json): string[] => {
  const found = new Set<string>();
  const report = (where: string, what: string) => {
    found.add(`${where}: ${what}`);
  };
  const comparison: Comparison = { before, after, report, seen: new Set() };

  const paths = object(object(after).paths);
  for (const [path, value] of Object.entries(object(object(before).paths))) {
    if (paths[path] === undefined) report(path, 'path was removed');
    else comparePath(comparison, path, resolve(before, value), resolve(after, paths[path]));
  }
  return [...found];
};

const comparePath = (
  comparison: Comparison,
  path: string,
  before: JsonObject,
  after: JsonObject,
) => {
  for (const method of methods.filter((name) => before[name] !== undefined)) {
    const where = `${method.toUpperCase()} ${path}`;
    if (after[method] === undefined) {
      comparison.report(where, 'method was removed');
      continue;
    }
    const [old, now] = [object(before[method]), object(after[method])];
    compareParameters(comparison, where, [before, old], [after, now]);
    compareBodies(comparison, where, old, now);
    compareResponses(comparison, where, object(old.responses), object(now.responses));
  }
};

/** Parameters of the path and of the operation; the operation's win. */
const parametersOf = (document: Json, levels: readonly JsonObject[]) =>
  new Map(
    levels
      .flatMap((level) => list(level.parameters))
      .map((value) => resolve(document, value))
      .map((parameter) => [`${text(parameter.in)} parameter ${text(parameter.name)}`, parameter]),
  );

const compareParameters = (
  comparison: Comparison,
  where: string,
  beforeLevels: readonly JsonObject[],
  afterLevels: readonly JsonObject[],
) => {
  const old = parametersOf(comparison.before, beforeLevels);
  const now = parametersOf(comparison.after, afterLevels);
  for (const [name, parameter] of old) {
    const current = now.get(name);
    if (current === undefined) comparison.report(where, `${name} was removed`);
    else
      compareSchemas(comparison, parameter.schema, current.schema, 'request', `${where} ${name}`);
  }
  for (const [name, parameter] of now) {
    if (parameter.required === true && old.get(name)?.required !== true) {
      comparison.report(where, `${name} is newly required`);
    }
  }
};

const compareBodies = (
  comparison: Comparison,
  where: string,
  before: JsonObject,
  after: JsonObject,
) => {
  const old = resolve(comparison.before, before.requestBody);
  const now = resolve(comparison.after, after.requestBody);
  if (now.required === true && old.required !== true)
    comparison.report(where, 'body is newly required');
  compareContent(comparison, `${where} body`, old, now, 'request');
};

const compareResponses = (
  comparison: Comparison,
  where: string,
  before: JsonObject,
  after: JsonObject,
) => {
  for (const [status, value] of Object.entries(before)) {
    const at = `${where} ${status}`;
    if (after[status] === undefined) {
      comparison.report(at, 'response was removed');
      continue;
    }
    const old = resolve(comparison.before, value);
    const now = resolve(comparison.after, after[status]);
    for (const header of Object.keys(object(old.headers))) {
      if (object(now.headers)[header] === undefined)
        comparison.report(at, `header ${header} was removed`);
    }
    compareContent(comparison, at, old, now, 'response');
  }
};

const compareContent = (
  comparison: Comparison,
  where: string,
  before: JsonObject,
  after: JsonObject,
  direction: Direction,
) => {
  const now = object(after.content);
  for (const [type, media] of Object.entries(object(before.content))) {
    const current = now[type];
    if (current === undefined) comparison.report(where, `${type} was removed`);
    else compareSchemas(comparison, object(media).schema, object(current).schema, direction, where);
  }
};
