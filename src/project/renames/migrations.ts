import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { migrationOp, migrationsFolder, type Migration } from '../../plan/migrations.ts';
import { format } from '../../render/format.ts';
import { render } from '../../render/index.ts';
import type { Tree } from '../../render/types.ts';
import { utf8Text } from '../../utf8.ts';
import type { Project } from '../open.ts';

/** The files of migrations, numbered behind those that lie in `migrations/` already. */
export async function migrationFiles(
  { root, templates, spec }: Project,
  migrations: readonly Migration[],
): Promise<Tree> {
  const names = await readdir(path.join(root, migrationsFolder(spec))).catch((): string[] => []);
  const taken = names.map((name) => Number.parseInt(name, 10));
  const last = Math.max(0, ...taken.filter((number) => !Number.isNaN(number)));
  const ops = migrations.map((migration, index) =>
    migrationOp(migration, last + 1 + index, templates, spec),
  );
  const tree = await render(ops);
  const laidOut = [...tree].map(async ([name, file]) => {
    const text = await format(name, utf8Text(file.content));
    return [name, { ...file, content: text }] as const;
  });
  return new Map(await Promise.all(laidOut));
}
