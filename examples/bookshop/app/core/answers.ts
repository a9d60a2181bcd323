// From documents to answers: wire form, embedding, projection, ETag, paging links, Location, Prefer.
import type { Request } from 'express';
import type { Doc } from './bson.ts';
import type { Limits } from './context.ts';
import { embed } from './relations.ts';
import type { Owned } from './model.ts';
import { project } from './walk.ts';
import type { ListQuery, ReadQuery } from './query.ts';
import { tagOf } from './revision.ts';
import { weakTag, type Answer } from './send.ts';
import type { ListOptions, Page, ReadOptions, Service } from './service.ts';

/** A query string as a URI reference may hold it: brackets and anything odd percent-encoded. */
const safe = (query: string): string =>
  query.replace(/[^\w.~%!$&'()*+,;=:@/?-]/g, (character) => encodeURIComponent(character));

/** first and prev, next, last: those that exist. */
const pageLinks = (url: string, page: Page<unknown>, { pageWindow }: Limits): string => {
  const start = url.indexOf('?');
  const kept = (start < 0 ? '' : url.slice(start + 1))
    .split('&')
    .filter((pair) => pair !== '' && !/^(?:page|cursor)(?:=|$)/.test(pair))
    .map(safe);
  const link = (rel: string, pair?: string): string =>
    `<?${[...kept, ...(pair === undefined ? [] : [pair])].join('&')}>; rel="${rel}"`;
  const links: string[] = [];
  const { page: number, limit, total, capped, next } = page;
  if (limit === 0) return '';
  if (number === undefined) {
    links.push(link('first'));
    if (next !== null) links.push(link('next', `cursor=${next}`));
    return links.join(', ');
  }
  if (number > 1) links.push(link('first', 'page=1'), link('prev', `page=${number - 1}`));
  if (next !== null) {
    // Where page numbers end, the cursor goes on.
    const within = (number + 1) * limit <= pageWindow;
    links.push(link('next', within ? `page=${number + 1}` : `cursor=${next}`));
  }
  const pages = total === undefined || capped ? 0 : Math.ceil(total / limit);
  if (pages > number && pages * limit <= pageWindow) links.push(link('last', `page=${pages}`));
  return links.join(', ');
};

type Headers = { [name: string]: string };

const lastModified = ({ updatedAt }: { readonly updatedAt?: unknown }): Headers =>
  updatedAt instanceof Date ? { 'Last-Modified': updatedAt.toUTCString() } : {};

/** Documents as the query wants to see them. */
const wiresOf = async (
  service: Service,
  documents: readonly Owned[],
  { embed: references, projection }: ReadQuery,
  options: ReadOptions,
): Promise<Doc[]> => {
  const wires = documents.map(service.codec.answer);
  if (references.length > 0) await embed(service, wires, references, options);
  return projection ? wires.map((wire) => project(wire, projection)) : wires;
};

/** 200 with one document. Its tag is the revision; a body with embedded documents has one of its own. */
export const itemAnswer = async (
  service: Service,
  document: Owned,
  query: ReadQuery,
  options: ReadOptions,
): Promise<Answer> => {
  const [wire] = await wiresOf(service, [document], query, options);
  const body = JSON.stringify(wire);
  if (query.embed.length > 0) return { status: 200, headers: { ETag: weakTag(body) }, body };
  return { status: 200, headers: { ETag: tagOf(document), ...lastModified(document) }, body };
};

const metaOf = ({ limit, page, total, capped, next }: Page<unknown>) => {
  if (page === undefined) return { limit, ...(total !== undefined && { total }), next };
  const pages =
    total === undefined || capped ? undefined : limit === 0 ? 0 : Math.ceil(total / limit);
  return { limit, page, pages, total, ...(capped && { totalCapped: true }), next };
};

/** 200 with a page; `Link` only where the query is in the URL. */
export const listAnswer = async (
  service: Service,
  query: ListQuery,
  req: Request,
  options: ListOptions,
): Promise<Answer> => {
  const page = await service.list(query, options);
  const meta = metaOf(page);
  const data = await wiresOf(service, page.documents, query, options);
  const body = JSON.stringify({ data, meta });
  const headers: Headers = { ETag: weakTag(body) };
  if (page.total !== undefined && !page.capped) headers['X-Total-Count'] = String(page.total);
  const link =
    req.method === 'GET' || req.method === 'HEAD'
      ? pageLinks(req.url, page, service.context.config.limits)
      : '';
  if (link !== '') headers.Link = link;
  return { status: 200, headers, body };
};

/** What the client prefers to get back from a write (RFC 7240); other preferences are ignored. */
const preferred = (req: Request): 'minimal' | 'representation' | undefined => {
  const [, choice] =
    /(?:^|[,;])\s*return\s*=\s*"?(minimal|representation)\b/i.exec(req.get('prefer') ?? '') ?? [];
  if (choice === undefined) return undefined;
  return choice.toLowerCase() === 'minimal' ? 'minimal' : 'representation';
};

/** The answer to a write: the stored document, or nothing when the client prefers it. */
export const writtenAnswer = (
  req: Request,
  created: boolean,
  headers: Headers,
  body: () => unknown,
): Answer => {
  const preference = preferred(req);
  const applied: Headers = preference
    ? { ...headers, 'Preference-Applied': `return=${preference}` }
    : headers;
  if (preference === 'minimal') return { status: created ? 201 : 204, headers: applied, body: '' };
  return { status: created ? 201 : 200, headers: applied, body: JSON.stringify(body()) };
};

/** One written document; a new one says where it is. */
export const documentAnswer = (
  service: Service,
  req: Request,
  document: Owned,
  created: boolean,
): Answer => {
  const headers: Headers = { ETag: tagOf(document), ...lastModified(document) };
  const { publicUrl = '' } = service.context.config;
  if (created) headers.Location = `${publicUrl}${req.baseUrl}/${document._id.toHexString()}`;
  return writtenAnswer(req, created, headers, () => service.codec.answer(document));
};
