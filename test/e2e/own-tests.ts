/**
 * The tests that emitted projects bring along, where nothing else runs them: those of every feature there is, in one project
 * that has all of them, and those that belong to an example alone. Each example is also filled with its sample data.
 */
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { examples } from '../../src/project/examples.ts';
import { inTemporaryFolder, repository, run } from './support.ts';

const bin = (name: string) => path.join(repository, 'node_modules/.bin', name);
const featuresSpec = path.join(import.meta.dirname, 'schemathesis/features.json');

await inTemporaryFolder(async (folder) => {
  const emit = async (name: string, words: readonly string[]): Promise<string> => {
    console.log(`\n--- ${name}`);
    const cli = path.join(repository, 'src/cli/index.ts');
    await run(folder, bin('tsx'), [cli, ...words, '--no-install', '--no-git', '--yes']);
    const project = path.join(folder, name);
    await symlink(path.join(repository, 'node_modules'), path.join(project, 'node_modules'));
    return project;
  };
  const test = (project: string, files: readonly string[] = []): Promise<void> =>
    run(project, bin('vitest'), ['run', '--reporter=dot', ...files]);

  await test(await emit('features', ['features', '--from', featuresSpec]));
  for (const { name, own } of await examples(repository)) {
    const project = await emit(name, ['example', name]);
    await run(project, bin('tsx'), ['dev/start.ts', 'db:seed'], { LOG_LEVEL: 'warn' });
    const files = [...own.keys()].filter((file) => file.endsWith('.test.ts'));
    if (files.length > 0) await test(project, files);
  }
});
