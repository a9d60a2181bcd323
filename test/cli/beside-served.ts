import { spawn } from 'node:child_process';
import { expect, onTestFinished } from 'vitest';
import { start } from '../../src/embedded-mongo/index.ts';
import type { Project } from './project.ts';
import { plainEnv } from './tool.ts';

/** Starts the application of the project; returns its address. */
export async function served(project: Project, ...command: string[]): Promise<string> {
  const mongo = await start();
  const child = spawn(process.execPath, command, {
    cwd: project.root,
    env: { ...plainEnv(), PORT: '0', MONGODB_URI: mongo.uri },
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await mongo.stop();
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  return new Promise((done, failed) => {
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      const port = /listening (\d+)/.exec(said)?.[1];
      if (port !== undefined) done(`http://127.0.0.1:${port}`);
    });
    child.once('exit', () => {
      failed(new Error(said));
    });
  });
}

/** Sends JSON; the status and the text of the answer. */
export async function sent(
  address: string,
  method: string,
  path: string,
  body?: object,
): Promise<readonly [status: number, text: string]> {
  const headers = { 'Content-Type': 'application/json' };
  const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
  const answer = await fetch(`${address}${path}`, init);
  return [answer.status, await answer.text()];
}

/** Creates, reads, lists, changes, searches and deletes a book; then the home page, which was there before. */
export async function expectAnswers(address: string): Promise<void> {
  const send = async (method: string, path: string, body?: object) => {
    const [status, text] = await sent(address, method, path, body);
    return [status, text === '' ? undefined : (JSON.parse(text) as unknown)];
  };
  const [created, document] = await send('POST', '/api/books', { title: 'Emma' });
  expect([created, document]).toMatchObject([201, { title: 'Emma' }]);
  const at = `/api/books/${(document as { readonly _id: string })._id}`;
  expect(await send('GET', at)).toMatchObject([200, { title: 'Emma' }]);
  const list = [200, { data: [{ title: 'Emma' }] }];
  expect(await send('GET', '/api/books?title[startsWith]=Em')).toMatchObject(list);
  expect(await send('POST', '/api/books/search', { title: 'Emma' })).toMatchObject(list);
  expect(await send('PATCH', at, { title: 1 })).toMatchObject([400, { status: 400 }]);
  expect(await send('POST', '/api/books', {})).toMatchObject([400, { error: 'Title is required' }]);
  expect(await send('GET', '/api/schemas/books')).toMatchObject([200, { type: 'object' }]);
  expect(await send('DELETE', '/api/books')).toMatchObject([405, { status: 405 }]);
  expect((await send('DELETE', at))[0]).toBe(204);
  expect(await send('GET', at)).toMatchObject([404, { status: 404 }]);
  expect(await sent(address, 'GET', '/')).toEqual([200, 'home of the old application']);
}

/** What a note tells to write: the part behind the place that it names. */
export function noted(out: string, before: string): string {
  const line = out.split('\n').find((text) => text.startsWith(`note: ${before}`));
  if (line === undefined) throw new Error(`no note "${before}" in\n${out}`);
  return line.slice(line.indexOf(': ', 'note: '.length) + 2);
}
