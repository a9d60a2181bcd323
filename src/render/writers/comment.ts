import { Fragment } from '../fragment.ts';

/**
 * Text inside a comment of TypeScript, CSS or HTML: one line, which cannot end the comment.
 * Invisible characters, among them those that reverse the reading direction, become spaces.
 */
export function comment(text: string): Fragment {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ').trim();
  return new Fragment(line.replaceAll('*/', '*\\/').replaceAll('-->', '--\\>'));
}
