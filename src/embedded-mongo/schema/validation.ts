import type { Doc } from '../values/bson.ts';
import type { Collation } from '../values/collation.ts';
import type { CollectionOptions } from '../storage/collection.ts';
import { badValue, ServerError, typeMismatch } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import { explainFilter } from './explain-filter.ts';
import { isDoc } from '../values/values.ts';

/** Checks documents against a collection's validator. */
export interface Validator {
  /** Whether documents that were invalid before may stay so. */
  moderate: boolean;
  valid(doc: Doc): boolean;
  /** The error for a document that is not valid. */
  error(doc: Doc): ServerError;
}

function checkOption(name: string, value: unknown, known: readonly string[]): void {
  if (value === undefined || known.includes(String(value))) return;
  throw badValue(`Enumeration value '${String(value)}' for field '${name}' is not a valid value.`);
}

/**
 * Compiles the validator of a collection; undefined when it has none or only warns.
 * @throws ServerError for a malformed filter or schema
 */
export function compileValidator(
  options: CollectionOptions,
  namespace: string,
  collation: Collation | undefined,
): Validator | undefined {
  const { validator, validationLevel, validationAction } = options;
  checkOption('validationLevel', validationLevel, ['off', 'strict', 'moderate']);
  checkOption('validationAction', validationAction, ['error', 'warn']);
  if (validator !== undefined && !isDoc(validator)) {
    throw typeMismatch("BSON field 'validator' is the wrong type, expected type 'object'");
  }
  if (!validator || Object.keys(validator).length === 0) return undefined;
  const matcher = compileFilter(validator, { collation });
  const explain = explainFilter(validator, collation);
  if (validationLevel === 'off' || validationAction === 'warn') return undefined;
  return {
    moderate: validationLevel === 'moderate',
    valid: (doc) => matcher.test(doc),
    error(doc) {
      const errInfo = { failingDocumentId: doc['_id'], details: explain(doc) };
      return new ServerError(121, `Document failed validation`, { extra: { errInfo, namespace } });
    },
  };
}
