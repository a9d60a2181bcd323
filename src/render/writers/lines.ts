import { Fragment } from '../fragment.ts';

/** Texts of our own templates below each other, as a `.gitignore` takes them. */
export function lines(texts: readonly string[]): Fragment {
  return new Fragment(texts.map((text) => text.trimEnd()).join('\n'));
}
