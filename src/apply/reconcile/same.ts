/** Whether two texts differ in nothing but their line ends and a byte order mark; equal bytes always are the same. */
export function sameText(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0 || Buffer.compare(plain(a), plain(b)) === 0;
}

function plain(content: Uint8Array): Uint8Array {
  const marked = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf;
  const bytes = marked ? content.subarray(3) : content;
  return bytes.filter((byte, at) => byte !== 0x0d || bytes[at + 1] !== 0x0a);
}
