// The closed list of problem codes: what /problems/<code> explains. A code is never renamed and never reused.

type Row = readonly [status: number, title: string, text: string];

/** Status, title, and the text of its page, which is also the detail of a problem that has none of its own. */
export const catalogue = {
  validation_error: [400, 'Validation failed', 'The document breaks the rules of its schema.'],
  not_json: [400, 'Request must be JSON', 'Request must be JSON'],
  invalid_json: [400, 'Invalid JSON', 'The body is not valid JSON in UTF-8.'],
  invalid_body: [400, 'Invalid body', 'The body must be a JSON object, or a list where it may be.'],
  too_deep: [400, 'Too deeply nested', 'The body is nested too deeply.'],
  too_many_items: [400, 'Too many items', 'The list in the body is too long.'],
  invalid_query: [400, 'Invalid query', 'Some query parameters cannot be understood.'],
  unknown_parameter: [400, 'Unknown parameter', 'The query names an unknown parameter.'],
  repeated_parameter: [400, 'Repeated parameter', 'Only [in], [nin] and [all] may repeat.'],
  invalid_cursor: [400, 'Invalid cursor', 'The cursor was not made by this API.'],
  cursor_mismatch: [400, 'Cursor of another list', 'The cursor has another filter or order.'],
  invalid_header: [400, 'Invalid header', 'A request header has the wrong form.'],
  invalid_url: [400, 'Invalid URL', 'The URL is not percent-encoded correctly.'],
  bad_request: [400, 'Bad request', 'The request cannot be served as it is.'],
  unauthorized: [401, 'Unauthorized', 'This needs credentials.'],
  forbidden: [403, 'Forbidden', 'These credentials do not allow it.'],
  not_found: [404, 'Not found', 'There is nothing here.'],
  method_not_allowed: [405, 'Method not allowed', 'The Allow header lists the methods.'],
  not_acceptable: [406, 'Not acceptable', 'This API answers in application/json.'],
  conflict: [409, 'Conflict', 'Others changed the document at the same time; try again.'],
  duplicate: [409, 'Duplicate value', 'Another document already has this unique value.'],
  restricted: [409, 'Still referenced', 'Other documents refer to this one.'],
  idempotency_in_flight: [409, 'Request in flight', 'The first request with this key still runs.'],
  gone: [410, 'Gone', 'The document was deleted.'],
  stale_revision: [412, 'Stale revision', 'The document has changed; ETag has its revision.'],
  already_exists: [412, 'Already exists', 'A document with this id exists.'],
  body_too_large: [413, 'Body too large', 'The body is larger than this API accepts.'],
  url_too_long: [414, 'URL too long', 'Send long queries as QUERY, or as POST to /search.'],
  unsupported_media_type: [415, 'Unsupported media type', 'This format is not supported here.'],
  idempotency_key_reused: [422, 'Key reused', 'This Idempotency-Key came with another body.'],
  precondition_required: [428, 'Precondition required', 'Send If-Match with the ETag you read.'],
  too_many_requests: [429, 'Too many requests', 'Wait as long as Retry-After says.'],
  headers_too_large: [431, 'Headers too large', 'The request headers are too large.'],
  internal_error: [500, 'Internal error', 'Something went wrong on our side; the log has the id.'],
  database_unavailable: [503, 'Database unavailable', 'The database cannot be reached.'],
  query_timeout: [503, 'Query timeout', 'The query took too long; narrow it.'],
  request_timeout: [503, 'Request timeout', 'The request took too long.'],
  unavailable: [503, 'Unavailable', 'The service cannot take this request now; try again soon.'],
} as const satisfies { readonly [code: string]: Row };

export type ProblemCode = keyof typeof catalogue;

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(catalogue, code);

/** The code that stands for a status, for services that throw `problem(409, ...)`. */
export const codeOf = (status: number): ProblemCode => {
  if (status === 412) return 'stale_revision';
  const fallback = status >= 500 ? 'internal_error' : 'bad_request';
  // Of several codes with one status the general one is chosen.
  const general: readonly ProblemCode[] = [
    'bad_request',
    'conflict',
    'internal_error',
    'unavailable',
  ];
  const codes = Object.keys(catalogue).filter(isProblemCode);
  const fitting = codes.filter((code) => catalogue[code][0] === status);
  return fitting.find((code) => general.includes(code)) ?? fitting[0] ?? fallback;
};
