import { Fragment } from '../fragment.ts';

/** Text whose type is its very letters: it stands in our source, and what a user typed has not this type. */
export type Literal<T extends string> = string extends T ? never : T;

/** Text of our own as it is. */
export function fixed<const T extends string>(text: Literal<T>): Fragment {
  return new Fragment(text);
}
