import { createHash } from 'node:crypto';

/** Bytes that were hashed once: no content is changed in its place, and the same one is asked about many times. */
const known = new WeakMap<Uint8Array, string>();

/** SHA-256 in hexadecimal digits; a string counts as UTF-8. The bytes must not be changed afterwards. */
export function sha256(content: string | Uint8Array): string {
  if (typeof content === 'string') return digest(content);
  const hash = known.get(content) ?? digest(content);
  known.set(content, hash);
  return hash;
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The bytes of a content; a string is UTF-8. */
export function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
}
