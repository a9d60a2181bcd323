import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { specDocument } from '../../src/plan/spec-file.ts';
import { readState } from '../../src/project/read-state.ts';
import { refuseOtherSpec } from '../../src/project/spec-text.ts';
import { checkOf, freshState, stateText } from '../../src/project/state.ts';
import { generator, shop, temporaryFolder } from './support.ts';

const text = stateText(freshState(shop, new Map(), generator));

/** A folder whose state file holds this text. */
function withState(content: string): string {
  const root = temporaryFolder();
  mkdirSync(path.join(root, '.flask-style'));
  writeFileSync(path.join(root, '.flask-style/state.json'), content);
  return root;
}

test('a spec that would not mean after its merge what was asked for is refused', () => {
  const merged = (document: object) => {
    const after = Buffer.from(JSON.stringify(document));
    const change = { path: 'flask-style.json', kind: 'update', mode: 0o644, after } as const;
    return { changes: [change], entry: {} };
  };
  const document = specDocument(shop);
  const content = JSON.stringify(document, null, 2);
  const theirs = { content, merge: 'json', mode: 0o644, owner: 'project' } as const;
  const path = 'flask-style.json';
  const item = { path, from: path, known: undefined, theirs };
  expect(() => refuseOtherSpec(item, merged(document), shop)).not.toThrow();
  expect(() => refuseOtherSpec(item, merged({ ...document, name: 'other' }), shop)).toThrow(
    'flask-style.json as merged would not say what was asked for',
  );
});

test('what was written is read, whatever its layout', async () => {
  expect(await readState(withState(text))).toMatchObject({ format: 1, generator });
  expect(await readState(withState(JSON.stringify(JSON.parse(text))))).toMatchObject({ generator });
});

test.each(['format', 'minReader'])(
  'G39 a state whose %s is newer than the tool is refused',
  async (key) => {
    const newer = { ...JSON.parse(text), [key]: 2, generator: { ...generator, version: '9.1.0' } };
    const root = withState(JSON.stringify({ ...newer, check: 'made in another way' }));
    await expect(readState(root)).rejects.toMatchObject({
      code: 4,
      message: expect.stringContaining('create-flask-style-api 9.1.0, which is newer'),
      hint: 'use create-flask-style-api 9.1.0 or later',
    });
  },
);

test.each([
  ['is missing', undefined],
  ['is not JSON', '{'],
  ['has been changed by hand', text.replace('0.4.0', '0.3.0')],
  ['holds conflict markers', `<<<<<<< yours\n${text}`],
])('a state that %s is refused', async (what, content) => {
  const root = content === undefined ? temporaryFolder() : withState(content);
  await expect(readState(root)).rejects.toMatchObject({
    code: 4,
    message: `.flask-style/state.json ${what}`,
  });
});

test('the check covers everything but itself', () => {
  const state = JSON.parse(text);
  expect(checkOf({ ...state, check: 'x' })).toBe(state.check);
  expect(checkOf({ ...state, format: 2 })).not.toBe(state.check);
});
