// What all pages of all forms share: their services, how a template is chosen, messages, tokens and cookies.
import type { Request, Response } from 'express';
import type { AppContext } from '../context.ts';
import { label, type FieldSpec } from '../core/field.ts';
import type { Model } from '../core/model.ts';
import type { Service } from '../core/service.ts';
import { createViews } from '../views.ts';
import { cookieJar } from './cookies.ts';
import { createCsrf, tokenField, type Csrf } from './csrf.ts';
import { createFlash, type Flash } from './flash.ts';
import { createSigner } from './signer.ts';

/** Where the pages of all forms are. */
export const base = '/forms';

/** What app/templates/forms has a page for; a project replaces one by app/templates/<path of the resource>/<page>.html. */
export type Page = 'index' | 'list' | 'detail' | 'edit' | 'delete' | 'error';

export interface FormSite {
  readonly context: AppContext;
  readonly services: readonly Service[];
  readonly csrf: Csrf;
  readonly flash: Flash;
  /** Sends a page. It is never cached: it holds a token, and what others may have changed meanwhile. */
  readonly send: (
    req: Request,
    res: Response,
    page: Page,
    model: Model | undefined,
    values: object,
  ) => void;
  /** The page of a document that a reference points to; empty where there is none. */
  readonly hrefOf: (field: FieldSpec, id: string) => string;
}

/** A resource as the templates know it. */
export const resourceOf = ({ name, plural, path, description = '' }: Model) => ({
  name: label(name),
  plural: label(plural),
  description,
  href: `${base}${path}`,
});

export const createSite = (context: AppContext, services: readonly Service[]): FormSite => {
  const { config } = context;
  const renderTemplate = createViews(context);
  const jar = cookieJar(config);
  const signer = createSigner(config);
  const csrf = createCsrf(config, jar, signer);
  const flash = createFlash(jar, signer);
  const paths = new Map(services.map(({ model }) => [model.name, model.path]));
  return {
    context,
    services,
    csrf,
    flash,
    send: (req, res, page, model, values) => {
      res.set({ 'Cache-Control': 'private, no-store', 'Referrer-Policy': 'same-origin' });
      const own = model === undefined ? [] : [`${model.path.slice(1)}/${page}.html`];
      const html = renderTemplate([...own, `forms/${page}.html`], {
        // What the navigation calls these pages.
        title: 'Forms',
        base,
        resource: model && resourceOf(model),
        token: csrf.token(req, res),
        tokenField,
        flash: flash.take(req, res),
        ...values,
      });
      res.send(html);
    },
    hrefOf: ({ to = '' }, id) => {
      const path = paths.get(to);
      return path === undefined ? '' : `${base}${path}/${id}`;
    },
  };
};
