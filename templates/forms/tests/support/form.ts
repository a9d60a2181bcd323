/** A browser without scripts, as far as tests of forms need one: it keeps cookies, reads forms, and sends them back. */
import { expect } from 'vitest';
import type { Answer, Client } from './client.ts';

/** What a form would send, by the names of its inputs. */
export type Values = Map<string, readonly string[]>;

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#96': '`',
};

const unescaped = (text: string): string =>
  text.replace(/&(\w+|#\d+);/g, (whole, name: string) => entities[name] ?? whole);

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : unescaped(found);
};

const has = (tag: string, name: string): boolean => new RegExp(`\\s${name}(?=[\\s/>])`).test(tag);

/** The values of the form on a page that is sent by POST: those of inputs, text areas, chosen options and ticked boxes. */
export function valuesOf(html: string): Values {
  const form = /<form method="post"[^>]*>[^]*?<\/form>/.exec(html)?.[0] ?? '';
  const values: Values = new Map();
  const add = (name: string | undefined, value: string) => {
    if (name !== undefined) values.set(name, [...(values.get(name) ?? []), value]);
  };
  for (const [tag] of form.matchAll(/<input\s[^>]*>/g)) {
    if (attribute(tag, 'type') !== 'checkbox' || has(tag, 'checked'))
      add(attribute(tag, 'name'), attribute(tag, 'value') ?? '');
  }
  for (const [, tag = '', text = ''] of form.matchAll(/<textarea([^>]*)>\n?([^]*?)<\/textarea>/g))
    add(attribute(tag, 'name'), unescaped(text));
  for (const [, tag = '', options = ''] of form.matchAll(/<select([^>]*)>([^]*?)<\/select>/g)) {
    const all = [...options.matchAll(/<option\s[^>]*>/g)].map(([option]) => option);
    const chosen = all.filter((option) => has(option, 'selected'));
    const sent = has(tag, 'multiple') || chosen.length > 0 ? chosen : all.slice(0, 1);
    for (const option of sent) add(attribute(tag, 'name'), attribute(option, 'value') ?? '');
  }
  return values;
}

/** What the page says to a person: its text, without markup. */
export const textOf = (html: string): string => unescaped(html.replace(/<[^>]*>/g, ' '));

export interface Visitor {
  get(path: string): Promise<Answer>;
  /** Sends values as a form does, from a page of this site unless the headers say otherwise. */
  post(path: string, values: Values, headers?: Record<string, string>): Promise<Answer>;
  /** The cookies kept so far, by name. */
  readonly cookies: Map<string, string>;
}

/** Somebody with a browser of their own. */
export function visitor(api: Client, own: Record<string, string> = {}): Visitor {
  const cookies = new Map<string, string>();
  const keep = (answer: Answer) => {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  const base = () => ({
    accept: 'text/html',
    cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
    ...own,
  });
  return {
    cookies,
    get: async (path) => keep(await api.get(path, base())),
    async post(path, values, headers = {}) {
      const pairs = [...values].flatMap(([name, texts]) =>
        texts.map((text): [string, string] => [name, text]),
      );
      const answer = await api.request('POST', path, {
        headers: {
          ...base(),
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
        body: new URLSearchParams(pairs).toString(),
      });
      expect(answer.status, answer.text).toBeLessThan(500);
      return keep(answer);
    },
  };
}
