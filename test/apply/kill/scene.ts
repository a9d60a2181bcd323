import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

/** Files of one generation of the project: 90 that are replaced by the next, 10 that it deletes, and 10 that it adds. */
export function generation(number: number): ReadonlyMap<string, string> {
  const text = (file: string): string => `generation ${number} of ${file}\n${'x'.repeat(1500)}\n`;
  const only = number % 2 === 0 ? 'even' : 'odd';
  const files = [
    ...Array.from({ length: 90 }, (_, n) => `${['app', 'tests', 'dev'][n % 3]}/${n % 9}/${n}.ts`),
    ...Array.from({ length: 10 }, (_, n) => `app/${only}/${n}.ts`),
    '.flask-style/state.json',
  ];
  return new Map(files.map((file) => [file, text(file)]));
}

/** Writes a generation as a user would find it. */
export function put(root: string, files: ReadonlyMap<string, string>): void {
  for (const [file, text] of files) {
    fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  }
}

/** Every file of a project but those in which the tool keeps its transactions. */
export function filesOf(root: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(root, file);
    if (/^\.flask-style\/(?:tx|undo|tmp|lock)/.test(name)) continue;
    if (entry.isFile()) found.set(name, fs.readFileSync(file, 'utf8'));
  }
  return found;
}

/** Which of the generations a project is, as a whole. */
export function generationOf(root: string, ...candidates: readonly number[]): number | undefined {
  const now = filesOf(root);
  return candidates.find((number) => same(now, generation(number)));
}

/** All bytes that transactions keep below `.flask-style`, as texts. */
export function keptTexts(root: string): readonly string[] {
  const folders = ['undo', 'tx'].map((name) => path.join(root, '.flask-style', name));
  return folders.filter(fs.existsSync).flatMap((folder) =>
    fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\/(?:cap|back)$/.test(entry.parentPath))
      .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8')),
  );
}

/** Nothing is under way, and no lock is held. */
export function assertSettled(root: string): void {
  for (const name of ['tx', 'tmp', 'lock'])
    assert.ok(!fs.existsSync(path.join(root, '.flask-style', name)), `${name} is left`);
  const beside = fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('.cfsa-'));
  assert.deepEqual(beside, []);
}

function same(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([file, text]) => b.get(file) === text);
}
