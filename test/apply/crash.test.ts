import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { diskWithoutLinks, faultyDisk, type Disk } from './faults.ts';
import { contents, temporaryFolder, treeOf, write } from './support.ts';

const wanted = {
  '.gitignore': 'node_modules\n',
  'README.md': '# Shop\n',
  'app/core/api.ts': 'export {};\n',
  'app/index.ts': 'export const app = 1;\n',
  'tests/deep/one.ts': 'one\n',
  'tests/two.ts': 'two\n',
};
const mine = { LICENSE: 'mine\n', 'app/own.ts': 'mine too\n' };
const tree = treeOf(wanted);

const targets = {
  'a new folder': { prepare: (): void => undefined, own: {} },
  'an existing folder': {
    prepare(root: string): void {
      mkdirSync(path.join(root, 'app'), { recursive: true });
      for (const [file, text] of Object.entries(mine)) writeFileSync(path.join(root, file), text);
    },
    own: mine,
  },
};

let disk: Pick<Disk, 'restore'> | undefined;
afterEach(() => {
  disk?.restore();
  vi.restoreAllMocks();
});

function recordIn(root: string): string {
  return path.join(root, '.flask-style/tx/0001/COMMIT.json');
}

/** Makes this process look dead: it is the one that is "killed". */
function dead(): void {
  vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('no such process'), { code: 'ESRCH' });
  });
}

/** One run on a disk whose nth call fails: what it threw, and how many calls it made. */
async function runOn(root: string, nth: number, then: 'fails' | 'dies') {
  const faulty = faultyDisk(nth, then);
  disk = faulty;
  const error: unknown = await write(root, tree).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const { calls } = faulty;
  faulty.restore();
  return { error, calls };
}

for (const [name, { prepare, own }] of Object.entries(targets)) {
  test(`G6 killed before any call of the disk, ${name}: the next run cleans up and succeeds`, async () => {
    dead();
    for (let nth = 1; ; nth++) {
      const parent = temporaryFolder();
      const root = path.join(parent, 'shop');
      prepare(root);
      const { calls } = await runOn(root, nth, 'dies');
      if (calls < nth) {
        expect(nth).toBeGreaterThan(30);
        break;
      }
      const done = existsSync(path.join(root, 'README.md')) && !existsSync(recordIn(root));
      if (done) expect(contents(root), `call ${nth}`).toMatchObject({ ...own, ...wanted });
      else {
        await write(root, tree).catch((error: unknown) => {
          throw new Error(`after a kill before call ${nth}`, { cause: error });
        });
        expect(contents(root), `call ${nth}`).toEqual({ ...own, ...wanted });
        expect(readdirSync(parent), `call ${nth}`).toEqual(['shop']);
      }
    }
  });

  test(`G34 a full disk at any call, ${name}: exit 5 and nothing written, or all of it`, async () => {
    let refused = 0;
    for (let nth = 1; ; nth++) {
      const parent = temporaryFolder();
      const root = path.join(parent, 'shop');
      prepare(root);
      const before = contents(parent);
      const { error, calls } = await runOn(root, nth, 'fails');
      if (calls < nth) break;
      if (error === undefined) {
        expect(contents(root), `call ${nth}`).toMatchObject({ ...own, ...wanted });
        continue;
      }
      refused++;
      expect(error, `call ${nth}`).toBeInstanceOf(UserError);
      expect(error, `call ${nth}`).toMatchObject({ code: 5, hint: 'nothing was written' });
      expect((error as Error).message).not.toContain('\n');
      expect(contents(parent), `call ${nth}`).toEqual(before);
    }
    expect(refused).toBeGreaterThan(25);
  });
}

test('G6 killed again before any call of the cleaning: the run after that succeeds', async () => {
  dead();
  const { prepare, own } = targets['an existing folder'];
  /** Whether a run killed before this call has moved some of its files and not all. */
  const halfAt = async (root: string, nth: number): Promise<boolean> => {
    prepare(root);
    await runOn(root, nth, 'dies');
    return existsSync(recordIn(root)) && existsSync(path.join(root, 'app/index.ts'));
  };
  let moving = 40;
  while (!(await halfAt(path.join(temporaryFolder(), 'shop'), moving))) moving++;

  for (let nth = 1; ; nth++) {
    const root = path.join(temporaryFolder(), 'shop');
    expect(await halfAt(root, moving)).toBe(true);
    const { calls, error } = await runOn(root, nth, 'dies');
    const complete = error === undefined || calls < nth;
    if (complete) break;
    const again = await write(root, tree).then(
      () => 0,
      (thrown: unknown) => (thrown as UserError).code,
    );
    // The second run may have been killed after its own end.
    expect([0, 3], `call ${nth}`).toContain(again);
    expect(contents(root), `call ${nth}`).toMatchObject({ ...own, ...wanted });
    if (again === 0) expect(contents(root), `call ${nth}`).toEqual({ ...own, ...wanted });
  }
});

test('a file system without hard links: all is moved, nothing is replaced', async () => {
  disk = diskWithoutLinks();
  const root = path.join(temporaryFolder(), 'shop');
  targets['an existing folder'].prepare(root);
  await write(root, tree);
  expect(contents(root)).toEqual({ ...mine, ...wanted });
  await expect(write(root, tree)).rejects.toMatchObject({ code: 3 });
});
