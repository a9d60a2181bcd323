/**
 * The tests that emitted projects bring along, where nothing else runs them: those of every feature there is, in one project
 * that has all of them, and those that belong to an example alone.
 */
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { examples } from '../../src/project/examples.ts';
import { inTemporaryFolder, repository, run } from './support.ts';

const bin = (name: string) => path.join(repository, 'node_modules/.bin', name);
const features = path.join(import.meta.dirname, 'schemathesis/features.json');

await inTemporaryFolder(async (folder) => {
  /** Emits a project and runs tests of it: those in the files that are named, or all. */
  const test = async (name: string, words: readonly string[], files: readonly string[]) => {
    console.log(`\n--- ${name}`);
    const cli = path.join(repository, 'src/cli/index.ts');
    await run(folder, bin('tsx'), [cli, ...words, '--no-install', '--no-git', '--yes']);
    const project = path.join(folder, name);
    await symlink(path.join(repository, 'node_modules'), path.join(project, 'node_modules'));
    await run(project, bin('vitest'), ['run', '--reporter=dot', ...files]);
  };
  await test('features', ['features', '--from', features], []);
  for (const { name, own } of await examples(repository)) {
    const files = [...own.keys()].filter((file) => file.endsWith('.test.ts'));
    if (files.length > 0) await test(name, ['example', name], files);
  }
});
