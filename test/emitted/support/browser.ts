/** A page of a running project in a real Chromium, and what there is to find in it. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

/** @throws when there is no /usr/bin/chromium and CHROMIUM names no other */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });

export interface Watched {
  readonly page: Page;
  /** What the console said that is no mere note, and addresses of other hosts that were asked for. */
  readonly complaints: readonly string[];
}

/** A page of its own, without cookies, in the colours and the width that are wanted. */
export async function openPage(
  browser: Browser,
  options: { colours?: 'light' | 'dark'; width?: number } = {},
): Promise<Watched> {
  const context = await browser.newContext({
    colorScheme: options.colours ?? 'light',
    viewport: { width: options.width ?? 1280, height: 900 },
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') complaints.push(request.url());
  });
  return { page, complaints };
}

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe-core finds wrong with a page, without what is only minor: a line each. */
export async function accessibility(page: Page): Promise<string[]> {
  const source = await readFile(
    createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
    'utf8',
  );
  // Evaluated by the debugger: the page's own policy lets no inline script in.
  await page.evaluate(source);
  const violations = (await page.evaluate(
    '(async () => (await axe.run()).violations)()',
  )) as Violation[];
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .flatMap(({ id, impact, nodes }) => nodes.map(({ html }) => `${impact ?? ''} ${id}: ${html}`));
}

/** Whether something is wider than the window. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > window.innerWidth');

/** A picture of the whole page, into the folder that SCREENSHOTS names, for people to look at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder === undefined) return;
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
