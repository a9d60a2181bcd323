import { Fragment } from '../fragment.ts';
import type { Literal } from './fixed.ts';

/** Fragments one after the other, with text of our own between them. */
export function join<const S extends string>(
  parts: readonly Fragment[],
  separator: Literal<S>,
): Fragment {
  return new Fragment(parts.map(String).join(separator));
}

/** A template string of fragments: its fixed text is ours, its values went through a writer. */
export function fragment(texts: TemplateStringsArray, ...values: readonly Fragment[]): Fragment {
  return new Fragment(texts.map((text, index) => text + String(values[index] ?? '')).join(''));
}
