// The Link header of a page (RFC 8288): references of query strings only, so that no proxy prefix can break them.
import type { Limits } from './context.ts';
import type { Page } from './service.ts';

/** A query string as a URI reference may hold it: brackets and anything odd percent-encoded. */
const safe = (query: string): string =>
  query.replace(/[^\w.~%!$&'()*+,;=:@/?-]/g, (character) => encodeURIComponent(character));

/** first and prev, next, last: those that exist. */
export const pageLinks = (url: string, page: Page<unknown>, { pageWindow }: Limits): string => {
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
