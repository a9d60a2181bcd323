/** Writes the kitchen-sink example to the folder of the first argument: a process of its own for determinism.test.ts. */
import path from 'node:path';
import { commit } from '../../src/apply/commit.ts';
import { manifest, packageRoot } from '../../src/package.ts';
import { planNew } from '../../src/project/create.ts';
import { examples } from '../../src/project/examples.ts';

const [, , root = ''] = process.argv;
const spec = (await examples(packageRoot())).find(({ name }) => name === 'kitchen-sink')?.spec;
if (spec === undefined) throw new Error('there is no example kitchen-sink');
const templates = path.join(packageRoot(), 'templates');
const { changes } = await planNew({ root, spec, templates, generator: manifest() });
await commit(root, changes);
