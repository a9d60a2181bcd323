/**
 * Tests that the driver's own suite leaves out because of the driver, by suite and description.
 * Source: the `*.spec.test.ts` files of mongodb/node-mongodb-native at bb35ded (7.5.0). They are run here
 * and shown, but do not count towards the goals.
 */
export const driverSkips: Record<string, string[]> = {
  crud: [
    'inserting _id with type null via clientBulkWrite',
    'inserting _id with type null via insertOne',
    'inserting _id with type null via insertMany',
    'inserting _id with type null via bulkWrite',
    'partialResult is unset when all operations fail during an unordered bulk write',
    'partialResult is unset when first operation fails during an ordered bulk write (summary)',
    'partialResult is unset when first operation fails during an ordered bulk write (verbose)',
    'InsertMany passes bypassDocumentValidation: false',
    'FindOneAndUpdate passes bypassDocumentValidation: false',
    'FindOneAndReplace passes bypassDocumentValidation: false',
    'BulkWrite passes bypassDocumentValidation: false',
    'Aggregate with $out passes bypassDocumentValidation: false',
  ],
  transactions: [
    'readConcern local in defaultTransactionOptions',
    'defaultTransactionOptions override client options',
    'transaction options inherited from defaultTransactionOptions',
    'transaction options inherited from client',
    'causal consistency disabled',
    'client bulkWrite with writeConcern in a transaction causes a transaction error',
  ],
  'transactions-convenient-api': [
    'callback succeeds after multiple connection errors',
    'callback is not retried after non-transient error (DuplicateKeyError)',
    'withTransaction succeeds if callback aborts',
  ],
  gridfs: [
    'delete when multiple revisions of the file exist',
    'delete when file name does not exist',
    'rename when multiple revisions of the file exist',
    'rename when file name does not exist',
    'download when final chunk is missing',
  ],
  'collection-management': [
    'modifyCollection to changeStreamPreAndPostImages enabled',
    'modifyCollection prepareUnique violations are accessible',
  ],
};
