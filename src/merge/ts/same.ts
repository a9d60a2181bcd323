import { codeReader } from './code.ts';
import { parseSource } from './parse.ts';

/** Whether two sources are made of the same tokens and comments. */
export function sameCode(a: string, b: string): boolean {
  const [left, right] = [parseSource(a), parseSource(b)];
  if (typeof left === 'string' || typeof right === 'string') return false;
  return codeReader(left)(0, a.length) === codeReader(right)(0, b.length);
}
