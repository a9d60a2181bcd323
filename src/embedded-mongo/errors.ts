/** The numeric codes that MongoDB gives its errors (src/mongo/base/error_codes.yml), as far as this server raises them. */
const names = {
  1: 'InternalError',
  2: 'BadValue',
  4: 'NoSuchKey',
  5: 'GraphContainsCycle',
  8: 'UnknownError',
  9: 'FailedToParse',
  10: 'CannotMutateObject',
  11: 'UserNotFound',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  31: 'RoleNotFound',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  51: 'ManualInterventionRequired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  55: 'NotExactValueField',
  56: 'EmptyFieldName',
  57: 'DottedFieldName',
  59: 'CommandNotFound',
  61: 'ShardKeyNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  68: 'IndexAlreadyExists',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  76: 'NoReplicationEnabled',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  91: 'ShutdownInProgress',
  96: 'OperationFailed',
  100: 'UnsatisfiableWriteConcern',
  110: 'InvalidPipelineOperator',
  112: 'WriteConflict',
  115: 'CommandNotSupported',
  117: 'ConflictingOperationInProgress',
  121: 'DocumentValidationFailure',
  125: 'CommandFailed',
  136: 'CappedPositionLost',
  146: 'ExceededMemoryLimit',
  165: 'ViewDepthLimitExceeded',
  166: 'CommandNotSupportedOnView',
  167: 'OptionNotSupportedOnView',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  175: 'QueryPlanKilled',
  197: 'InvalidIndexSpecificationOption',
  206: 'NoSuchSession',
  211: 'KeyNotFound',
  217: 'IncompleteTransactionHistory',
  225: 'TransactionTooOld',
  232: 'MaxSubPipelineDepthExceeded',
  238: 'NotImplemented',
  241: 'ConversionFailure',
  246: 'SnapshotUnavailable',
  251: 'NoSuchTransaction',
  256: 'TransactionCommitted',
  258: 'UnknownFeatureCompatibilityVersion',
  260: 'InvalidResumeToken',
  263: 'OperationNotSupportedInTransaction',
  280: 'ChangeStreamFatalError',
  286: 'ChangeStreamHistoryLost',
  290: 'TransactionExceededLifetimeLimitSeconds',
  303: 'APIDeprecationError',
  322: 'APIVersionError',
  323: 'APIStrictError',
  10003: 'CannotGrowDocumentInCappedNamespace',
  10107: 'NotWritablePrimary',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  14031: 'OutOfDiskSpace',
  11600: 'InterruptedAtShutdown',
  11601: 'Interrupted',
  13113: 'MergeStageNoMatchingDocument',
  16837: 'Location16837',
} satisfies Record<number, string>;

/** An error that is answered to the client as `{ok: 0, code, codeName, errmsg}` or as a write error. */
export class ServerError extends Error {
  readonly code: number;
  readonly codeName: string;
  /** Error labels the driver acts on, such as `TransientTransactionError`. */
  readonly labels: string[] | undefined;
  /** Further members of the answer: `keyPattern`, `keyValue`, `errInfo`. */
  readonly extra: { [key: string]: unknown } | undefined;

  constructor(
    code: number,
    message: string,
    more: { labels?: string[]; extra?: { [key: string]: unknown } } = {},
  ) {
    super(message);
    this.name = 'ServerError';
    this.code = code;
    this.codeName = codeName(code);
    this.labels = more.labels;
    this.extra = more.extra;
  }
}

/** The name MongoDB shows for a code; codes without a name are called by their number, as it does. */
export function codeName(code: number): string {
  return (names as Record<number, string>)[code] ?? `Location${code}`;
}

/** The error for something that MongoDB has and this server does not: refused by name, never guessed. */
export function unsupported(what: string): ServerError {
  return new ServerError(238, `${what} is not supported by the embedded development server`);
}

/** BadValue, the code of most malformed queries. */
export function badValue(message: string): ServerError {
  return new ServerError(2, message);
}

/** FailedToParse, the code of most malformed updates and commands. */
export function failedToParse(message: string): ServerError {
  return new ServerError(9, message);
}

/** TypeMismatch. */
export function typeMismatch(message: string): ServerError {
  return new ServerError(14, message);
}
