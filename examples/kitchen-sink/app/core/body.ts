// Reads JSON bodies: size, encoding, charset, depth and dangerous keys are settled here, before anything walks the value.
import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Request, RequestHandler } from 'express';
import type { Limits } from './context.ts';
import { inspect } from './inspect.ts';
import { problem, type Problem } from './problems.ts';

const jsonType = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i;

const acceptPost = { 'Accept-Post': 'application/json' };

/** Bytes of a refused body that are read and thrown away, so that the client gets to see the answer. */
const lingering = 16_000_000;

const openBracket = 0x5b;
const isSpace = (byte: number): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** The body without its content encoding. */
const decoded = (req: Request): Readable => {
  const encoding = req.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return req;
  if (encoding === 'gzip' || encoding === 'x-gzip') return req.pipe(createGunzip());
  if (encoding === 'deflate') return req.pipe(createInflate());
  if (encoding === 'br') return req.pipe(createBrotliDecompress());
  throw problem('unsupported_media_type', 'This content encoding is not supported', {
    headers: { 'Accept-Encoding': 'gzip, deflate, br' },
  });
};

/** Collects the body. A client that is still sending would not see a refusal, so what it sends is read first. */
const collect = (req: Request, limits: Limits): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const source = decoded(req);
    const chunks: Buffer[] = [];
    let size = 0;
    let limit = limits.body;
    let started = false;
    const refuse = (): void => {
      reject(problem('body_too_large', undefined, { headers: { Connection: 'close' } }));
    };
    const drain = (): void => {
      chunks.length = 0;
      source.removeAllListeners('data');
      req.unpipe();
      let drained = size;
      req.on('data', (chunk: Buffer) => {
        drained += chunk.length;
        if (drained > lingering) refuse();
      });
      if (req.readableEnded) refuse();
      else req.once('end', refuse);
      req.resume();
    };
    source.on('data', (chunk: Buffer) => {
      size += chunk.length;
      const first = started ? -1 : chunk.findIndex((byte) => !isSpace(byte));
      started ||= first >= 0;
      // A list of documents may be larger than one document.
      if (first >= 0 && chunk[first] === openBracket) limit = limits.bulkBody;
      if (size <= limit) chunks.push(chunk);
      else drain();
    });
    source.once('end', () => {
      if (size <= limit) resolve(Buffer.concat(chunks));
    });
    const fail = (cause: Error): void => {
      reject(problem('invalid_body', 'The body could not be read', { cause }));
    };
    for (const from of new Set<Readable>([req, source])) from.once('error', fail);
  });

const parsed = (bytes: Buffer): unknown => {
  try {
    if (isUtf8(bytes)) return JSON.parse(bytes.toString('utf8'));
  } catch {
    // The parser's own message quotes the body, so it is not passed on.
  }
  throw problem('invalid_json');
};

/** What a body says, read in steps with a pause around each. An empty one counts as {}: what it lacks is said by field. */
const inSteps = async (bytes: Buffer, depth: number, dots: boolean, pause: () => unknown) => {
  await pause();
  const value = bytes.length === 0 ? {} : parsed(bytes);
  if (typeof value !== 'object' || value === null) throw problem('invalid_body');
  await pause();
  const errors = inspect(value, Array.isArray(value) ? depth + 1 : depth, dots);
  if (errors.length > 0) throw problem('validation_error', undefined, { errors });
  await pause();
  return value;
};

/** Bytes from which on a body can hold up others: to parse, to inspect and to check it may take some 30 ms each. */
const large = 16_000;

let lastLarge = Promise.resolve();

/** Large bodies are read one after the other, and between two steps the event loop turns. */
const read = (bytes: Buffer, { depth }: Limits, dots: boolean): Promise<object> => {
  if (bytes.length <= large) return inSteps(bytes, depth, dots, () => undefined);
  const mine = lastLarge.then(() => inSteps(bytes, depth, dots, setImmediate));
  lastLarge = mine.catch(() => undefined).then(() => undefined); // what it said is not kept
  return mine;
};

/** The media type when it is JSON in UTF-8; another charset is refused, another type is not ours to read. */
const isJson = (req: Request): boolean => {
  const type = req.headers['content-type'];
  if (type === undefined || !jsonType.test(type)) return false;
  const name = charset.exec(type)?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(name)) {
    throw problem('unsupported_media_type', 'JSON must be in UTF-8', { headers: acceptPost });
  }
  return true;
};

/** The methods whose body is read. */
export const withBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'QUERY']);

/** Sets req.body to the parsed JSON; it stays undefined for every other type. */
export const jsonBody =
  (limits: Limits): RequestHandler =>
  async (req, _res, next) => {
    if (withBody.has(req.method) && isJson(req)) {
      // The members of a search are parameters: dims.w is a path.
      const dots = req.method === 'QUERY' || req.path.endsWith('/search');
      const bytes = await collect(req, limits);
      req.body = await read(bytes, limits, dots);
    }
    next();
  };

const notJson = (): Problem => problem('not_json', undefined, { headers: acceptPost });

/** The body that jsonBody has read; 400 "Request must be JSON" when there was none. */
export const requireJson = (req: Request): object => {
  const body: unknown = req.body;
  if (typeof body !== 'object' || body === null) throw notJson();
  return body;
};

/** The body as one document; a list or anything else is refused. */
export const requireObject = (req: Request): object => {
  const body = requireJson(req);
  if (Array.isArray(body)) throw problem('invalid_body');
  return body;
};

/** What PATCH takes. */
export const mergePatch = 'application/merge-patch+json, application/json';
const isMergePatch = /^application\/(?:merge-patch\+)?json\s*(?:;|$)/i;

/** 415 for patches in any other format. */
export const requireMergePatch = (req: Request): void => {
  if (isMergePatch.test(req.headers['content-type'] ?? '')) return;
  throw problem('unsupported_media_type', 'Send a JSON Merge Patch', {
    headers: { 'Accept-Patch': mergePatch },
  });
};
