import { boundProblems, defaultProblem } from './defaults.ts';
import { featureIssues } from './check-features.ts';
import { fieldProblems } from './field-rules.ts';
import type { Path } from './json.ts';
import { folded, nameProblem, quote } from './names.ts';
import { featureNames } from './features.ts';
import { didYouMean, nearest } from './nearest.ts';
import { pageNameProblem } from './page-names.ts';
import { patternProblem } from './pattern.ts';
import { projectNameProblem } from './project-name.ts';
import { ringIssues } from './required-refs.ts';
import { limits, type FieldSpec, type Spec } from './schema.ts';

/** One thing wrong with a spec, where it lies, and what to do instead. */
export interface Issue {
  path: Path;
  message: string;
  hint?: string;
}

type Problem = Omit<Issue, 'path'>;
type Fields = Readonly<Record<string, FieldSpec>>;

/** Names that the server writes itself, or that every object has. */
const reservedFields = new Set(
  'id _id _rev createdAt updatedAt deletedAt createdBy __proto__ constructor prototype hasOwnProperty toJSON'.split(
    ' ',
  ),
);
const fieldName = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Why a field cannot have this name (one segment of it); undefined when it can. */
export function fieldNameProblem(name: string): Problem | undefined {
  if (reservedFields.has(name))
    return {
      message: `the field name ${quote(name)} is reserved`,
      hint: name === 'id' ? 'every document has _id already' : 'choose another name',
    };
  // Code that asks an object for such a member gets an answer even when the document has none.
  if (name in Object.prototype)
    return {
      message: `the field name ${quote(name)} is a member of every JavaScript object`,
      hint: 'choose another name',
    };
  if (!fieldName.test(name)) {
    const repaired = name.replace(/[^A-Za-z0-9_]+(.)?/g, (_, next?: string) =>
      (next ?? '').toUpperCase(),
    );
    return {
      message: `the field name ${quote(name)} is not a name`,
      hint: fieldName.test(repaired)
        ? `did you mean ${repaired}?`
        : 'letters A-Z, digits and _, beginning with a letter',
    };
  }
  if (name.length > limits.nameLength)
    return {
      message: `the field name ${quote(name)} is longer than ${limits.nameLength} characters`,
    };
  return undefined;
}

/** Everything wrong with a spec of the right shape; an empty list when it can be emitted. */
export function checkSpec(spec: Spec): Issue[] {
  const issues: Issue[] = [];
  const nameIssue = projectNameProblem(spec.name);
  if (nameIssue !== undefined) issues.push({ path: ['name'], ...nameIssue });
  for (const [at, feature] of spec.features.entries()) {
    if (featureNames.includes(feature)) continue;
    issues.push({
      path: ['features', at],
      message: `unknown feature ${quote(feature)}`,
      hint: didYouMean(feature, featureNames),
    });
  }
  issues.push(...pageIssues(spec), ...formIssues(spec));
  const resources = Object.entries(spec.resources);
  if (resources.length > limits.resources)
    issues.push({ path: ['resources'], message: `more than ${limits.resources} resources` });
  issues.push(...featureIssues(spec), ...collisions(spec));
  for (const [key, resource] of resources) {
    const path = ['resources', key];
    for (const [name, at] of [
      [key, path],
      [resource.plural, [...path, 'plural']],
    ] as const) {
      const problem = nameProblem(name);
      if (problem !== undefined)
        issues.push({ path: at, message: `the resource name cannot be used: ${problem}` });
    }
    if (!/^\/[a-z0-9]+(?:-[a-z0-9]+)*$/.test(resource.path))
      issues.push({
        path: [...path, 'path'],
        message: `the path ${quote(resource.path)} is not like /order-items`,
      });
    if (
      !/^[a-z][a-z0-9_]{0,119}$/.test(resource.collection) ||
      resource.collection.startsWith('system')
    )
      issues.push({
        path: [...path, 'collection'],
        message: `the collection ${quote(resource.collection)} is not like order_items`,
      });
    const count = { fields: 0 };
    issues.push(...fieldIssues(resource.fields, [...path, 'fields'], spec, 1, count));
    if (count.fields > limits.fields)
      issues.push({ path, message: `${key} has more than ${limits.fields} fields` });
    if (count.fields === 0)
      issues.push({
        path,
        message: `${key} has no fields`,
        hint: 'a field is name:type, e.g. name:string:required',
      });
    if (resource.search === 'text' && !hasSearch(resource.fields))
      issues.push({
        path: [...path, 'search'],
        message: `${key} has no searched field`,
        hint: 'add search to a text field',
      });
  }
  return [...issues, ...ringIssues(spec)];
}

function pageIssues({ pages }: Spec): Issue[] {
  const names = typeof pages === 'boolean' ? [] : pages;
  return names.flatMap((name, at) => {
    const twice = names.indexOf(name) !== at;
    const problem = twice
      ? { message: `the page ${quote(name)} is named twice` }
      : pageNameProblem(name);
    return problem === undefined ? [] : [{ path: ['pages', at], ...problem }];
  });
}

/** Forms are pages: their layout comes with the others. */
function formIssues({ pages, features, beside, resources }: Spec): Issue[] {
  const hint = 'leave "pages" out, or do without forms';
  const places: Path[] = [
    ...(features.includes('forms') ? [['features', features.indexOf('forms')]] : []),
    ...Object.entries(resources).flatMap(([key, { forms }]) =>
      forms === true ? [['resources', key, 'forms']] : [],
    ),
  ];
  return pages === false && beside === undefined
    ? places.map((path) => ({ path, message: 'forms need the pages', hint }))
    : [];
}

function hasSearch(fields: Fields): boolean {
  return Object.values(fields).some((field) => field.search ?? hasSearch(field.fields ?? {}));
}

/** The issues of one level of fields and all below it; `count` adds up the fields of the whole resource. */
function fieldIssues(
  fields: Fields,
  path: Path,
  spec: Spec,
  depth: number,
  count: { fields: number },
): Issue[] {
  const issues: Issue[] = [];
  const seen = new Map<string, string>();
  for (const [name, field] of Object.entries(fields)) {
    count.fields += 1;
    const at = [...path, name];
    // Every second part of the path is a name: resources.<name>.fields.<name>.
    const label = at.filter((_, index) => index % 2 === 1).join('.');
    const problem = fieldNameProblem(name);
    if (problem !== undefined) issues.push({ path: at, ...problem });
    const twin = seen.get(folded(name));
    if (twin !== undefined)
      issues.push({ path: at, message: `the fields ${twin} and ${name} differ only in case` });
    seen.set(folded(name), name);
    const own = fieldProblems(field);
    issues.push(...own.map((message) => ({ path: at, message: `${label} ${message}` })));
    // What the rules forbid may have no schema to check values with.
    if (own.length > 0) continue;
    issues.push(...valueIssues(field, label, at));
    if (field.to !== undefined && !Object.hasOwn(spec.resources, field.to))
      issues.push({ path: [...at, 'to'], ...unknownResource(field.to, spec) });
    if (field.fields === undefined) continue;
    if (depth >= limits.objectDepth)
      issues.push({
        path: at,
        message: `${label} nests objects deeper than ${limits.objectDepth}`,
        hint: 'use type json',
      });
    else issues.push(...fieldIssues(field.fields, [...at, 'fields'], spec, depth + 1, count));
  }
  return issues;
}

/** Issues of pattern, limits and default, in this order: each makes sense only when those before it hold. */
function valueIssues(field: FieldSpec, label: string, at: Path): Issue[] {
  const pattern = field.pattern === undefined ? undefined : patternProblem(field.pattern);
  if (pattern !== undefined)
    return [{ path: [...at, 'pattern'], message: `${label} has a pattern that ${pattern}` }];
  const bounds = boundProblems(field);
  if (bounds.length > 0)
    return bounds.map((message) => ({ path: at, message: `${label} ${message}` }));
  const problem = defaultProblem(field);
  return problem === undefined
    ? []
    : [
        {
          path: [...at, 'default'],
          message: `${label} has a default that does not fit: ${problem}`,
        },
      ];
}

/** The refusal of a name that is no resource of the spec. */
export function unknownResource(to: string, spec: Spec): Required<Problem> {
  const known = Object.entries(spec.resources).flatMap(([key, { plural }]) => [key, plural]);
  const near = nearest(to, known);
  const all =
    known.length === 0 ? 'there is none yet' : `there are: ${known.slice(0, 20).join(', ')}`;
  return {
    message: `there is no resource ${quote(to)}`,
    hint: near === undefined ? all : `did you mean ${near}?`,
  };
}

/** Resources that would share a file, a route or a collection, on a file system that ignores case too. */
function collisions(spec: Spec): Issue[] {
  const issues: Issue[] = [];
  const owners = new Map<string, string>();
  for (const [key, { plural, path, collection }] of Object.entries(spec.resources)) {
    const words = new Set([key, plural].map((name) => `the name ${folded(name)}`));
    for (const word of [
      ...words,
      `the path ${folded(path)}`,
      `the collection ${folded(collection)}`,
    ]) {
      const owner = owners.get(word);
      if (owner !== undefined && owner !== key)
        issues.push({
          path: ['resources', key],
          message: `${owner} and ${key} would share ${word}`,
          hint: 'give one of them another plural, as in --resource datum/datums',
        });
      owners.set(word, key);
    }
  }
  return issues;
}
