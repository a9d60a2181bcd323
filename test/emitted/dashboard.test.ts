import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessibility, openBrowser, openPage, overflows, screenshot } from './support/browser.ts';
import { uriOf } from './support/database.ts';
import { useDatabase, useProject } from './support/hooks.ts';
import { startProcess, type Started } from './support/process.ts';
import { kitchen } from './support/project.ts';
import { startProxy, type Proxy } from './support/proxy.ts';

const project = useProject(kitchen, '--with', 'dashboard');
const database = useDatabase();
const token = crypto.randomUUID();
const secret = `${crypto.randomUUID()}-of-the-alerts`;
const messages: string[] = [];

const receiver = createServer((req: IncomingMessage, res) => {
  void req.toArray().then((chunks) => {
    messages.push((JSON.parse(Buffer.concat(chunks).toString()) as { type: string }).type);
    res.end();
  });
});

let browser: Browser;
let proxy: Proxy;
let app: Started;
let env: Record<string, string>;

beforeAll(async () => {
  browser = await openBrowser();
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  proxy = await startProxy(database.server.port);
  env = {
    NODE_ENV: 'development',
    MONGODB_URI: uriOf(database.server, `dashboard_${String(process.pid)}`, proxy.port),
    ALERT_WEBHOOK_URL: `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/`,
    ALERT_WEBHOOK_SECRET: secret,
  };
  app = await startProcess(project.path, env);
  await app.said('"ready"');
});
afterAll(async () => {
  await browser.close();
  await app.stop();
  await proxy.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const text = (page: Page, selector: string) => page.locator(selector).innerText();

/** Requests of several kinds, a few of each. */
async function traffic(rounds = 20): Promise<void> {
  for (let i = 0; i < rounds; i += 1) {
    await Promise.all(
      ['/api/products', '/api/categories', '/api/products?sort=-price', '/api/nothing'].map(
        async (path) => (await fetch(app.url + path)).text(),
      ),
    );
  }
}

/** The first number of a chart. */
const value = (page: Page, title: string) =>
  page.locator('figure', { hasText: title }).locator('dd').first().innerText();

it('shows numbers that move, without a complaint of the browser or of axe', async () => {
  const { page, complaints } = await openPage(browser);
  await page.goto(`${app.url}/dashboard`);
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  const before = await value(page, 'Requests a second');
  await traffic();
  await expect.poll(() => value(page, 'Requests a second'), { timeout: 15_000 }).not.toBe(before);
  await page.locator('#routes th', { hasText: 'GET /api/products' }).waitFor();
  const label = await page.getByRole('img', { name: 'Time to answer' }).getAttribute('aria-label');
  expect(label).toMatch(/p50 [\d.]+ m?s, p95 [\d.]+ m?s, p99 [\d.]+ m?s/);
  expect(await text(page, '#health')).toMatch(/Process\s+ready\s+Database\s+answers/);
  expect(await accessibility(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('draws each number of the process, with what it is now beside it', async () => {
  const { page } = await openPage(browser);
  await page.goto(`${app.url}/dashboard`);
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  await traffic();
  await page.locator('#routes th', { hasText: 'GET /api/products' }).waitFor();
  const figures = [
    ['Requests a second', 'now', /^\d/],
    ['Requests that failed', 'now', /^[\d.]+ ?%$/],
    ['Time to answer', 'p50 p95 p99', /^[\d.]+ m?s$/],
    ['Requests in flight', 'now', /^\d/],
    ['Database commands a second', 'now', /^\d/],
    ['Time of a database command', 'mean p95', /^[\d.]+ m?s$/],
    ['Database connections', 'in use open waiting', /^\d+$/],
    ['Delay of the event loop', 'now', /^[\d.]+ m?s$/],
    ['Memory', 'resident heap', /^[\d.]+ \wB$/],
  ] as const;
  expect(await page.locator('figcaption').allInnerTexts()).toEqual(figures.map(([name]) => name));
  for (const [title, names, form] of figures) {
    const figure = page.locator('figure', { hasText: title });
    expect((await figure.locator('dt').allInnerTexts()).join(' '), title).toBe(names);
    for (const shown of await figure.locator('dd').allInnerTexts()) expect(shown).toMatch(form);
    expect(await figure.locator('svg path, svg polyline').count(), title).toBeGreaterThan(0);
  }
  const route = page.locator('#routes tr', { hasText: 'GET /api/products' }).first();
  const cells = await route.locator('td.number').allInnerTexts();
  expect(cells).toHaveLength(5);
  for (const time of cells.slice(2)) expect(time).toMatch(/^[\d.]+ m?s$/);
  await page.context().close();
});

it('breaks with the database and is mended with it: alert, banner, log and webhook, once each', async () => {
  const { page } = await openPage(browser);
  await page.goto(`${app.url}/dashboard`);
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  expect(await text(page, '#banner')).toBe('');

  proxy.mode = 'refuse';
  const failed = await fetch(`${app.url}/api/products`);
  expect(failed.status, await failed.text()).toBe(503);
  const banner = page.locator('#banner p', { hasText: 'Database does not answer' });
  await banner.waitFor({ timeout: 45_000 });
  await page.locator('#failures', { hasText: 'database_unavailable' }).waitFor();
  expect(await text(page, '#health')).toMatch(/Process\s+not ready\s+Database\s+does not answer/);
  expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
  expect(await accessibility(page)).toEqual([]);
  await screenshot(page, 'broken');
  await expect.poll(() => messages, { timeout: 10_000 }).toContain('alert.firing');

  proxy.mode = 'pass';
  await banner.waitFor({ state: 'detached', timeout: 45_000 });
  expect(await text(page, '#health')).toContain('answers');
  await expect.poll(() => messages, { timeout: 10_000 }).toContain('alert.resolved');
  const said = app.lines.filter((line) => line.includes('Database does not answer'));
  expect(said.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    'alert',
    'alert is over',
  ]);
  await page.context().close();
}, 150_000);

it.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 320],
  ['dark', 320],
] as const)('is fine in %s, %i wide', async (colours, width) => {
  const { page } = await openPage(browser, { colours, width });
  await page.goto(`${app.url}/dashboard`);
  await traffic();
  await page.locator('#routes th', { hasText: 'GET /api/products' }).waitFor();
  expect(await overflows(page)).toBe(false);
  // In one look: the page draws itself anew every second, and what was found before may be gone.
  const box = await page.locator('#rules').evaluate((rules) => {
    const { right = 0, width = 0 } = rules.querySelector('.badge')?.getBoundingClientRect() ?? {};
    return { right, width };
  });
  expect(box.width, 'how it stands with a rule is shown').toBeGreaterThan(0);
  expect(box.right, 'how it stands with a rule is on the screen').toBeLessThan(width);
  expect(await accessibility(page)).toEqual([]);
  await screenshot(page, `${colours}-${String(width)}`);
  await page.context().close();
});

it('says when it is not connected, and comes back by itself', async () => {
  const port = new URL(app.url).port;
  const { page } = await openPage(browser);
  await page.goto(`${app.url}/dashboard`);
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  app.child.kill('SIGTERM');
  expect(await app.ended).toBe(0); // an open page does not hold it up
  await page.locator('#connection', { hasText: 'Not connected' }).waitFor();
  await screenshot(page, 'lost');
  app = await startProcess(project.path, { ...env, PORT: port });
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  await page.context().close();
});

it('is opened in production by the form, and closed again', async () => {
  const production = await startProcess(project.path, {
    NODE_ENV: 'production',
    MONGODB_URI: env.MONGODB_URI ?? '',
    OPS_TOKEN: token,
  });
  const { page, complaints } = await openPage(browser);
  const answer = await page.goto(`${production.url}/dashboard`);
  expect(answer?.status()).toBe(404);
  expect(await accessibility(page)).toEqual([]);
  await page.getByLabel('Token').fill('something else');
  await page.getByRole('button').click();
  await page.getByText('That is not the token').waitFor();
  await screenshot(page, 'sign-in');
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button').click();
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: 'dashboard', httpOnly: true, sameSite: 'Strict' });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Token').waitFor();
  expect(await page.context().cookies()).toEqual([]);
  expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
  await page.context().close();
  await production.stop();
});
