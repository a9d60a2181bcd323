import { closed, compilation, engineOf, type Compiled } from './engine.ts';
import { contextOf } from './fragment.ts';
import type { RenderContext } from './fragment.ts';
import type { View } from './types.ts';

/** Fills the holes of templates. */
export interface Filler {
  /**
   * @throws {Error} on a hole that the view does not fill, a helper other than `each`, or a syntax error
   * @throws {TypeError} on a value of the view that no writer made
   */
  fill(source: string, view: View): Promise<string>;
}

/**
 * An engine of our own. Templates substitute and loop; all decisions are taken in the view. Nothing is escaped here,
 * because writers escape for the language of the file.
 *
 * @param given templates that are compiled already, by their source; those of the build, when left out
 */
export function createFiller(given?: ReadonlyMap<string, TemplateSpecification>): Filler {
  // Each is loaded when the first template needs it: to compile takes longer than to start.
  const build = once(async () => given ?? (await import('./precompiled.ts')).precompiled);
  const runtime = once(async () => {
    const { default: loaded } = await import('handlebars/runtime.js');
    // Its types say nothing; it is the whole without what compiles.
    return engineOf(loaded as unknown as typeof Handlebars);
  });
  const compiler = once(async () => engineOf((await import('handlebars')).default));
  const compiled = new Map<string, Compiled>();

  async function compile(source: string): Promise<Compiled> {
    const known = compiled.get(source);
    if (known !== undefined) return known;
    const made = (await build()).get(source);
    const template = closed(
      made === undefined
        ? (await compiler()).compile<RenderContext>(source, compilation)
        : (await runtime()).template<RenderContext>(made),
    );
    compiled.set(source, template);
    return template;
  }

  return { fill: async (source, view) => (await compile(source))(contextOf(view)) };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
