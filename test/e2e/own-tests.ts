/**
 * The tests that emitted projects bring along, where nothing else runs them: those of every feature there is, in one project
 * that has all of them, those of a resource whose fields have names that queries and answers use, and those that belong to
 * an example alone. Each example is also filled with its sample data.
 */
import path from 'node:path';
import { examples } from '../../src/project/examples.ts';
import { emit, inTemporaryFolder, repository, run } from './support.ts';

const bin = (name: string) => path.join(repository, 'node_modules/.bin', name);
const specs = {
  features: path.join(import.meta.dirname, 'schemathesis/features.json'),
  names: path.join(import.meta.dirname, 'names.json'),
};

await inTemporaryFolder(async (folder) => {
  const test = (project: string, files: readonly string[] = []): Promise<void> =>
    run(project, bin('vitest'), ['run', '--reporter=dot', ...files]);

  for (const [name, spec] of Object.entries(specs))
    await test(await emit(folder, name, [name, '--from', spec, '--yes']));
  for (const { name, own } of await examples(repository)) {
    const project = await emit(folder, name, ['example', name]);
    await run(project, bin('tsx'), ['dev/start.ts', 'db:seed'], { LOG_LEVEL: 'warn' });
    const files = [...own.keys()].filter((file) => file.endsWith('.test.ts'));
    if (files.length > 0) await test(project, files);
  }
});
