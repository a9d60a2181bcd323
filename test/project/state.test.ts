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

test.each<readonly [string, (state: ReturnType<typeof JSON.parse>) => void]>([
  ['files', (state) => (state.files = null)],
  ['the generator', (state) => (state.generator.version = 7)],
  ['an entry', (state) => (state.files['run.ts'] = 5)],
  ['a base', (state) => (state.files['run.ts'] = { kind: 'ts', base: '../../etc/passwd' })],
  ['a place', (state) => (state.files['run.ts'] = { kind: 'seed', at: 3 })],
  ['what waits', (state) => (state.pending = [5])],
  ['the spec', (state) => (state.spec = null)],
  ['a resource', (state) => (state.spec.resources['../x'] = {})],
  ['a field', (state) => (state.spec.resources.product.fields.name = null)],
])(
  'a state with a fitting check is refused all the same: %s is something else',
  async (_, change) => {
    const state = JSON.parse(text);
    change(state);
    const root = withState(JSON.stringify({ ...state, check: checkOf(state) }));
    await expect(readState(root)).rejects.toMatchObject({
      code: 4,
      message: '.flask-style/state.json is no state',
    });
  },
);

test('the check covers everything but itself', () => {
  const state = JSON.parse(text);
  expect(checkOf({ ...state, check: 'x' })).toBe(state.check);
  expect(checkOf({ ...state, format: 2 })).not.toBe(state.check);
});
