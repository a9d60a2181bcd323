import { lookup, type LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { request as http, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as https } from 'node:https';
import type { LookupFunction } from 'node:net';
import { promisify } from 'node:util';
import type { Config } from '../../config.ts';
import { isPublicAddress } from './addresses.ts';

/** What is sent, and how much of the answer is waited for and read. */
export interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For all of it: name, connection, answer; 5 s when nothing is said. */
  readonly timeoutMs?: number;
  /** The rest of a longer answer is not read; 64 kB when nothing is said. */
  readonly maxBytes?: number;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly text: string;
}

export type Outbound = (address: string, request: OutboundRequest) => Promise<OutboundAnswer>;

/** Every address of a host name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** The address may not be called, now or later: trying again is of no use. */
export class AddressRefused extends Error {
  override name = 'AddressRefused';
}

const resolveName: Resolve = (host) => promisify(lookup)(host, { all: true });

const parse = (address: string, production: boolean): URL => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && !production)) return url;
  throw new AddressRefused(`The address must begin with ${production ? 'https' : 'http(s)'}://`);
};

/** Answers with what was checked, so that a name cannot mean another host a moment later. */
const pinned =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_host, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };

const readText = async (response: IncomingMessage, maxBytes: number): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
};

const aborted = async (signal: AbortSignal): Promise<never> => {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
};

/**
 * The only way to call an address that a user or a setting names. In production it must be https, and every address
 * its name has must be a host of the Internet; the connection goes to the address that was checked. Redirects are
 * answers like others: they are not followed.
 *
 * @param resolve how a name becomes addresses; a test gives its own
 * @returns a function that rejects with `AddressRefused`, `TimeoutError`, or the error of the connection
 */
export const createOutbound =
  ({ debug }: Pick<Config, 'debug'>, resolve: Resolve = resolveName): Outbound =>
  async (address, { method, headers = {}, body, timeoutMs = 5_000, maxBytes = 65_536 }) => {
    const url = parse(address, !debug);
    const signal = AbortSignal.timeout(timeoutMs);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = await Promise.race([resolve(host), aborted(signal)]);
    if (!debug && !addresses.every((entry) => isPublicAddress(entry.address))) {
      throw new AddressRefused(`${host} is not a host of the Internet`);
    }
    // A connection of its own: one that is kept may lead to a host that was checked long ago.
    const options: RequestOptions = {
      method,
      headers: {
        ...headers,
        ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }),
      },
      agent: false,
      lookup: pinned(addresses),
      signal,
    };
    const request = (url.protocol === 'https:' ? https : http)(url, options);
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    // Errors after the answer has begun are those of reading it.
    request.on('error', () => undefined).end(body);
    const [response] = await answered;
    return { status: response.statusCode ?? 0, text: await readText(response, maxBytes) };
  };
