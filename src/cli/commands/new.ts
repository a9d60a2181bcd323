import { join } from 'node:path';
import { exit, UserError } from '../../errors.ts';
import { manifest, packageRoot } from '../../package.ts';
import type { Answers } from '../../questions/project.ts';
import { buildSpec } from '../../spec/build.ts';
import { checkSpec } from '../../spec/check.ts';
import { refuse } from '../../spec/parse.ts';
import { folderOf } from '../../spec/project-name.ts';
import type { Spec } from '../../spec/schema.ts';
import { resolveTarget } from '../../spec/target.ts';
import { workingFolder } from '../folders.ts';
import type { Run } from '../run.ts';
import { emit } from './emit.ts';

/** `[dir]`: a new project, from the arguments, from `--from`, or from what is asked. */
export async function newProject(run: Run): Promise<number> {
  const { given, words, resources } = run.invocation;
  const cwd = workingFolder(given.get('cwd'));
  const from = given.get('from');
  if (typeof from === 'string') {
    if (resources.length > 0)
      throw new UserError(
        exit.usage,
        '--from and --resource do not go together',
        'write the resource into the spec',
      );
    return imported(from, words[0], cwd, run);
  }
  const answers = await complete(run, cwd);
  const target = resolveTarget(answers.dir, cwd);
  const spec = buildSpec(
    {
      name: target.name,
      packageManager: answers.pm,
      database: 'embedded',
      pages: answers.pages,
      features: [],
    },
    answers.resources,
  );
  return emit(withFlags(spec, run), target.root, cwd, run);
}

async function imported(
  from: string,
  word: string | undefined,
  cwd: string,
  run: Run,
): Promise<number> {
  const named = word === undefined ? undefined : resolveTarget(word, cwd);
  const { importSpec } = await import('../../spec/imports/index.ts');
  const { spec, notes } = await importSpec(from, { cwd, name: named?.name });
  for (const note of notes) run.report.line(`note: ${note}`);
  const target = named ?? resolveTarget(folderOf(spec.name), cwd);
  return emit(withFlags(spec, run), target.root, cwd, run);
}

/**
 * The spec with what was said by options in the place of what it says itself.
 * @throws UserError 1 when the two do not go together
 */
export function withFlags(spec: Spec, { invocation: { given } }: Run): Spec {
  const pm = given.get('pm');
  const database = given.get('database');
  const next: Spec = {
    ...spec,
    ...((pm === 'npm' || pm === 'pnpm') && { packageManager: pm }),
    ...((database === 'embedded' || database === 'none') && { database }),
    ...(given.has('without') && { pages: false }),
    features: withFeatures(spec.features, given.get('with')),
  };
  refuse(checkSpec(next));
  return next;
}

function withFeatures(own: readonly string[], wanted: string | boolean | undefined): string[] {
  return [...new Set([...own, ...(typeof wanted === 'string' ? wanted.split(',') : [])])];
}

/** The answers of the arguments; what they leave open is asked for at a terminal. */
async function complete({ invocation, report, signal }: Run, cwd: string): Promise<Answers> {
  const { given, words, resources } = invocation;
  const dir = words[0];
  const pm = given.get('pm');
  const target = (word: string) => resolveTarget(word, cwd);
  // Before the first question: nobody should answer ten of them for a folder that cannot be.
  if (dir !== undefined) target(dir);
  const known = { dir, resources, pages: !given.has('without'), pm: 'npm' as const };
  if (dir !== undefined && resources.length > 0) return { ...known, dir };
  if (given.has('yes')) return { ...known, dir: dir ?? 'my-api' };
  if (!report.interactive)
    throw new UserError(
      exit.usage,
      dir === undefined
        ? 'there is no terminal to ask for the folder: [dir] is missing'
        : 'there is no terminal to ask for the resources: --resource (or --from) is missing',
      '--yes takes the defaults',
    );
  const { askHint, askProjectAtTerminal } = await import('../../plop/session.ts');
  report.line(askHint);
  return askProjectAtTerminal({
    base: cwd,
    templates: join(packageRoot(), 'templates'),
    overrides: undefined,
    generator: manifest(),
    known: {
      dir,
      resources,
      pages: given.has('without') ? false : undefined,
      pm: pm === 'npm' || pm === 'pnpm' ? pm : undefined,
    },
    target,
    signal,
  });
}
