import { contextOf } from './fragment.ts';
import type { RenderContext } from './fragment.ts';
import type { View } from './types.ts';

/** Fills the holes of templates. */
export interface Filler {
  /**
   * @throws {Error} on a hole that the view does not fill, a helper other than `each`, or a syntax error
   * @throws {TypeError} on a value of the view that no writer made
   */
  fill(source: string, view: View): string;
}

/**
 * An engine of our own, so that nobody else's helpers and partials are in it. Templates substitute and loop; all
 * decisions are taken in the view. Nothing is escaped here, because writers escape for the language of the file.
 */
export async function createFiller(): Promise<Filler> {
  // Loaded late: commands that render nothing start without it.
  const { default: handlebars } = await import('handlebars');
  const engine = handlebars.create();
  for (const helper of Object.keys(engine.helpers))
    if (helper !== 'each') engine.unregisterHelper(helper);
  const each = engine.helpers['each'];
  // Handlebars goes over what is not there as over an empty list.
  engine.registerHelper('each', function (this: unknown, list: unknown, options: unknown): unknown {
    if (!Array.isArray(list)) throw new TypeError('a template loops over what is no list');
    return each?.call(this, list, options);
  });
  const compiled = new Map<string, (context: RenderContext) => string>();

  function compile(source: string): (context: RenderContext) => string {
    let template = compiled.get(source);
    if (template === undefined) {
      const filled = engine.compile<RenderContext>(source, {
        strict: true,
        noEscape: true,
        knownHelpersOnly: true,
        knownHelpers: { each: true },
        preventIndent: true,
      });
      template = (context) =>
        String(
          filled(context, {
            allowProtoPropertiesByDefault: false,
            allowProtoMethodsByDefault: false,
          }),
        );
      compiled.set(source, template);
    }
    return template;
  }

  return { fill: (source, view) => compile(source)(contextOf(view)) };
}
