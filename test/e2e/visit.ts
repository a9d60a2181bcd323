/** What looks at an example in a real browser: the example, emitted, started, filled. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { answers, emit, freePort, start, stop } from './support.ts';

/** The window of somebody at a desk. */
export const desk = { width: 1000, height: 760 };

/** What others refer to comes first. */
const order = [
  ...['projects', 'people', 'tasks'],
  ...['suppliers', 'places', 'parts', 'movements'],
];

/** Emits an example, starts it in development mode, fills it, and lets somebody look at it. */
export async function visit(
  folder: string,
  example: string,
  look: (browser: Browser, context: BrowserContext, base: string) => Promise<void>,
): Promise<void> {
  const root = await emit(folder, example, ['example', example]);
  const port = await freePort();
  const server = start(root, process.execPath, ['--import', 'tsx', 'dev/start.ts'], {
    PORT: String(port),
    LOG_LEVEL: 'warn',
  });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  try {
    const base = `http://127.0.0.1:${port}`;
    await answers(`${base}/readyz`, 120);
    await fill(root, base);
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: desk });
    await look(browser, context, base);
    console.log(`${example}: nothing serious found`);
  } finally {
    await browser.close();
    await stop(server);
  }
}

/** The seeds of the example through its API: `dev` keeps the embedded database to itself. */
async function fill(root: string, base: string): Promise<void> {
  for (const name of order) {
    const file = path.join(root, 'seeds', `${name}.json`);
    if (!existsSync(file)) continue;
    const text = await readFile(file, 'utf8');
    for (const { _id, ...body } of JSON.parse(text) as { _id?: string }[]) {
      const at = `${base}/api/${name}${_id === undefined ? '' : `/${_id}`}`;
      const answer = await fetch(at, {
        method: _id === undefined ? 'POST' : 'PUT',
        headers: { 'content-type': 'application/json', ...(_id && { 'if-none-match': '*' }) },
        body: JSON.stringify(body),
      });
      assert.equal(answer.status, 201, await answer.text());
    }
  }
}
