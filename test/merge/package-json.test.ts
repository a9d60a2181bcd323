import { parse } from 'jsonc-parser';
import { expect, it } from 'vitest';
import { conflict, merge, textOf } from './support.ts';

const base = {
  name: 'shop',
  version: '1.0.0',
  dependencies: { express: '5.0.0', zod: '4.0.0' },
  devDependencies: { vitest: '4.0.0' },
  scripts: { dev: 'tsx dev.ts' },
};
const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

async function merged(ours: object, theirs: object) {
  const result = await merge('package.json', {
    base: json(base),
    ours: json({ ...base, ...ours }),
    theirs: json({ ...base, ...theirs }),
  });
  if (result.kind === 'conflict') throw new Error(result.reason);
  return { value: parse(textOf(result.content)), notes: result.notes };
}

it('the newer version of the user stays, with a note; an older one is a conflict', async () => {
  const theirs = { dependencies: { express: '5.1.0', zod: '4.0.0' } };
  const { value, notes } = await merged(
    { dependencies: { express: '^5.2.0', zod: '4.0.0' } },
    theirs,
  );
  expect(value.dependencies.express).toBe('^5.2.0');
  expect(notes).toEqual(['express stays at "^5.2.0"; the generator has "5.1.0"']);
  await expect(
    merged({ dependencies: { express: '5.0.1', zod: '4.0.0' } }, theirs),
  ).rejects.toThrow(/express/);
  await expect(
    merged({ dependencies: { express: 'github:me/express', zod: '4.0.0' } }, theirs),
  ).rejects.toThrow(/express/);
});

it('a package stands in the block where the user put it, and is raised there', async () => {
  const { value } = await merged(
    { dependencies: { express: '5.0.0' }, devDependencies: { vitest: '4.0.0', zod: '4.0.0' } },
    { dependencies: { express: '5.0.0', zod: '4.1.0' } },
  );
  expect(value.dependencies).toEqual({ express: '5.0.0' });
  expect(value.devDependencies).toEqual({ vitest: '4.0.0', zod: '4.1.0' });
});

it('the generator moves a package that the user left alone', async () => {
  const { value } = await merged(
    { scripts: { dev: 'mine' } },
    { dependencies: { express: '5.0.0' }, devDependencies: { vitest: '4.0.0', zod: '4.0.0' } },
  );
  expect(value.dependencies).toEqual({ express: '5.0.0' });
  expect(value.devDependencies).toEqual({ vitest: '4.0.0', zod: '4.0.0' });
});

it('a dropped package goes, unless the user gave it another version', async () => {
  const theirs = { dependencies: { express: '5.0.0' } };
  expect((await merged({ scripts: {} }, theirs)).value.dependencies).toEqual({ express: '5.0.0' });
  const { value, notes } = await merged(
    { dependencies: { express: '5.0.0', zod: '4.2.0' } },
    theirs,
  );
  expect(value.dependencies.zod).toBe('4.2.0');
  expect(notes).toHaveLength(1);
});

it('a package that the user removed stays away', async () => {
  const { value, notes } = await merged(
    { dependencies: { express: '5.0.0' } },
    { dependencies: { express: '5.0.0', zod: '4.3.0' } },
  );
  expect(value.dependencies).toEqual({ express: '5.0.0' });
  expect(notes).toHaveLength(1);
});

it("name, version, description, author and license are the user's", async () => {
  const { value } = await merged(
    { name: 'mine', scripts: {} },
    { name: 'other', version: '2.0.0', description: 'new', scripts: { dev: 'tsx dev.ts' } },
  );
  expect(value).toMatchObject({ name: 'mine', version: '1.0.0' });
  expect(value).not.toHaveProperty('description');
});

it("both changed one script: a conflict; the user's packages outlive a block that the generator drops", async () => {
  const text = (scripts: object) => json({ ...base, scripts });
  const result = await conflict('package.json', {
    base: json(base),
    ours: text({ dev: 'mine' }),
    theirs: text({ dev: 'theirs' }),
  });
  expect(result.reason).toBe('line 12: both sides changed dev');
  const { devDependencies: _, ...without } = base;
  const merging = await merge('package.json', {
    base: json(base),
    ours: json({ ...base, devDependencies: { vitest: '4.0.0', mine: '1.0.0' } }),
    theirs: json(without),
  });
  if (merging.kind === 'conflict') throw new Error(merging.reason);
  expect(parse(textOf(merging.content)).devDependencies).toEqual({ mine: '1.0.0' });
});

it('a range that npm install made of an exact version follows that version; a range of another version stays a matter of versions', async () => {
  const { value, notes } = await merged(
    { dependencies: { express: '^5.0.0', zod: '~4.0.0' }, devDependencies: { vitest: '^4.0.0' } },
    { dependencies: { express: '5.1.0', zod: '4.0.0' }, devDependencies: { vitest: '4.2.0' } },
  );
  expect(value.dependencies).toEqual({ express: '^5.1.0', zod: '~4.0.0' });
  expect(value.devDependencies).toEqual({ vitest: '^4.2.0' });
  expect(notes).toEqual([]);
  await expect(
    merged(
      { dependencies: { express: '^4.9.0', zod: '4.0.0' } },
      { dependencies: { express: '5.1.0', zod: '4.0.0' } },
    ),
  ).rejects.toThrow(/express/);
});
