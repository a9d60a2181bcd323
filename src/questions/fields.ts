import { buildSpec } from '../spec/build.ts';
import { fieldNameProblem } from '../spec/check.ts';
import { fieldTypes } from '../spec/schema.ts';
import { parseField } from '../spec/shorthand.ts';
import { problemOf } from './project.ts';
import type { Conversation } from './question.ts';

/**
 * The questions for the fields of a resource, answered in the shorthand at once or word by word.
 * `resources` are the singular names that a reference can point to, this one included.
 */
export function* askFields(resource: string, resources: readonly string[]): Conversation<string[]> {
  const fields: string[] = [];
  for (;;) {
    const problem = (field: string) => fieldsProblem([...fields, field], resource, resources);
    const typed = yield {
      kind: 'text',
      message:
        fields.length === 0
          ? `First field of ${resource}, e.g. name or name:string:required`
          : `Next field of ${resource} (Enter: no more)`,
      problem: (answer) => {
        if (answer === '') return fields.length === 0 ? 'name at least one' : undefined;
        return answer.includes(':') ? problem(answer) : nameProblem(answer);
      },
    };
    if (typed === '') return fields;
    fields.push(typed.includes(':') ? typed : yield* askField(typed, resources, problem));
  }
}

function* askField(
  name: string,
  resources: readonly string[],
  problem: (field: string) => string | undefined,
): Conversation<string> {
  const type = yield {
    kind: 'choice',
    message: `Type of ${name}`,
    // The fields of an object are named with dots (`address.street`): there is nothing to choose.
    choices: fieldTypes.filter((known) => known !== 'object'),
    default: 'string',
  };
  let field = `${name}:${type}`;
  if (type === 'ref')
    field += `:${yield {
      kind: 'choice',
      message: `${name} points to`,
      choices: resources,
      default: resources[0] ?? '',
    }}`;
  if (type === 'enum')
    field += `:${yield {
      kind: 'text',
      message: `Values of ${name}, e.g. draft,live`,
      problem: (answer) => problem(`${name}:enum:${answer}`),
    }}`;
  const required = yield {
    kind: 'choice',
    message: `Must ${name} be sent`,
    choices: ['yes', 'no'],
    default: 'no',
  };
  if (required === 'yes') field += ':required';
  const more = yield {
    kind: 'text',
    message: `More about ${name}, e.g. unique:maxLength=50 (Enter: nothing)`,
    problem: (answer) => (answer === '' ? undefined : problem(`${field}:${answer}`)),
  };
  return more === '' ? field : `${field}:${more}`;
}

function nameProblem(name: string): string | undefined {
  return problemOf(() => {
    for (const segment of parseField(name).path) {
      const found = fieldNameProblem(segment);
      if (found !== undefined) return found.message;
    }
    return undefined;
  });
}

/** Whether a project of nothing but these fields would do: the same check as for a whole spec. */
function fieldsProblem(
  fields: readonly string[],
  resource: string,
  resources: readonly string[],
): string | undefined {
  return problemOf(() => {
    const others = resources.filter((name) => name !== resource);
    buildSpec(
      { name: 'api', packageManager: 'npm', database: 'none', pages: false, features: [] },
      [{ name: resource, fields }, ...others.map((name) => ({ name, fields: ['name'] }))],
    );
    return undefined;
  });
}
