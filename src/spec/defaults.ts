import { sampleOf, zodOf } from '../../templates/project/app/core/types.ts';
import type { FieldSpec } from './schema.ts';

/** Fields whose limits were found right, as text: resources repeat them, and each command checks its spec more than once. */
const sound = new Set<string>();

/**
 * What is wrong with the limits of a field, as the end of a sentence about it: a limit that is no value of its
 * type, an empty range, or rules that no made-up value satisfies (the emitted tests need some).
 */
export function boundProblems(field: FieldSpec): string[] {
  const key = JSON.stringify(field);
  if (sound.has(key)) return [];
  const problems = problemsOfBounds(field);
  if (problems.length === 0) sound.add(key);
  return problems;
}

function problemsOfBounds(field: FieldSpec): string[] {
  const { type, min, max } = field;
  for (const [name, value] of Object.entries({ min, max })) {
    const wire = type === 'decimal' && typeof value === 'number' ? String(value) : value;
    if (wire !== undefined && misfit({ type }, wire) !== undefined)
      return [`has ${name}=${String(value)}, which is no ${type}`];
  }
  if (min !== undefined && max !== undefined && position(min) > position(max))
    return [`has min ${min} above max ${max}`];
  if (type === 'object') return [];
  const { default: _default, ...rules } = field;
  const schema = zodOf(rules);
  // A few numbers show whether the emitted tests will find values: they count from 0.
  for (const n of [0, 1, 7, 1000]) {
    if (misfitOf(schema, sampleOf(field, n)) === undefined) continue;
    return [
      field.pattern === undefined || field.default !== undefined
        ? 'allows no value, or none that could be made up for the tests'
        : 'has a pattern for which the tests cannot make up a value: simplify it, or give a default beside it in flask-style.json',
    ];
  }
  return [];
}

/** A number or a moment on one line, to compare limits. */
function position(limit: number | string): number {
  const number = Number(limit);
  return Number.isNaN(number) ? Date.parse(String(limit)) : number;
}

/** Why the default is no value of its own field; undefined when it is, or when there is none. */
export function defaultProblem(field: FieldSpec): string | undefined {
  const { default: value, ...rules } = field;
  return value === undefined ? undefined : misfit(rules, value);
}

const misfit = (field: FieldSpec, value: unknown): string | undefined =>
  misfitOf(zodOf(field), value);

function misfitOf(schema: ReturnType<typeof zodOf>, value: unknown): string | undefined {
  if (value === null) return 'null is no value';
  const result = schema.safeParse(value);
  return result.success
    ? undefined
    : (result.error.issues[0]?.message ?? 'not a value of its type');
}
