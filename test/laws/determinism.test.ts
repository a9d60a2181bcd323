import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifest, packageRoot } from '../../src/package.ts';
import { projectTree } from '../../src/project/tree.ts';
import type { Tree } from '../../src/render/types.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { fc } from '../properties.ts';
import { randomSpec } from './random-spec.ts';

const root = packageRoot();
const emit = (spec: Spec): Promise<Tree> =>
  projectTree({ spec, templates: path.join(root, 'templates'), generator: manifest() });

/** One line a file: path, permissions, hash. */
async function listing(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const lines = files.map(async (entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const mode = ((await stat(file)).mode & 0o777).toString(8);
    const hash = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    return `${path.relative(folder, file)} ${mode} ${hash}`;
  });
  return (await Promise.all(lines)).sort();
}

const places = [
  { umask: '022', env: { TZ: 'UTC', LC_ALL: 'C', LANG: 'C' } },
  { umask: '000', env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' } },
  {
    umask: '077',
    env: { TZ: 'America/St_Johns', LC_ALL: 'de_DE.UTF-8', NO_COLOR: '1', CI: 'true' },
  },
];

describe('the same spec gives the same bytes', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'flask-style-same-'));
  });
  afterAll(async () => {
    // Nothing but the folder made above is ever removed.
    if (path.dirname(folder) === tmpdir()) await rm(folder, { recursive: true });
  });

  it('G25 G26 in another folder, locale, time zone and umask', async () => {
    const listings: string[][] = [];
    for (const [index, { umask, env }] of places.entries()) {
      const cwd = path.join(folder, `cwd-${index}`);
      const target = path.join(folder, String(index), 'deep'.repeat(index + 1));
      await mkdir(cwd);
      await mkdir(path.dirname(target), { recursive: true });
      const script = path.join(root, 'test/laws/emit-kitchen-sink.ts');
      // Resolved here: `cwd` has no packages.
      const tsx = import.meta.resolve('tsx');
      await execa(
        'sh',
        ['-c', `umask ${umask} && exec node --import "$0" "$1" "$2"`, tsx, script, target],
        { cwd, env },
      );
      listings.push(await listing(target));
      expect(await readdir(cwd)).toEqual([]);
    }
    const [first = [], ...others] = listings;
    expect(first.length).toBeGreaterThan(100);
    for (const other of others) expect(other).toEqual(first);
    for (const line of first) expect(line).toMatch(/ 644 /);
  });

  it('G25 for any spec, and whatever the order of its keys on the way', async () => {
    await fc.assert(
      fc.asyncProperty(randomSpec, async (spec) => {
        const once = await emit(spec);
        const { resources, ...rest } = structuredClone(spec);
        const twice = await emit({ resources, ...rest });
        expect([...twice.keys()]).toEqual([...once.keys()]);
        for (const [file, { content, mode }] of once) {
          const other = twice.get(file);
          expect(other?.mode, file).toBe(mode);
          expect(Buffer.from(other?.content ?? '').equals(Buffer.from(content)), file).toBe(true);
        }
      }),
      { numRuns: 20, seed: 15 },
    );
  });
});
