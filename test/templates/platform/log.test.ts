// What reaches the log, and what never does.
import { MongoServerError } from 'mongodb';
import type { Logger } from 'pino';
import { expect, test } from 'vitest';
import { createLogger } from '../../../templates/project/app/ops/log.ts';

/** The line that is written, as a text. */
const written = (write: (log: Logger) => void, hidden: readonly string[] = []): string => {
  let lines = '';
  const destination = { write: (line: string) => void (lines += line) };
  write(createLogger({ logLevel: 'info', debug: false }, hidden, destination));
  return lines;
};
const record = (...args: Parameters<typeof written>) =>
  JSON.parse(written(...args)) as Record<string, unknown>;
const logged = (err: unknown) => record((log) => log.error({ err }, 'failed')).err;

test('one call is one line of JSON, with level, time in UTC and message, and nothing of the host', () => {
  const line = written((log) => log.info({ text: 'two\nlines' }, 'hello\nworld'));
  expect(line.split('\n')).toHaveLength(2);
  expect(JSON.parse(line)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    text: 'two\nlines',
    msg: 'hello\nworld',
  });
});

test('what is below the level is not written', () => {
  expect(written((log) => log.debug({}, 'hidden'))).toBe('');
  expect(written((log) => log.warn({}, 'shown'))).not.toBe('');
});

const names = ['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token', 'iban'];
test.each(names)('the value of %s is hidden, up to two levels down', (name) => {
  const value = 'hunter2';
  const details = {
    [name]: value,
    headers: { [name]: value, host: 'a' },
    req: { headers: { [name]: value } },
  };
  const line = written((log) => log.info(details, 'request'), ['iban']);
  expect(line).not.toContain(value);
  expect(JSON.parse(line)).toMatchObject({
    [name]: '[Redacted]',
    headers: { [name]: '[Redacted]', host: 'a' },
    req: { headers: { [name]: '[Redacted]' } },
  });
});

test('a field that is not hidden is written', () => {
  expect(record((log) => log.info({ iban: 'DE1' }, 'x')).iban).toBe('DE1');
});

test('an error is its type, code, message, stack and causes, never the documents it carries', () => {
  const cause = Object.assign(new TypeError('inner'), { document: { pin: 'private-1' } });
  const error = Object.assign(new Error('outer', { cause }), {
    code: 121,
    errInfo: { failingDocumentId: 'private-2', details: { consideredValue: 'private-3' } },
    writeErrors: [{ err: { op: { pin: 'private-4' } } }],
    result: { insertedDocs: [{ pin: 'private-5' }] },
  });
  const line = written((log) => log.error({ err: error }, 'failed'));
  expect(line).not.toContain('private-');
  expect((JSON.parse(line) as { err: object }).err).toEqual({
    type: 'Error',
    code: 121,
    message: 'outer',
    stack: expect.stringContaining('log.test.ts') as string,
    cause: {
      type: 'TypeError',
      message: 'inner',
      stack: expect.stringContaining('TypeError: inner') as string,
    },
  });
});

test.each([
  ['a text', '{ email: "jane@a.example" }'],
  ['a text with a brace', '{ email: "jane@a.example } and jane@b.example" }'],
  ['a text of several lines', '{ email: "jane@a.example\nat jane@b.example" }'],
  ['several fields', '{ tenant: 1, email: "jane@a.example" }'],
])('the value of a duplicate key is removed: %s', (_title, key) => {
  const index = 'E11000 duplicate key error collection: shop.users index: email_unique';
  const error = new MongoServerError({ message: `${index} dup key: ${key}`, code: 11_000 });
  const line = written((log) => log.error({ err: new Error('write', { cause: error }) }, 'x'));
  expect(line).not.toContain('jane@');
  const { cause } = (JSON.parse(line) as { err: { cause: { message: string; stack: string } } })
    .err;
  expect(cause).toMatchObject({ type: 'MongoServerError', code: 11_000, message: index });
  expect(cause.stack).toMatch(/\n\s+at .*log\.test\.ts/);
});

test.each([
  ['a text', 'oops', { message: 'oops' }],
  ['null', null, { message: 'null' }],
  ['an object without anything', { document: 'private' }, {}],
  ['an object with a message', { message: 'm', document: 'private' }, { message: 'm' }],
])('what was thrown and is no error is described as well: %s', (_title, thrown, expected) => {
  expect(logged(thrown)).toEqual(expected);
});
