import type { View } from './types.ts';

/**
 * Text that may stand in a file as it is. Only the writers make fragments, each for its language, so that no value
 * gets into a file unescaped: the private field makes a plain string a type error wherever a fragment is wanted.
 */
export class Fragment {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What a template sees: no prototype, so that `constructor` and the like are unknown names. */
export interface RenderContext {
  [name: string]: string | RenderContext | (string | RenderContext)[];
}

/**
 * The text of a view, for the template engine.
 * @param path where the view is, for the message
 * @throws {TypeError} on a value that no writer made
 */
export function contextOf(view: View, path = 'view'): RenderContext {
  const context = Object.create(null) as RenderContext;
  for (const [name, value] of Object.entries(view)) {
    context[name] = isList(value)
      ? value.map((item, index) => leafOrView(item, `${path}.${name}[${index}]`))
      : leafOrView(value, `${path}.${name}`);
  }
  return context;
}

function isList(value: View[string]): value is readonly (Fragment | View)[] {
  return Array.isArray(value);
}

function leafOrView(value: unknown, path: string): string | RenderContext {
  if (value instanceof Fragment) return value.toString();
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!plain) throw new TypeError(`${path} was made by no writer`);
  return contextOf(value as View, path);
}
