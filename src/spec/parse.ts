import type * as z from 'zod';
import { exit, UserError } from '../errors.ts';
import { checkSpec, type Issue } from './check.ts';
import { article } from './field-rules.ts';
import { parseJson, type Document, type Path } from './json.ts';
import { pathOf, pluralName, quote, snakeCase } from './names.ts';
import { didYouMean } from './nearest.ts';
import {
  automationKeys,
  fieldKeys,
  fieldTypes,
  limits,
  resourceKeys,
  specInput,
  webhookKeys,
} from './schema.ts';
import type { Spec, SpecInput } from './schema.ts';

/**
 * Reads the text of a flask-style.json. `name` is the project's name when the spec has none. Throws a UserError
 * whose message begins with file:line for everything that is wrong with it.
 */
export function parseSpec(text: string, file: string, name?: string): Spec {
  return specOf(parseJson(text, file), name);
}

/** The same of a document that is parsed already. */
export function specOf(document: Document, name?: string): Spec {
  const spec = completeSpec(shapeOf(document), name);
  refuse(checkSpec(spec), document.where);
  return spec;
}

/** Throws the first issue as a UserError, with its place and the number of the others; no issue, no throw. */
export function refuse(issues: readonly Issue[], where?: (path: Path) => string): void {
  const first = issues[0];
  if (first === undefined) return;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const place = where === undefined ? '' : `${where(first.path)}: `;
  throw new UserError(exit.usage, `${place}${first.message}${more}`, first.hint);
}

function shapeOf(document: Document): SpecInput {
  // Counted first: to check the shape of thousands of resources takes longer than a refusal may.
  const { resources } = (document.value ?? {}) as { resources?: object };
  const count = Object.keys(resources ?? {}).length;
  if (count > limits.resources)
    refuse(
      [{ path: ['resources'], message: `more than ${limits.resources} resources` }],
      document.where,
    );
  const result = specInput.safeParse(document.value);
  if (result.success) return result.data;
  // An unknown key is the likely reason for a missing one, so it is told first.
  const unknownFirst = (issue: z.core.$ZodIssue) => (issue.code === 'unrecognized_keys' ? 0 : 1);
  const issues = result.error.issues.toSorted((a, b) => unknownFirst(a) - unknownFirst(b));
  refuse(issues.flatMap(shapeIssues), document.where);
  throw result.error;
}

function shapeIssues(issue: z.core.$ZodIssue): Issue[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const label = path.length === 0 ? 'the spec' : quote(path.join('.'));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown key ${quote(key)}`,
      hint: didYouMean(key, keysAt(path)),
    }));
  if (issue.code === 'invalid_value' && path.at(-1) === 'type')
    return [{ path, message: `${label} is not a type`, hint: `one of: ${fieldTypes.join(', ')}` }];
  if (issue.code === 'invalid_value')
    return [
      {
        path,
        message: `${label} must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`,
      },
    ];
  if (issue.code === 'invalid_type') {
    const expected: string = issue.expected === 'record' ? 'object' : issue.expected;
    const missing = issue.message.endsWith('received undefined');
    return [
      { path, message: `${label} ${missing ? 'is missing' : `must be ${article(expected)}`}` },
    ];
  }
  const sentence = issue.code === 'invalid_union' ? ' ' : ': ';
  return [{ path, message: `${label}${sentence}${issue.message}` }];
}

/** The keys known at a place: of the spec, of what it lists, of a field. */
function keysAt(path: Path): string[] {
  if (path.length === 0) return Object.keys(specInput.shape);
  if (path[0] === 'automations') return automationKeys;
  if (path[0] === 'webhooks') return webhookKeys;
  return path.length === 2 ? resourceKeys : fieldKeys;
}

/** Fills in what follows from other keys; the keys in the order in which the file is written. */
function completeSpec(input: SpecInput, name = 'api'): Spec {
  const { resources, $schema, description, automations, webhooks, ...rest } = input;
  return {
    ...($schema !== undefined && { $schema }),
    version: 1,
    name: rest.name ?? name,
    ...(description !== undefined && { description }),
    packageManager: rest.packageManager,
    database: rest.database,
    // The welcome page is there with every other one: no name more is `true`.
    pages: Array.isArray(rest.pages) && rest.pages.length === 0 ? true : rest.pages,
    features: rest.features,
    ...(rest.beside !== undefined && { beside: rest.beside }),
    ...(automations !== undefined && { automations }),
    ...(webhooks !== undefined && { webhooks }),
    resources: Object.fromEntries(
      Object.entries(resources).map(
        ([key, { plural = pluralName(key), path, collection, ...own }]) => [
          key,
          {
            plural,
            path: path ?? pathOf(plural),
            collection: collection ?? snakeCase(plural),
            ...own,
          },
        ],
      ),
    ),
  };
}
