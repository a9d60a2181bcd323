/** G44: the emitted suite attacks each guard of the core; without the guard it fails. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { useDatabase, useProject } from './support/hooks.ts';
import { repository } from './support/project.ts';

const project = useProject();
const database = useDatabase();
const run = promisify(execFile);

interface Mutation {
  guard: string;
  file: string;
  text: string;
  without: string;
}

const mutations: readonly Mutation[] = [
  {
    guard: 'private: the query language does not know the field',
    file: 'model.ts',
    text: '...ownedFields }, { privates: false }',
    without: '...ownedFields }, { privates: true }',
  },
  {
    guard: 'private: answers leave the field out',
    file: 'bson.ts',
    text: '.filter(([, field]) => shown.privates || !isPrivate(field))',
    without: '',
  },
  {
    guard: 'size: a large body is refused',
    file: 'body.ts',
    text: 'if (size <= limit) chunks.push(chunk);',
    without: 'if (size >= 0) chunks.push(chunk);',
  },
  {
    guard: 'depth: a deep body is refused',
    file: 'inspect.ts',
    text: "if (path.length > depth) throw problem('too_deep');",
    without: '',
  },
  {
    guard: 'id: only 24 hex digits are an id',
    file: 'crud.ts',
    text: "if (!isObjectId(id)) throw problem('not_found');",
    without: '',
  },
];

/** Runs the emitted tests of one resource: how many pass, or 0 when one of them fails. */
const passed = async (resource = 'categories'): Promise<number> => {
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', `tests/${resource}.test.ts`, '--bail', '1'];
  // A clean environment: the variables of the runner around it are not for the runner inside.
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, NO_COLOR: '1', MONGODB_URI: database.uri };
  return run(process.execPath, args, { cwd: project.path, env }).then(
    ({ stdout }) => Number(/Tests {2}(\d+) passed/.exec(stdout)?.[1]),
    (error: { stdout?: string }) => {
      if (!error.stdout?.includes('Tests  ')) throw error;
      return 0;
    },
  );
};

describe('the emitted suite', () => {
  it('G44 passes as it is emitted, with sixty cases a resource or more', async () => {
    expect(await passed()).toBeGreaterThan(60);
    expect(await passed('things')).toBeGreaterThan(60);
  });

  it.each(mutations)('G44 fails without the guard: $guard', async (mutation) => {
    const { file, text, without } = mutation;
    const path = join(project.path, 'app/core', file);
    const source = await readFile(path, 'utf8');
    expect(source.split(text), `${file} has the guard once`).toHaveLength(2);
    try {
      await writeFile(path, source.replace(text, without));
      expect(await passed()).toBe(0);
    } finally {
      await writeFile(path, source);
    }
  });
});
