import type { CommandStartedEvent } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { codec } from '../../app/core/bson.ts';
import { isPrivate, type Model } from '../../app/core/model.ts';
import type { Fields } from '../../app/core/types.ts';
import { entriesOf } from '../../app/forms/entries.ts';
import { models } from '../../app/models/index.ts';
import { startApp, useApp } from '../support/app.ts';
import { textOf, valuesOf, visitor, type Values, type Visitor } from '../support/form.ts';
import { useResource, type Body } from '../support/resource.ts';

const app = useApp();
const html = { accept: 'text/html' };

/** The same fields with nothing hidden: as somebody who types secrets sees them. */
const open = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { private: _hidden, ...field }]) => [
      name,
      {
        ...field,
        ...(field.type === 'password' && { type: 'string' as const }),
        ...(field.fields && { fields: open(field.fields) }),
      },
    ]),
  );

/** Somebody types a whole document into the form of a page. */
const filled = ({ fields }: Model, page: string, body: Body): Values => {
  return new Map([...valuesOf(page), ...entriesOf(open(fields), body)]);
};

const some = (page: string, values: Record<string, string>): Values =>
  new Map([
    ...valuesOf(page),
    ...Object.entries(values).map(([name, text]): [string, string[]] => [name, [text]]),
  ]);

describe.each(models.map((model) => [model.path, model] as const))('forms of %s', (path, model) => {
  const resource = useResource(model);
  const base = `/forms${path}`;
  const someone = () => visitor(resource.api);
  /** Perhaps this resource has no forms. */
  const isMissing = async () => (await resource.api.get(base, html)).status === 404;

  const create = async (who: Visitor, body: Body) => {
    const page = await who.get(`${base}/new`);
    const sent = await who.post(`${base}/new`, filled(model, page.text, body));
    const id = sent.headers.get('location')?.split('/').at(-1) ?? '';
    if (sent.status === 303) resource.api.made.push(`${resource.path}/${id}`);
    return { sent, id };
  };

  it('list and show a document', async (test) => {
    if (await isMissing()) test.skip();
    const item = await resource.make();
    const list = await someone().get(base);
    expect(list.status).toBe(200);
    expect(list.text).toContain(`href="${base}/${item._id}"`);
    expect((await someone().get(`${base}/${item._id}`)).status).toBe(200);
    expect((await someone().get(`${base}?page=zero`)).status).toBe(400);
    expect((await someone().get(`${base}/${'f'.repeat(24)}`)).status).toBe(404);
  });

  it('change nothing when they are sent back as they came', async (test) => {
    if (await isMissing()) test.skip();
    const item = await resource.make();
    const who = someone();
    const at = `${base}/${item._id}/edit`;
    const sent = await who.post(at, valuesOf((await who.get(at)).text));
    expect(sent.status, textOf(sent.text)).toBe(303);
    expect((await resource.api.get(resource.at(item))).item).toEqual(item);
  });

  it.each(['https://evil.example', '//evil.example'])(
    'C16 lead to a page of this site, not to %s',
    async (elsewhere) => {
      if (await isMissing()) return;
      const item = await resource.make();
      const who = someone();
      const at = `${base}/${item._id}/edit`;
      const values = valuesOf((await who.get(at)).text);
      for (const name of ['next', '_next', 'return', 'url', '_back']) {
        const asked = `${at}?${new URLSearchParams({ [name]: elsewhere }).toString()}`;
        const sent = await who.post(asked, new Map([...values, [name, [elsewhere]]]));
        expect(sent.headers.get('location') ?? `${base}/`, name).toMatch(new RegExp(`^${base}/`));
        expect(sent.text, name).not.toContain('href="//evil');
      }
      const sent = await who.post(at, new Map([...values, ['_next', [elsewhere]]]));
      expect([sent.status, sent.headers.get('location')]).toEqual([303, `${base}/${item._id}`]);
    },
  );

  it('make a document of what was typed, once however often it is sent', async (test) => {
    if (await isMissing()) test.skip();
    const body = await resource.body();
    const who = someone();
    const page = await who.get(`${base}/new`);
    const values = filled(model, page.text, body);
    const first = await who.post(`${base}/new`, values);
    expect(first.status, textOf(first.text)).toBe(303);
    const location = first.headers.get('location') ?? '';
    resource.api.made.push(`${resource.path}/${location.split('/').at(-1) ?? ''}`);
    expect(location).toMatch(new RegExp(`^${base}/[0-9a-f]{24}$`));

    const { answer, store } = codec(model);
    const { _rev, ...expected } = answer(store(body));
    const made = await resource.api.get(`${resource.path}/${location.split('/').at(-1) ?? ''}`);
    expect(made.item).toMatchObject({ ...expected, _rev: 1 });

    const again = await who.post(`${base}/new`, values);
    expect([again.status, again.headers.get('location')]).toEqual([303, location]);
  });

  it('say beside the input what is wrong, and keep what was typed', async (test) => {
    const required = Object.entries(model.fields).find(
      ([, field]) => field.required && !field.array && !field.fields && field.type !== 'boolean',
    );
    if (required === undefined || (await isMissing())) test.skip();
    const [name = ''] = required ?? [];
    const who = someone();
    const page = await who.get(`${base}/new`);
    const typed = filled(model, page.text, await resource.body());
    const refused = await who.post(`${base}/new`, new Map([...typed, [name, ['']]]));
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(`<a href="#f-${name}">`);
    expect(refused.text).toMatch(
      new RegExp(`id="f-${name}"[^>]*aria-invalid="true"[^>]*autofocus`),
    );
    const kept = valuesOf(refused.text);
    // A box that is not ticked is not sent.
    const said = (texts: readonly string[] = []) =>
      new Set(texts.filter((text) => text !== 'false'));
    for (const [input, texts] of typed) {
      const field = model.fields[input];
      if (field && input !== name && field.type !== 'password')
        expect(said(kept.get(input)), input).toEqual(said(texts));
    }
  });

  it('show both when somebody else was faster, and then let the last one decide', async (test) => {
    const text = Object.entries(model.fields).find(
      ([, field]) =>
        field.type === 'string' &&
        !field.array &&
        !field.readonly &&
        !isPrivate(field) &&
        !field.pattern &&
        !field.unique,
    );
    if (text === undefined || (await isMissing())) test.skip();
    const [name = '', field] = text ?? [];
    const short = (word: string) =>
      word.slice(0, field?.maxLength ?? 9).padEnd(field?.minLength ?? 0, 'x');
    const item = await resource.make();
    const who = someone();
    const at = `${base}/${item._id}/edit`;
    const page = await who.get(at);
    const faster = await resource.api.patch(
      resource.at(item),
      { [name]: short('theirs') },
      resource.matching(item),
    );
    expect(faster.status, faster.text).toBe(200);

    const conflict = await who.post(at, some(page.text, { [name]: short('mine') }));
    expect(conflict.status).toBe(412);
    expect(textOf(conflict.text)).toContain('Somebody else has changed this meanwhile');
    expect(conflict.text).toContain(`<td>${short('theirs')}</td><td>${short('mine')}</td>`);
    expect(conflict.text.match(/<th scope="row">/g), 'nothing else is different').toHaveLength(1);
    expect((await resource.api.get(resource.at(item))).item[name]).toBe(short('theirs'));

    expect((await who.post(at, valuesOf(conflict.text))).status).toBe(303);
    expect((await resource.api.get(resource.at(item))).item[name]).toBe(short('mine'));
  });

  it('delete after a question, and not what has changed since it was asked', async (test) => {
    if (await isMissing()) test.skip();
    const who = someone();
    const { sent, id } = await create(who, await resource.body());
    expect(sent.status, textOf(sent.text)).toBe(303);
    const at = `${base}/${id}/delete`;
    const question = await who.get(at);
    expect(question.text).toContain('It cannot be brought back.');
    const late = await who.post(at, some(question.text, { _rev: '7' }));
    expect(late.status).toBe(412);
    expect(late.text).toContain('Somebody else has changed it meanwhile.');
    const gone = await who.post(at, valuesOf(question.text));
    expect([gone.status, gone.headers.get('location')]).toEqual([303, base]);
    expect((await who.get(`${base}/${id}`)).status).toBe(404);
    // The message is on one page.
    expect((await who.get(base)).text).toContain('role="status"');
    expect((await who.get(base)).text).not.toContain('role="status"');
  });

  it('give back as text what looks like markup', async (test) => {
    if (await isMissing()) test.skip();
    const who = someone();
    const page = await who.get(`${base}/new`);
    const markup = '"><script>alert(1)</script>';
    const everywhere = new Map(
      [...valuesOf(page.text)].map(([name, texts]) => [
        name,
        name.startsWith('_') ? texts : [markup],
      ]),
    );
    const refused = await who.post(`${base}/new`, everywhere);
    if (refused.status === 303)
      resource.api.made.push(
        `${resource.path}/${refused.headers.get('location')?.split('/').at(-1) ?? ''}`,
      );
    expect(refused.text).not.toContain('<script>alert');
    const search = await who.get(`${base}?q=${encodeURIComponent(markup)}`);
    expect(search.text).not.toContain('<script>alert');
  });
});

describe('forms', () => {
  /** The first resource with forms: where its form for a new document is. */
  const somewhere = async (who: Visitor) => {
    const index = await who.get('/forms');
    return /href="(\/forms\/[\w-]+\/new)"/.exec(index.text)?.[1] ?? '';
  };

  it('C13 are refused with 403 when the token is missing, another visitor’s, or the page was not ours', async () => {
    const [mine, theirs] = [visitor(app.api), visitor(app.api)];
    const at = await somewhere(mine);
    const values = valuesOf((await mine.get(at)).text);
    const foreign = valuesOf((await theirs.get(at)).text);
    const { _csrf: token, ...rest } = Object.fromEntries(values);
    expect(token).toHaveLength(1);
    const without: Values = new Map(Object.entries(rest));
    const refused = [
      await mine.post(at, without),
      await mine.post(at, foreign),
      await mine.post(at, new Map([...values, ['_csrf', ['x.y']]])),
      await visitor(app.api).post(at, values),
      await mine.post(at, values, { 'sec-fetch-site': 'cross-site' }),
      await mine.post(at, values, { 'sec-fetch-site': 'same-site' }),
      await mine.post(at, values, { 'content-type': 'text/plain' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 403));
    for (const { text } of refused) expect(text).toContain('load its page again');
    // A browser that is too old to say where the form was still says which site.
    const old = (origin: string) =>
      app.api.request('POST', at, {
        headers: {
          cookie: [...mine.cookies].map((pair) => pair.join('=')).join('; '),
          origin,
          'content-type': 'application/x-www-form-urlencoded',
          ...html,
        },
        body: new URLSearchParams(
          [...values].map(([name, [text = '']]): [string, string] => [name, text]),
        ).toString(),
      });
    expect((await old('https://evil.example')).status).toBe(403);
    expect((await old('null')).status).toBe(403);
    expect((await old(app.api.baseUrl)).status).not.toBe(403);
  });

  it('leave the API to programs: it takes no cookie, and asks for no token', async () => {
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    for (const { path } of models) {
      const answer = await app.api.post(`/api${path}`, {}, foreign);
      expect(answer.status, path).not.toBe(403);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it('say in the log for what they were refused', async () => {
    const noisy = await startApp({ LOG_LEVEL: 'info' });
    try {
      const at = await somewhere(visitor(noisy.api));
      await visitor(noisy.api).post(at, new Map());
      const refused = () => noisy.log.some((line) => line.includes('"code":"forbidden"'));
      await expect.poll(refused).toBe(true);
    } finally {
      await noisy.stop();
    }
  });

  it('C14 keep their cookies from scripts and other sites; over https also from other hosts', async () => {
    const plain = await app.api.get('/forms', html);
    const [cookie = ''] = plain.headers.getSetCookie();
    expect(cookie).toMatch(/^forms=[\w-]{20,}; Path=\/; HttpOnly; SameSite=Lax$/);
    const secure = await startApp({ PUBLIC_URL: 'https://shop.example.com' });
    try {
      const answer = await secure.api.get('/forms', html);
      const [kept = ''] = answer.headers.getSetCookie();
      expect(kept).toMatch(/^__Host-forms=[\w-]{20,}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    } finally {
      await secure.stop();
    }
  });

  it('C91 name the trace of the request to the database in all that they read', async () => {
    const trace = 'ab'.repeat(16);
    const who = visitor(app.api, { traceparent: `00-${trace}-${'cd'.repeat(8)}-01` });
    const seen: CommandStartedEvent[] = [];
    const listen = (event: CommandStartedEvent) => seen.push(event);
    app.context.client.on('commandStarted', listen);
    const at = await somewhere(who);
    const documents = at.replace(/\/new$/, '');
    for (const path of [at, documents, `${documents}/${'f'.repeat(24)}`]) await who.get(path);
    app.context.client.off('commandStarted', listen);
    const commands = seen.filter(({ commandName }) => /^(?:find|aggregate)$/.test(commandName));
    expect(commands.length).toBeGreaterThan(1);
    for (const { command } of commands)
      expect(String(command['comment'])).toMatch(new RegExp(`^00-${trace}-`));
  });

  it('are never kept by a cache, and need no script', async () => {
    const page = await app.api.get(await somewhere(visitor(app.api)), html);
    expect(page.headers.get('cache-control')).toBe('private, no-store');
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|\bstyle=|\son\w+=/);
  });
});
