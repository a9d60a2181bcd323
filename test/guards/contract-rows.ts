/** Where a row of the HTTP contract is shown: a file of tests, and pieces of the titles in it. */
export interface Proof {
  readonly file: string;
  readonly titles: readonly string[];
}

const emitted = 'templates/project/tests/support/conformance';
const project = 'templates/project/tests/project';

const proof =
  (folder: string) =>
  (name: string, ...titles: string[]): Proof => ({ file: `${folder}/${name}.ts`, titles });

/** The suite of every resource of an emitted project. */
const suite = proof(emitted);
/** Tests of a whole emitted project. */
const whole = (name: string, ...titles: string[]) => proof(project)(`${name}.test`, ...titles);
/** Tests of a feature of an emitted project. */
const feature = (name: string, file: string, ...titles: string[]) =>
  proof(`templates/${name}/tests/project`)(`${file}.test`, ...titles);
const core = (name: string, ...titles: string[]) =>
  proof('test/templates/core')(`${name}.test`, ...titles);
const platform = (name: string, ...titles: string[]) =>
  proof('test/templates/platform')(`${name}.test`, ...titles);
/** Attacks on an emitted project that runs. */
const running = (name: string, ...titles: string[]) =>
  proof('test/emitted')(`${name}.test`, ...titles);
const spec = (name: string, ...titles: string[]) => proof('test/spec')(`${name}.test`, ...titles);

/** Capabilities by their numbers on the contract's page. Row C12 there is not the C12 of security. */
export const capabilities: Readonly<Record<number, readonly Proof[]>> = {
  // CRUD and HTTP semantics
  1: [
    suite('paging', 'answers pages by number'),
    suite('filters', 'answers an empty list, not 404'),
  ],
  2: [suite('read', 'answers the bare document', 'answers 404 for an unknown id')],
  3: [
    suite('create', 'answers 201 with the whole document', 'stores what it answered'),
    suite('replace', 'exchanges the whole document'),
    core('crud', 'merges, raises the revision'),
  ],
  4: [
    suite('replace', 'exchanges the whole document', 'accepts what GET answered'),
    core('crud', 'drops what is left out'),
  ],
  5: [
    suite('replace', 'makes a document at a chosen id', 'answers 404 for an unknown id'),
    core('crud', 'creates at a chosen id only'),
  ],
  6: [
    suite('patch', 'changes %s and leaves', 'takes merge-patch+json and plain JSON'),
    core('crud', 'is RFC 7396'),
  ],
  7: [
    suite('patch', 'removes a field that is set to null', 'refuses to remove a required field'),
    core('crud', 'removes by null'),
  ],
  8: [suite('remove', 'answers an empty 204, then 404')],
  9: [
    suite('read', 'answers HEAD with the headers of GET'),
    suite('methods', 'answers OPTIONS with what a path takes'),
    core('http', 'OPTIONS names them'),
  ],
  10: [suite('methods', 'answers 405 with Allow'), core('http', 'OPTIONS names them')],
  11: [suite('methods', 'answers 406')],
  12: [suite('bad-input', 'answers “Request must be JSON”')],
  13: [suite('patch', 'answers 415 to another patch format')],
  14: [
    suite('bad-input', 'without quoting it'),
    suite('attacks', 'size: more than 100 kB is 413'),
    core('http', 'a document may have 100 kB, a list 1 MB'),
  ],
  15: [
    suite('create', 'answers an empty 201 to Prefer'),
    core('crud', 'return=minimal leaves the body out'),
  ],
  16: [
    suite('query-method', 'answers what GET answers', 'needs a JSON object'),
    suite('methods', 'answers OPTIONS with what a path takes'),
  ],
  17: [
    suite('read', 'answers the bare document'),
    running('traffic', 'D15 what is for one reader'),
  ],
  // Querying
  19: [suite('filters', '[%s]', 'means equality without an operator'), core('list', '%s finds %i')],
  20: [
    suite('filters', 'splits sets on commas'),
    suite('bad-query', 'refuses the repeated parameter', 'bounds conditions'),
    core('list', '%s finds %i'),
  ],
  21: [suite('filters', '[%s]'), core('list', '%s finds %i')],
  22: [suite('filters', '[%s]'), running('query', 'A4 text operators take every character')],
  23: [suite('filters', 'joins parameters by AND, groups by OR'), core('list', '%s finds %i')],
  24: [core('list', '%s finds %i', '%s is 400')],
  25: [suite('bad-query', 'with a value of another type'), core('list', 'every mistake is named')],
  26: [suite('bad-query', 'names every mistake at once'), core('list', 'every mistake is named')],
  27: [
    suite('hidden', 'do not exist for the query language'),
    core('list', 'a private name is as unknown', 'q does not look into private fields'),
  ],
  28: [suite('bad-query', 'refuses an operator'), suite('attacks', 'operator: %s is refused')],
  29: [suite('sorting', 'by %s', 'by several keys'), suite('bad-query', 'bounds conditions')],
  30: [core('list', 'with ties are in the order of ids')],
  31: [suite('projection', 'always with _id and _rev', 'with a minus', 'refuses a mixture')],
  32: [suite('paging', 'answers pages by number'), suite('bad-query', 'points to the cursor')],
  33: [suite('paging', 'has 20 documents on a page')],
  34: [
    suite('paging', 'walks along a cursor', 'has been deleted', 'refuses a cursor'),
    core('list', 'behind a cursor say less of themselves'),
  ],
  35: [
    suite('paging', 'counts without documents'),
    core('list', 'count as far as they say'),
    platform('config', 'limits are those of the contract'),
  ],
  36: [
    suite('paging', 'with facts in meta and in headers', 'can be followed as they are'),
    core('list', 'have numbers, totals and links'),
    whole('operations', 'let a listed origin read'),
  ],
  37: [
    suite('searching', 'finds a document by a word', 'needs every term'),
    core('faults', 'a text index answers q by words'),
  ],
  40: [
    core('faults', 'a count that takes too long', 'a query that takes too long'),
    core('http', 'every query to the database is bounded'),
  ],
  // Writes and concurrency
  43: [
    suite('read', 'answers the bare document'),
    suite('relations', 'replaces the id in %s'),
    whole('database', 'keeps documents made around the API editable'),
  ],
  44: [
    suite('read', 'while the client’s copy is current', 'answers 304 to If-Modified-Since'),
    core('list', 'have a weak tag and answer 304'),
  ],
  45: [
    suite('preconditions', 'answers 412 with the current tag', 'lets one of ten changes'),
    core('crud', 'refuse a stale %s', 'let one of two guarded writers win'),
  ],
  46: [suite('preconditions', 'answers 428 without If-Match')],
  47: [
    suite('bulk', 'makes every document', 'writes nothing when one', 'more than 100 documents'),
    core('crud', 'writes all or none'),
  ],
  49: [
    suite('idempotency', 'replays the first answer', 'answers 422', 'makes one document of ten'),
    core('idempotency', 'is told to come again', 'kept for a day', 'is done anew after %i'),
  ],
  50: [suite('conflicts', 'answers 409 to a second document', 'to a change that takes')],
  51: [
    suite('patch', 'never brings a default back'),
    core('crud', 'writes the difference and nothing else'),
  ],
  52: [
    suite('create', 'answers 201 with the whole document', 'refuses a client’s own'),
    core('crud', 'writes the difference and nothing else'),
  ],
  // Relations
  59: [
    suite('bad-input', 'answers 400 to a %s that does not exist'),
    core('relations', 'to nothing is refused in a list of documents', 'by one query a field'),
  ],
  60: [suite('relations', 'replaces the id in %s'), core('list', 'embed documents')],
  61: [
    suite('relations', 'refuses depth, private fields'),
    running('query', 'A10 a private field of an embedded document'),
    core('service', 'hooks set, refuse'),
  ],
  62: [suite('relations', 'lists the documents that refer', 'cannot be widened', 'answers 404')],
  63: [
    suite('remove', '${rule}: deleting'),
    core(
      'relations',
      'is refused by default',
      'and what refers to that',
      'takes the reference out',
    ),
  ],
  // Validation and schema
  64: [
    core('service', 'a model gives its documents their types'),
    core('openapi-schemas', 'is described as it is checked'),
  ],
  65: [suite('bad-input', 'refuses a field that the model'), suite('attacks', 'mass assignment')],
  66: [suite('hidden', 'are in no answer', 'refuses %s on POST', 'only if it is what is stored')],
  67: [
    suite('bad-input', 'refuses every wrong value'),
    core('http', 'free JSON has eight levels and 200 keys'),
  ],
  68: [core('service', 'values are BSON in the database and texts on the wire')],
  69: [core('crud', '%o is 400'), core('service', 'hooks set, refuse')],
  70: [
    core('sync', 'the validator refuses what the model refuses', 'an empty database gets'),
    whole('database', 'has a validator in the database too'),
  ],
  71: [suite('schema', 'is published as JSON Schema 2020-12')],
  // Errors
  72: [suite('problem-shape', 'has the members'), suite('schema', 'has every answer')],
  73: [core('crud', '%o is 400'), core('list', '%s is 400')],
  74: [core('http', 'have a page for each code')],
  75: [
    core('crud', 'says what is missing in sentences'),
    suite('problem-shape', 'has the members'),
  ],
  76: [
    core('http', 'thrown as %s are 500 without details', 'show their stack in debug mode alone'),
    running('production', 'B20 is a 500 that tells nothing'),
  ],
  77: [whole('database', 'answers 503 within three seconds'), running('outage', 'D7 answers 503')],
  // Security
  84: [
    running('traffic', 'D3 above the limit', 'D3 copies of the process on one database'),
    whole('configuration', 'with a rate limit'),
    platform('shared-counts', 'copies of the process add up'),
  ],
  85: [feature('forms', 'forms', 'C13 are refused with 403', 'leave the API to programs')],
  86: [
    feature('pages', 'pages', 'escape what they show', 'never print it into a script'),
    running('traffic', 'D1 every answer has the security headers'),
  ],
  87: [
    whole('operations', 'let a listed origin read', 'are safe on every answer'),
    whole('operations', 'may send what the API understands'),
    running('traffic', 'D1 strict transport security', 'D2 nobody is let in', 'D2 only listed'),
  ],
  88: [
    feature('outbound', 'outbound', 'E8 refuses %s', 'E8 connects to the address', 'no more of an'),
    feature('outbound', 'outbound', 'gives up on a receiver', 'does not follow a redirect'),
    feature('outbound', 'outbound', 'E3 unless told otherwise'),
  ],
  89: [
    whole('configuration', 'names every mistake at once', 'refuses a secret'),
    running('production', 'C12 D14 refuses %s with exit code 78'),
    whole('process', 'saying all of it, with exit code 78'),
  ],
  // Observability
  90: [
    running('traffic', 'D11 the log has one JSON line', 'D12 a request id'),
    platform('log', 'the value of %s is hidden'),
    running('production', 'C90 the log hides the values of private fields'),
    suite('problem-shape', 'takes over a request id'),
  ],
  91: [
    whole('operations', 'is continued', 'of a later version', 'is none'),
    running('diagnostics', 'C91 the commands of a traced request'),
    feature('jobs', 'jobs', 'C91 carries the trace'),
    feature('webhooks-out', 'events', 'C91 is told with the trace'),
  ],
  92: [
    running('traffic', 'D10 labels are route templates', 'D10 METRICS_PORT', 'D10 10,000 random'),
    running('traffic', 'D10 METRICS_PORT serves them there', 'C92 tells of the pool'),
    running('production', 'D10 counts and times database commands'),
  ],
  93: [
    whole('operations', '%s answers 200', '/readyz?verbose', '/health is a summary'),
    whole('operations', 'say which of their checks failed'),
    whole('process', 'drains on SIGTERM'),
    running('traffic', 'D9 liveness asks nobody'),
  ],
  94: [
    running('dashboard', 'shows numbers that move', 'breaks with the database and is mended'),
    feature('dashboard', 'dashboard', 'stands on the page, in the log and at the receiver'),
    feature('dashboard', 'dashboard', 'shows requests by route', 'what failed because of it'),
    platform('dashboard', 'the alert looks at this', 'every number of a reading'),
  ],
  95: [running('diagnostics', 'C95 tells the time', 'C95 warns once', 'C95 leaves nothing')],
  // Operations, pages, automation, developer experience
  96: [running('supply', 'E9 is built in stages', 'E10 carries', 'E12 compose keeps')],
  97: [
    running('kubernetes', 'C97 have the kinds', 'C97 ask the probes', 'C97 select one another'),
    running('kubernetes', 'C97 let out no more', 'E11 are what', 'E11 no secret'),
  ],
  98: [
    running('supply', 'E13 runs the tests twice', 'checks style, types and the promise'),
    platform('contract', 'a field less is named by check'),
  ],
  99: [
    whole('process', 'drains on SIGTERM'),
    running('outage', 'D13 drains on SIGTERM', 'D13 a request in flight is answered after'),
  ],
  100: [
    core('sync', 'an empty database gets', 'names %s; sync mends', 'nothing is dropped'),
    running('manage', 'is compared with the models', 'is filled by db:seed', 'is migrated'),
  ],
  101: [
    feature('pages', 'pages', 'has a welcome page', 'answers an unknown path', 'loads its style'),
    whole('operations', 'is a problem for clients that do not ask for a page'),
  ],
  102: [
    feature('webhooks-in', 'webhooks', 'E1 accepts a signed delivery at once', 'with 401'),
    feature('webhooks-in', 'webhooks', 'match the example of its documentation'),
  ],
  103: [
    feature('webhooks-out', 'events', 'as a CloudEvent', 'E3 that fails', 'that answers 410'),
    feature('webhooks-out', 'events', 'sends one again', 'is closed in production'),
    feature(
      'webhooks-out',
      'events',
      'turned off or deleted meanwhile',
      'as the source of an event',
    ),
    feature('outbound', 'outbound', 'signs as Standard Webhooks does'),
    feature('jobs', 'jobs', 'grow by four', 'leaves a pause of which chance takes a part'),
  ],
  104: [
    feature('automations', 'automations', 'are started by a request: 202', 'once for a key'),
    feature('automations', 'automations', 'are watched where PUBLIC_URL says'),
    running('automations', 'survive kill -9', 'are cancelled in whichever process'),
  ],
  106: [
    whole('operations', 'is a page whose parts', 'lists paths that the API has'),
    running('described', 'the process says what the generator promised'),
    suite('schema', 'has every answer'),
  ],
  107: [running('guards', 'G44 passes as it is emitted', 'G44 fails without the guard')],
};

/** The traps of its section 4. */
export const traps: Readonly<Record<number, readonly Proof[]>> = {
  1: [suite('patch', 'never brings a default back')],
  2: [
    suite('methods', 'answers 405 with Allow', 'answers OPTIONS'),
    suite('read', 'answers HEAD with the headers of GET'),
  ],
  3: [suite('patch', 'takes merge-patch+json and plain JSON')],
  4: [
    suite('bad-input', 'answers “Request must be JSON”', 'names every required field of an empty'),
    core('http', '%s is 400'),
  ],
  5: [suite('attacks', 'proto: %s is no parameter'), suite('bad-query', 'refuses an operator')],
  6: [suite('attacks', 'proto: %s is no parameter'), running('query', 'A8 the key %j is refused')],
  7: [suite('bad-query', 'refuses broken percent-encoding')],
  8: [feature('pages', 'pages', 'never print it into a script')],
  9: [
    whole('database', 'keeps documents made around the API editable'),
    core('crud', 'start at 0 for documents made outside'),
  ],
  10: [suite('paging', 'past missing values'), core('list', 'see every document once')],
  11: [
    core('faults', 'without transactions a failed bulk create'),
    suite('bulk', 'rolls back when a unique value is taken'),
  ],
  12: [
    core('http', 'every query to the database is bounded'),
    whole('database', 'gives every query a time limit'),
  ],
  13: [
    running('traffic', 'D10 labels are route templates'),
    whole('operations', 'by route template'),
  ],
  14: [feature('webhooks-in', 'webhooks', 'with 401', 'says nothing about a body')],
  15: [whole('operations', 'are safe on every answer, and do not break plain http')],
  16: [
    running('traffic', 'D4 nobody gets a new allowance', 'D4 with TRUST_PROXY=1'),
    whole('configuration', 'with a rate limit'),
  ],
  17: [core('crud', 'says what is missing in sentences')],
  18: [whole('database', 'answers 503 within three seconds')],
  19: [suite('preconditions', 'weakened')],
  20: [
    spec('shorthand', 'cannot be called %s, at no depth', '%s is refused'),
    spec('parse', 'in a longer form'),
  ],
};

/** Parts of the contract without a number: query grammar, headers, problem documents, bad input. */
export const others: Readonly<Record<string, readonly Proof[]>> = {
  'endpoints that were not asked for': [core('http', 'what was not asked for is not there')],
  'limits of a query': [
    suite('bad-query', 'bounds conditions'),
    core('list', '%s is 400'),
    core('http', 'a URL of more than 8 kB 414'),
  ],
  'limits of the server': [
    platform('config', 'limits are those of the contract'),
    running('http', 'B15 a client that does not finish', 'B16 an idle connection'),
    core('http', 'of the request deadline are 503'),
  ],
  'cursor and its mistakes': [
    suite('paging', 'refuses a cursor'),
    core('list', 'refuse a cursor of another list', 'behind a cursor say less of themselves'),
  ],
  'Location and problem types with PUBLIC_URL': [core('http', 'PUBLIC_URL makes Location')],
  'Idempotency-Key': [
    core('idempotency', 'is refused: %j', 'may be required', 'another key, another path'),
    core('idempotency', 'of a request that crashed is in flight until its lock ends'),
  ],
  'problem document': [
    suite('problem-shape', 'has the members'),
    suite('bad-input', 'lists at most 20 mistakes'),
    core('crud', 'says what is wrong with an item of a list'),
  ],
  'bad input: not JSON, broken, another kind': [
    suite('bad-input', 'Request must be JSON', 'without quoting it', 'answers 400 to the body %s'),
    core('http', '%s is 400'),
  ],
  'bad input: blank counts as missing, nothing is trimmed': [
    suite('bad-input', 'counts a blank %s as missing'),
    core('crud', 'text as it was sent'),
  ],
  'bad input: what the server owns': [
    suite('create', 'refuses a client’s own'),
    suite('attacks', 'what the server owns stays'),
    running('query', 'A13 nobody assigns'),
  ],
  'bad input: _rev in a body': [suite('preconditions', 'takes _rev in the body')],
  'bad input: nothing is converted': [running('query', 'A7 %s %j is refused')],
  'bad input: PATCH {}': [suite('patch', 'writes nothing for {}')],
  'bad input: encoding and charset': [suite('bad-input', 'answers 415 to %s')],
  'bad input: URL': [suite('bad-query', 'refuses broken percent-encoding')],
  'bad input: unknown route': [suite('methods', 'answers 404 to paths beside')],
};
