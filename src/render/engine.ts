import type { RenderContext } from './fragment.ts';

/** How templates are compiled: unknown names and helpers are errors, and nothing is escaped. */
export const compilation = {
  strict: true,
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: { each: true },
  preventIndent: true,
};

/** A compiled template. */
export type Compiled = (context: RenderContext) => string;

/**
 * An engine of our own, so that nobody else's helpers and partials are in it: `each`, and nothing else.
 * @param handlebars the whole of it, or its runtime, which cannot compile
 */
export function engineOf(handlebars: typeof Handlebars): typeof Handlebars {
  const engine = handlebars.create();
  for (const helper of Object.keys(engine.helpers))
    if (helper !== 'each') engine.unregisterHelper(helper);
  const each = engine.helpers['each'];
  // Handlebars goes over what is not there as over an empty list.
  engine.registerHelper('each', function (this: unknown, list: unknown, options: unknown): unknown {
    if (!Array.isArray(list)) throw new TypeError('a template loops over what is no list');
    return each?.call(this, list, options);
  });
  return engine;
}

/** A template that asks no prototype for anything. */
export function closed(template: HandlebarsTemplateDelegate<RenderContext>): Compiled {
  return (context) =>
    String(
      template(context, {
        allowProtoPropertiesByDefault: false,
        allowProtoMethodsByDefault: false,
      }),
    );
}
