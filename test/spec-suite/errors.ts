import {
  MongoBulkWriteError,
  MongoClientBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  type Document,
} from 'mongodb';
import type { ExpectedError } from './format.ts';
import { Mismatch, match, type MatchContext } from './match.ts';

function responseOf(error: unknown): Document | undefined {
  if (error instanceof MongoClientBulkWriteError && error.cause instanceof MongoServerError) {
    return error.cause.errorResponse;
  }
  return error instanceof MongoServerError ? error.errorResponse : undefined;
}

/** The error that carries code and labels: a bulk write's cause where the driver wraps it. */
function serverError(error: MongoError): Document {
  return error instanceof MongoClientBulkWriteError &&
    error.cause instanceof MongoServerError &&
    error.code === undefined
    ? error.cause
    : error;
}

/** Whether the error has a label, or the server error that a client bulk write's error wraps. */
function hasLabel(error: unknown, label: string): boolean {
  if (!(error instanceof MongoError)) return false;
  return error.hasErrorLabel(label) || hasLabel(error.cause, label);
}

function check(holds: boolean, what: string, error: unknown): void {
  if (!holds) throw new Mismatch(`error: expected ${what}, got ${String(error)}`);
}

/** Compares a thrown error with `expectError`; throws {@link Mismatch} when they differ. */
export function matchError(expected: ExpectedError, error: unknown, context: MatchContext): void {
  if (expected.isClientError !== undefined) {
    const isClient = !(error instanceof MongoServerError) || error instanceof MongoNetworkError;
    check(isClient === expected.isClientError, `isClientError ${expected.isClientError}`, error);
  }
  const { errorContains } = expected;
  if (errorContains !== undefined) {
    const messages = [error, (error as Error).cause].map((one) =>
      String((one as Error | undefined)?.message),
    );
    const holds = messages.some((text) => text.toLowerCase().includes(errorContains.toLowerCase()));
    check(holds, `the text ${errorContains}`, error);
  }
  const mongo = error instanceof MongoError ? serverError(error) : undefined;
  if (expected.errorCode !== undefined)
    check(
      mongo?.['code'] === expected.errorCode,
      `code ${expected.errorCode}`,
      `${String(mongo?.['code'])} ${String(error)}`,
    );
  if (expected.errorCodeName !== undefined)
    check(
      mongo?.['codeName'] === expected.errorCodeName,
      `code name ${expected.errorCodeName}`,
      `${String(mongo?.['codeName'])} ${String(error)}`,
    );
  for (const label of expected.errorLabelsContain ?? [])
    check(hasLabel(error, label), `label ${label}`, error);
  for (const label of expected.errorLabelsOmit ?? [])
    check(!hasLabel(error, label), `no label ${label}`, error);
  if (expected.errorResponse)
    match(expected.errorResponse, responseOf(error), context, 'errorResponse', true);
  if (expected.writeErrors)
    match(expected.writeErrors, bulkErrors(error), context, 'writeErrors', true);
  if (expected.writeConcernErrors)
    match(
      expected.writeConcernErrors,
      (error as MongoClientBulkWriteError).writeConcernErrors,
      context,
      'writeConcernErrors',
      true,
    );
  if (expected.expectResult !== undefined) {
    const result: unknown =
      error instanceof MongoBulkWriteError
        ? error.result
        : (error as MongoClientBulkWriteError).partialResult;
    match(expected.expectResult, result, context, 'error result', true);
  }
}

/** Write errors by index, each only with the keys the format names. */
function bulkErrors(error: unknown): Document | undefined {
  if (!(error instanceof MongoClientBulkWriteError)) return undefined;
  return Object.fromEntries(
    [...error.writeErrors].map(([i, { code, message }]) => [
      i,
      code === undefined ? { message } : { code },
    ]),
  );
}
