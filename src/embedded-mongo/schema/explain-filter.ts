import type { Doc } from '../values/bson.ts';
import type { Collation } from '../values/collation.ts';
import { compileExpression, scopeOf } from '../expressions/expressions.ts';
import { compileFilter, isOperatorDoc } from '../query/match.ts';
import { getPath } from '../values/paths.ts';
import { typeOf } from '../values/values.ts';
import { compileSchema } from './schema.ts';

/** Says why a document is not as a filter wants it, in the shape of the `details` of error 121; undefined when it is. */
export type Explain = (doc: Doc) => Doc | undefined;

const REASONS: Readonly<Record<string, string>> = {
  $eq: 'comparison failed',
  $gt: 'comparison failed',
  $gte: 'comparison failed',
  $lt: 'comparison failed',
  $lte: 'comparison failed',
  $in: 'no matching value found in array',
  $regex: 'regular expression did not match',
  $exists: 'path does not exist',
};

/** Compiles the explanation of a validator that is a filter. */
export function explainFilter(filter: Doc, collation?: Collation): Explain {
  const clauses = Object.entries(filter).flatMap(([key, value]) =>
    clausesOf(key, value, collation),
  );
  return (doc) => {
    const clausesNotSatisfied = failing(clauses, doc);
    const [only] = clausesNotSatisfied;
    if (!only || clauses.length === 1) return only?.details;
    return { operatorName: '$and', clausesNotSatisfied };
  };
}

function failing(clauses: readonly Explain[], doc: Doc): { index: number; details: Doc }[] {
  return clauses.flatMap((explain, index) => {
    const details = explain(doc);
    return details ? [{ index, details }] : [];
  });
}

function clausesOf(key: string, value: unknown, collation: Collation | undefined): Explain[] {
  if (key === '$jsonSchema') return [compileSchema(value as Doc)];
  if (key === '$comment') return [];
  if (key === '$and' || key === '$or') return [branches(key, value as Doc[], collation)];
  if (!key.startsWith('$') && isOperatorDoc(value)) {
    const { $options, ...operators } = value;
    return Object.entries(operators).map(([operator, operand]) =>
      clause(
        {
          [key]: {
            [operator]: operand,
            ...(operator === '$regex' && $options !== undefined ? { $options } : {}),
          },
        },
        operator,
        (doc) => considered(doc, key, operator),
        collation,
      ),
    );
  }
  if (key === '$expr') return [expressionClause(value, collation)];
  return [
    clause(
      { [key]: value },
      key.startsWith('$') ? key : '$eq',
      (doc) => considered(doc, key, '$eq'),
      collation,
    ),
  ];
}

function clause(
  filter: Doc,
  operatorName: string,
  more: (doc: Doc) => Doc,
  collation: Collation | undefined,
): Explain {
  const { test } = compileFilter(filter, { collation });
  return (doc) => (test(doc) ? undefined : { operatorName, specifiedAs: filter, ...more(doc) });
}

function expressionClause(expression: unknown, collation: Collation | undefined): Explain {
  const compute = compileExpression(expression, scopeOf({}), collation);
  const more = (doc: Doc) => ({
    reason: 'expression did not match',
    expressionResult: compute(doc) ?? null,
  });
  return clause({ $expr: expression }, '$expr', more, collation);
}

function branches(
  operatorName: '$and' | '$or',
  filters: readonly Doc[],
  collation: Collation | undefined,
): Explain {
  const { test } = compileFilter({ [operatorName]: filters }, { collation });
  const clauses = filters.map((filter) => explainFilter(filter, collation));
  return (doc) =>
    test(doc) ? undefined : { operatorName, clausesNotSatisfied: failing(clauses, doc) };
}

function considered(doc: Doc, path: string, operator: string): Doc {
  if (path.startsWith('$')) return {};
  const value = getPath(doc, path);
  if (operator === '$exists') {
    return { reason: value === undefined ? REASONS[operator] : 'path does exist' };
  }
  if (value === undefined) return { reason: 'field was missing' };
  if (operator === '$type') {
    return { reason: 'type did not match', consideredValue: value, consideredType: typeOf(value) };
  }
  const reason = REASONS[operator];
  return { ...(reason ? { reason } : {}), consideredValue: value };
}
