import { join } from 'node:path';
import nunjucks from 'nunjucks';
import type { AppContext } from './context.ts';
import { info } from './info.ts';
import { navigation } from './navigation.ts';

/** Fills a template of app/templates, as Flask's `render_template` does. */
export type RenderTemplate = (name: string, values?: Readonly<Record<string, unknown>>) => string;

/**
 * The templates of app/templates. What a value holds is text, never markup: `<` comes out as `&lt;`. In debug mode
 * a template is read anew each time, so that an edit shows with the next request. Every template also sees
 * `project` (app/info.ts) and `navigation`.
 */
export const createViews = ({ config }: Pick<AppContext, 'config'>): RenderTemplate => {
  const loader = new nunjucks.FileSystemLoader(join(import.meta.dirname, 'templates'), {
    noCache: config.debug,
  });
  const environment = new nunjucks.Environment(loader, {
    autoescape: true,
    throwOnUndefined: false,
  });
  environment.addGlobal('project', info);
  environment.addGlobal('navigation', navigation);
  return (name, values = {}) => environment.render(name, values);
};
