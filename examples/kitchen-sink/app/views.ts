import { existsSync } from 'node:fs';
import { join } from 'node:path';
import nunjucks from 'nunjucks';
import type { AppContext } from './context.ts';
import { info } from './info.ts';
import { navigation } from './navigation.ts';

/** Fills a template of app/templates, as Flask's `render_template` does: of several names the first that is there. */
export type RenderTemplate = (
  name: string | readonly string[],
  values?: Readonly<Record<string, unknown>>,
) => string;

const folder = join(import.meta.dirname, 'templates');

/**
 * The templates of app/templates. What a value holds is text, never markup: `<` comes out as `&lt;`. In debug mode
 * a template is read anew each time, so that an edit shows with the next request. Every template also sees
 * `project` (app/info.ts) and `navigation`.
 */
export const createViews = ({ config }: Pick<AppContext, 'config'>): RenderTemplate => {
  const loader = new nunjucks.FileSystemLoader(folder, {
    noCache: config.debug,
  });
  const environment = new nunjucks.Environment(loader, {
    autoescape: true,
    throwOnUndefined: false,
    trimBlocks: true,
    lstripBlocks: true,
  });
  environment.addGlobal('project', info);
  environment.addGlobal('navigation', navigation);
  return (names, values = {}) => {
    const [only = '', ...others] = [names].flat();
    const name = [only, ...others].find((file) => existsSync(join(folder, file))) ?? only;
    return environment.render(name, values);
  };
};
