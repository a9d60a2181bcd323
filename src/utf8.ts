/** A content as text; bytes are UTF-8, byte order mark and all, and what is none becomes U+FFFD. */
export function utf8Text(content: string | Uint8Array): string {
  if (typeof content === 'string') return content;
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8');
}
