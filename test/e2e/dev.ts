/**
 * `npm run dev` as somebody lives with it: a change of a file is served without a restart by hand, a mistake is survived,
 * and what was written is there again after a `kill -9`.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { answers, emit, freePort, inTemporaryFolder, start, stop } from './support.ts';
import type { Running } from './support.ts';

const seconds = 120;

/** Waits until an answer has a text. Throws after `seconds`. */
const shows = async (url: string, text: string): Promise<void> => {
  const until = performance.now() + seconds * 1000;
  let answer = '';
  while (!answer.includes(text)) {
    if (performance.now() > until) throw new Error(`${url} never showed ${text}: ${answer}`);
    await wait(100);
    answer = await fetch(url)
      .then((response) => response.text())
      .catch(String);
  }
};

await inTemporaryFolder(async (folder) => {
  const root = await emit(folder, 'minimal', ['example', 'minimal']);
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const contract = `${base}/openapi.json`;
  const dev = () =>
    start(root, process.execPath, ['--import', 'tsx', 'dev/start.ts'], { PORT: String(port) });
  let running: Running = dev();
  try {
    await answers(`${base}/readyz`, seconds);
    const made = await fetch(`${base}/api/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'kept' }),
    });
    assert.equal(made.status, 201, await made.clone().text());
    const { _id } = (await made.json()) as { _id: string };
    const note = `${base}/api/notes/${_id}`;

    const info = path.join(root, 'app/info.ts');
    const before = await readFile(info, 'utf8');
    const after = before.replace(/title: '[^']*'/, "title: 'Changed by hand'");
    assert.notEqual(after, before);
    await writeFile(info, after);
    await shows(contract, 'Changed by hand');
    assert.equal((await answers(note, seconds)).status, 200);
    console.log('a change is served, and the data is there');

    await writeFile(info, `${after}\nthis is no TypeScript\n`);
    await shows(contract, 'fetch failed');
    // Longer than a start takes: it is the mistake that is not served, not the process that is being replaced.
    await wait(5_000);
    await shows(contract, 'fetch failed');
    await writeFile(info, after.replace('by hand', 'once more'));
    await shows(contract, 'Changed once more');
    assert.equal((await answers(note, seconds)).status, 200);
    console.log('a mistake is survived, and the data is there');

    assert.ok(running.pid);
    process.kill(-running.pid, 'SIGKILL');
    await stop(running);
    running = dev();
    await answers(`${base}/readyz`, seconds);
    assert.equal((await answers(note, seconds)).status, 200);
    console.log('after kill -9 the data is there');
  } finally {
    await stop(running);
  }
});
