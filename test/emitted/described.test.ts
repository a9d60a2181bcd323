/** What features answer stands in openapi.json: promised by the generator, said by the process, and true. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { accessibility, openBrowser, openPage, overflows } from './support/browser.ts';
import { useDatabase, useProject } from './support/hooks.ts';
import { serveApp, type Running } from './support/in-process.ts';

const project = useProject(join(import.meta.dirname, 'fixtures/everything.json'));
const database = useDatabase();
let app: Running | undefined;
const api = () => app?.api ?? expect.unreachable();

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, unknown>>;
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

const promised = async () =>
  JSON.parse(await readFile(join(project.path, 'openapi.json'), 'utf8')) as {
    readonly paths: Paths;
  };

beforeAll(async () => {
  app = await serveApp(project.path, { MONGODB_URI: database.uri });
}, 60_000);
afterAll(() => app?.stop());

it('the process says what the generator promised', async () => {
  expect((await api().get('/openapi.json')).json()).toEqual(await promised());
});

it('every reference leads somewhere, and no operation has the name of another', async () => {
  const document = await promised();
  const refs = JSON.stringify(document).match(/#\/components\/[\w./-]+/g) ?? [];
  expect(refs).toContain('#/components/schemas/RunPage');
  for (const ref of new Set(refs)) {
    const steps = ref.slice(2).split('/');
    const found = steps.reduce<unknown>((at, step) => Reflect.get(Object(at), step), document);
    expect(found, ref).toBeDefined();
  }
  const names = JSON.stringify(document.paths).match(/"operationId":"\w+","summary"/g) ?? [];
  expect(new Set(names).size).toBe(names.length);
});

it.each(['light', 'dark'] as const)(
  'the page that shows it fits a phone, in %s',
  async (colours) => {
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    const { page, complaints } = await openPage(browser, { colours, width: 320 });
    await page.goto(`${api().baseUrl}/docs`);
    const operations = page.locator('details');
    await operations.first().waitFor();
    expect(await overflows(page), 'folded').toBe(false);
    await operations.evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
    await page.locator('h3', { hasText: 'Try it' }).last().waitFor();
    expect(await overflows(page), 'unfolded').toBe(false);
    expect(await accessibility(page)).toEqual([]);
    expect(complaints).toEqual([]);
  },
);

const nothing = '0'.repeat(24);
const key = { 'idempotency-key': 'described' };

it.each([
  ['get', '/api/runs', '/api/runs?state=dead', undefined, {}, 200],
  ['get', '/api/runs', '/api/runs?state=nonsense', undefined, {}, 400],
  ['post', '/api/runs/search', '/api/runs/search', {}, {}, 200],
  ['get', '/api/runs/{id}', `/api/runs/${nothing}`, undefined, {}, 404],
  ['post', '/api/runs/{id}/cancel', `/api/runs/${nothing}/cancel`, undefined, {}, 404],
  ['post', '/api/runs/{id}/retry', `/api/runs/${nothing}/retry`, undefined, {}, 404],
  ['get', '/api/automations', '/api/automations', undefined, {}, 200],
  ['post', '/api/automations/{name}/runs', '/api/automations/report/runs', { a: 1 }, key, 202],
  ['post', '/api/automations/{name}/runs', '/api/automations/report/runs', { a: 2 }, key, 422],
  ['post', '/api/automations/{name}/runs', '/api/automations/none/runs', {}, {}, 404],
  [
    'get',
    '/api/webhooks/{id}/deliveries',
    `/api/webhooks/${nothing}/deliveries`,
    undefined,
    {},
    404,
  ],
  [
    'post',
    '/api/webhooks/{id}/deliveries/{delivery}/replay',
    `/api/webhooks/${nothing}/deliveries/${nothing}/replay`,
    undefined,
    {},
    404,
  ],
  ['post', '/webhooks/{name}', '/webhooks/deploy', {}, {}, 401],
  ['post', '/webhooks/{name}', '/webhooks/none', {}, {}, 404],
] as const)(
  '%s %s is described with the answer of %s',
  async (method, path, url, body, headers, status) => {
    const sent = body === undefined ? { headers } : { body, headers };
    const answer = await api().request(method.toUpperCase(), url, sent);
    expect(answer.status, answer.text).toBe(status);
    const { paths } = await promised();
    expect(Object.keys(paths[path]?.[method]?.responses ?? {})).toContain(String(status));
  },
);
