// The pages that only show: the list of a resource, and one document.
import { Router, type Request, type RequestHandler } from 'express';
import type { Doc } from '../core/bson.ts';
import { locals } from '../core/context.ts';
import { label } from '../core/field.ts';
import { optionsOf } from '../core/handlers.ts';
import { parameters, type Parameters } from '../core/parameters.ts';
import { parseListQuery } from '../core/query.ts';
import type { Page as Listed, ReadOptions, Service } from '../core/service.ts';
import { columnsOf, ownedRows, rowsOf, show, type Refer } from './display.ts';
import { titleField, titleOf, titlesFor } from './references.ts';
import { base, type FormSite } from './site.ts';

const strict = { strict: true, caseSensitive: true };

/** Notes the template of the route for log and metrics. */
export const routed =
  (service: Service, path: string): RequestHandler =>
  (_req, res, next) => {
    locals(res).route = `${base}${service.model.path}${path}`;
    next();
  };

/** How the references of these documents are shown. */
export const referFor = async (
  { context, hrefOf }: FormSite,
  { model }: Service,
  wires: readonly Doc[],
  options: ReadOptions,
): Promise<Refer> => {
  const titles = await titlesFor(context, model, wires, options);
  return (field, id) => {
    const title = titles.get(id);
    return { text: title ?? id, href: title === undefined ? '' : hrefOf(field, id) };
  };
};

/** Parameters, one a value, with some in the place of others; `undefined` takes one out. */
const pairsOf = (given: Parameters, change: Parameters): [string, string][] =>
  Object.entries({ ...given, ...change }).flatMap(([name, value = []]) =>
    [value].flat().map((text): [string, string] => [name, text]),
  );

/** The same as a query string. */
const withParameters = (given: Parameters, change: Parameters): string =>
  `?${new URLSearchParams(pairsOf(given, change)).toString()}`;

/** A search looks among what the list shows now, in its order, from the first page on. */
const searching = (given: Parameters) => ({
  text: given.q ?? '',
  kept: pairsOf(given, { q: undefined, page: undefined }),
});

/** A search that is left empty asks for nothing. */
const asked = (req: Request): Parameters => {
  const all = parameters(req);
  return Object.fromEntries(
    Object.entries(all).filter(([name, value]) => name !== 'q' || value !== ''),
  );
};

/** Links to sort by a column: upwards first, and downwards when it is so. */
const headings = (service: Service, columns: readonly string[], given: Parameters) =>
  columns.map((name) => {
    const isUp = given.sort === name;
    const isDown = given.sort === `-${name}`;
    const sort = isUp ? `-${name}` : name;
    const isSortable = service.vocabulary.fields.get(name)?.sortable === true;
    return {
      label: label(name),
      href: isSortable ? withParameters(given, { sort, page: undefined, cursor: undefined }) : '',
      sorted: isUp ? 'ascending' : isDown ? 'descending' : '',
    };
  });

const paging = ({ page = 1, limit, total, next, capped }: Listed<unknown>, given: Parameters) => ({
  page,
  total,
  capped,
  pages: total === undefined ? undefined : Math.max(1, Math.ceil(total / Math.max(1, limit))),
  previous: page > 1 ? withParameters(given, { page: String(page - 1) }) : '',
  next: next === null ? '' : withParameters(given, { page: String(page + 1) }),
});

/** GET / and GET /:id of one resource. */
export const readPages = (site: FormSite, service: Service): Router => {
  const { model, codec, vocabulary, context } = service;
  const columns = columnsOf(model.fields, titleField(model));

  const list: RequestHandler = async (req, res) => {
    const { cursor: _cursor, ...given } = asked(req);
    const newest = vocabulary.fields.has('updatedAt') ? '-updatedAt' : '_id';
    const query = parseListQuery({ sort: newest, ...given }, vocabulary, context.config.limits);
    const page = await service.list(query, optionsOf(res));
    const wires = page.documents.map(codec.answer);
    const refer = await referFor(site, service, wires, optionsOf(res));
    site.send(req, res, 'list', model, {
      columns: headings(
        service,
        columns.map(([name]) => name),
        given,
      ),
      rows: wires.map((wire) => ({
        id: String(wire._id),
        title: titleOf(model, wire),
        cells: columns.map(([name, field]) => show(field, wire[name], refer)),
      })),
      paging: paging(page, given),
      search: vocabulary.searched.length > 0 ? searching(given) : undefined,
    });
  };

  const detail: RequestHandler = async (req, res) => {
    const options = optionsOf(res);
    const wire = codec.answer(await service.read(String(req.params.id), options));
    const refer = await referFor(site, service, [wire], options);
    site.send(req, res, 'detail', model, {
      id: wire._id,
      heading: titleOf(model, wire),
      rows: [...rowsOf(model.fields, wire, refer), ...ownedRows(wire, refer)],
    });
  };

  return Router(strict)
    .get('/', routed(service, ''), list)
    .get('/:id', routed(service, '/:id'), detail);
};
