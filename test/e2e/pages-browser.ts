/**
 * The pages in a real browser without scripts: list, create with errors, create, edit, conflict, delete, a choice among
 * more than a list shows; axe-core finds
 * nothing serious on any of them, in light and dark and on a phone; and the pages of the course.
 * `--screenshots <folder>` keeps pictures of what was seen.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { inTemporaryFolder } from './support.ts';
import { desk, visit } from './visit.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const flag = process.argv.indexOf('--screenshots');
const pictures = flag < 0 ? undefined : path.resolve(process.argv[flag + 1] ?? 'screenshots');

/** As narrow as WCAG 1.4.10 has it: a window of 1280 at 400 %. */
const phone = { width: 320, height: 700 };

/** What a page looks like to somebody: without scripts, as a browser with that setting sees it. */
const looks = [
  { name: 'light', colorScheme: 'light', viewport: desk },
  { name: 'dark', colorScheme: 'dark', viewport: desk },
  { name: 'phone', colorScheme: 'light', viewport: phone },
  { name: 'phone-dark', colorScheme: 'dark', viewport: phone },
] as const;

/** Serious and critical findings of axe-core, as one line each; it needs scripts, which the page itself does not get. */
async function findings(browser: Browser, look: (typeof looks)[number], at: string, html: string) {
  const context = await browser.newContext({ ...look, bypassCSP: true });
  try {
    const page = await context.newPage();
    await page.route(at, (route) => route.fulfill({ body: html, contentType: 'text/html' }));
    await page.goto(at);
    await page.addScriptTag({ content: await readFile(axe, 'utf8') });
    const result = await page.evaluate(async () => {
      const tool = Reflect.get(globalThis, 'axe') as { run(): Promise<{ violations: Finding[] }> };
      return tool.run();
    });
    const wide = Number(await page.evaluate('document.documentElement.scrollWidth'));
    assert.ok(wide <= look.viewport.width, `${at} is wider than the screen (${look.name})`);
    return result.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${look.name} ${at} ${id}: ${nodes[0]?.html ?? ''}`);
  } finally {
    await context.close();
  }
}

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

const save = async (page: Page, name: string): Promise<void> => {
  if (pictures === undefined) return;
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
};

/** Looks at the page as it is now in every way, and keeps pictures. */
async function examine(browser: Browser, page: Page, name: string): Promise<void> {
  const [at, html] = [page.url(), await page.content()];
  for (const look of looks) {
    assert.deepEqual(await findings(browser, look, at, html), []);
    await page.setViewportSize(look.viewport);
    await page.emulateMedia({ colorScheme: look.colorScheme });
    await save(page, `${name}-${look.name}`);
  }
  await page.setViewportSize(desk);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** What the keyboard goes on from: where a page that was answered has put it. */
const focused = async (page: Page): Promise<string | null> => {
  await page.locator(':focus').waitFor();
  return page.locator(':focus').evaluate((one) => one.id || one.className);
};

const heading = (page: Page): Promise<string> => page.locator('h1').innerText();
const savePage = (page: Page): Promise<void> => page.locator('main button.primary').click();

async function walkForms(browser: Browser, context: BrowserContext, base: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${base}/forms/tasks`);
  await examine(browser, page, 'list');
  await page.getByRole('link', { name: 'New task' }).click();
  await savePage(page);
  assert.match(await page.title(), /^Error/);
  assert.equal(await page.locator(':focus').getAttribute('name'), 'title');
  await page.fill('[name=notes]', 'Kept while the rest is mended');
  await page.fill('[name=due]', '2026-12-24');
  await examine(browser, page, 'errors');

  await page.fill('[name=title]', 'Water the plants');
  await page.selectOption('[name=state]', 'open');
  await page.selectOption('[name=project]', { label: 'Office move' });
  await page.selectOption('[name=assignee]', { label: 'Mei Tanaka' });
  await page.getByRole('button', { name: 'Add to checklist' }).click();
  assert.equal(await focused(page), 'f-checklist-0');
  await page.fill('[name="checklist.0.step"]', 'Kitchen');
  await page.fill('[name=labels]', 'plants\nweekly');
  await savePage(page);
  assert.equal(await page.getByRole('status').innerText(), 'Task created');
  assert.equal(await heading(page), 'Water the plants');
  assert.match(await page.locator('main').innerText(), /Kept while the rest is mended[^]*Kitchen/);
  await examine(browser, page, 'detail');

  const other = await context.newPage();
  await other.goto(page.url());
  for (const tab of [page, other]) await tab.getByRole('link', { name: 'Edit' }).click();
  await other.fill('[name=title]', 'Water all plants');
  await savePage(other);
  await page.fill('[name=title]', 'Water the cactus');
  await savePage(page);
  assert.match(await page.locator('.summary').innerText(), /Water all plants\s+Water the cactus/);
  assert.equal(await focused(page), 'summary');
  await examine(browser, page, 'conflict');
  await savePage(page);
  assert.equal(await heading(page), 'Water the cactus');

  await page.getByRole('link', { name: 'Delete' }).click();
  await examine(browser, page, 'delete');
  await page.getByRole('button', { name: 'Delete' }).click();
  assert.equal(await page.getByRole('status').innerText(), 'Task deleted');
  await page.fill('[name=q]', 'cactus');
  await page.getByRole('button', { name: 'Search' }).click();
  assert.match(await page.locator('main').innerText(), /Nothing found/);

  // A search looks among what the list is narrowed to, in its order.
  await page.goto(`${base}/forms/tasks?state=open&sort=title&page=1`);
  await page.fill('[name=q]', 'desk');
  await page.getByRole('button', { name: 'Search' }).click();
  assert.equal(new URL(page.url()).search, '?q=desk&state=open&sort=title');
}

/** More choices than a list shows: the one that is wanted is found by its title, and what was typed stays. */
async function walkChoices(browser: Browser, context: BrowserContext, base: string): Promise<void> {
  for (const part of [0, 1]) {
    const data = Array.from({ length: 70 }, (_, i) => ({
      name: `Zone ${String(part * 70 + i).padStart(3, '0')}`,
      closed: false,
    }));
    const made = await context.request.post(`${base}/api/projects`, { data });
    assert.equal(made.status(), 201, await made.text());
  }
  const page = await context.newPage();
  await page.goto(`${base}/forms/tasks/new`);
  const options = page.locator('[name=project] option');
  assert.equal(await options.filter({ hasText: /^Zone 139$/ }).count(), 0);
  await page.fill('[name=title]', 'Find the project');
  assert.ok((await options.count()) <= 101);
  await page.fill('[name="_find.project"]', 'zone 139');
  await page.getByRole('button', { name: 'Find project' }).click();
  assert.equal(await focused(page), 'f-project');
  assert.equal(await page.inputValue('[name=title]'), 'Find the project');
  assert.equal(await page.inputValue('[name="_find.project"]'), 'zone 139');
  assert.ok((await options.count()) < 10);
  await examine(browser, page, 'choices');
  await page.selectOption('[name=project]', { label: 'Zone 139' });
  await page.selectOption('[name=state]', 'open');
  await savePage(page);
  assert.equal(await page.getByRole('status').innerText(), 'Task created');
  assert.match(await page.locator('main').innerText(), /Zone 139/);
}

/** Who works with the keyboard alone can pass the navigation by. */
async function walkPages(browser: Browser, context: BrowserContext, base: string): Promise<void> {
  const page = await context.newPage();
  for (const at of ['/', '/forms', '/docs']) {
    await page.goto(base + at);
    await page.keyboard.press('Tab');
    assert.match(await page.locator(':focus').innerText(), /^Skip to/);
    await page.keyboard.press('Enter');
    assert.equal(await focused(page), 'content');
  }
  for (const at of ['/', '/problems', '/problems/not_found']) {
    await page.goto(base + at);
    await examine(browser, page, at.slice(1) || 'welcome');
  }
}

async function walkCourse(browser: Browser, context: BrowserContext, base: string): Promise<void> {
  const page = await context.newPage();
  for (const [at, title] of [
    ['/', 'Welcome to the course'],
    ['/about', 'About Page'],
    ['/contact', 'Contact Page'],
    ['/profile', 'Priyanshu'],
  ] as const) {
    await page.goto(base + at);
    assert.equal(await heading(page), title);
    await examine(browser, page, `course${at === '/' ? '-index' : at.replace('/', '-')}`);
  }
  assert.deepEqual((await page.locator('main li').allInnerTexts()).slice(0, 2), [
    'Flask',
    'MongoDB',
  ]);
  for (const [query, text] of [
    ['?name=John&age=30', 'Hello John, you are 30 years old!'],
    ['?name=Priyanshu', 'Hello Priyanshu!'],
    ['', 'Hello Guest!'],
  ] as const) {
    await page.goto(`${base}/user${query}`);
    assert.equal(await page.locator('body').innerText(), text);
    await save(page, `course-user-${query.length}`);
  }
  await page.goto(`${base}/user?name=<script>document.title='x'</script>&age=30`);
  assert.equal(await page.locator('script').count(), 0);
  assert.match(await page.locator('body').innerText(), /^Hello <script>.*<\/script>, you are 30/);
}

await inTemporaryFolder(async (folder) => {
  await visit(folder, 'tasks', async (browser, context, base) => {
    await walkPages(browser, context, base);
    await walkForms(browser, context, base);
    await walkChoices(browser, context, base);
  });
  await visit(folder, 'course', walkCourse);
});
