import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exit, UserError } from '../../errors.ts';
import type { Foreign } from '../../project/beside/detect.ts';
import type { BesidePlan } from '../../project/beside/plan.ts';
import { ProjectFiles } from '../../project/files.ts';
import type { Tools } from '../../project/open.ts';
import { addResource } from '../../spec/edits/resources.ts';
import { changeOptions } from '../change/options.ts';
import { change } from '../change/run.ts';
import { toolsAt } from '../change/tools.ts';
import { workingFolder } from '../folders.ts';
import { patchOf } from '../patch.ts';
import type { Run } from '../run.ts';

/** The Express project around the working folder that was not made by us, if there is one. */
export async function foreignProject(
  run: Run,
): Promise<{ readonly tools: Tools; readonly foreign: Foreign } | undefined> {
  const root = nearestPackage(workingFolder(run.invocation.given.get('cwd')));
  if (root === undefined) return undefined;
  // Loaded late: it parses code, and a project of ours never needs it.
  const { detectForeign } = await import('../../project/beside/detect.ts');
  const foreign = await detectForeign(new ProjectFiles(root));
  return foreign === undefined ? undefined : { tools: toolsAt(root, run), foreign };
}

/** The nearest folder with a package.json; none when a project of ours is as near. */
function nearestPackage(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'flask-style.json'))) return undefined;
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (existsSync(join(folder, '.git')) || folder === dirname(folder)) return undefined;
  }
}

/**
 * `add resource` in an Express project that was not made by us. A file of the project changes only after its exact diff was
 * shown and agreed to: at the terminal, or by `--yes`.
 */
export async function addBeside(
  run: Run,
  { tools, foreign }: { readonly tools: Tools; readonly foreign: Foreign },
  name: string,
  fields: readonly string[],
): Promise<number> {
  const next = (spec: Parameters<typeof addResource>[0]) => addResource(spec, { name, fields });
  const { dryRun, check, decisions, conflicts } = changeOptions(run.invocation);
  const { missingPackages } = await import('../../project/beside/packages.ts');
  const { planBeside } = await import('../../project/beside/plan.ts');
  let packages = missingPackages(foreign).length > 0;
  if (!dryRun && !check) {
    const plan = await planBeside(
      { ...tools, next, decisions, conflicts: conflicts === 'ask' ? 'abort' : conflicts },
      foreign,
      packages,
    );
    // A plan with conflicts is refused as everywhere.
    if (plan.conflicts.length === 0 && plan.foreign.length > 0)
      packages = (await agreed(run, tools, plan)) && packages;
  }
  return change(run, {
    root: tools.root,
    command: ['add resource', name, ...fields].join(' '),
    plan: (choices) => planBeside({ ...tools, ...choices, next }, foreign, packages),
  });
}

/** Shows what would change and asks; `false`: package.json stays as it is. */
async function agreed(run: Run, { root }: Tools, { foreign }: BesidePlan): Promise<boolean> {
  const { report, invocation, signal } = run;
  const paths = foreign.map(({ path }) => path).join(', ');
  if (!invocation.given.has('json')) report.raw(patchOf(foreign));
  if (invocation.given.has('yes')) return true;
  if (!report.interactive)
    throw new UserError(
      exit.usage,
      `${paths} would change as shown, and there is no terminal to ask at; nothing was written`,
      '--yes accepts it; --dry-run shows everything',
    );
  const [{ holdAtTerminal }, { askDisputes }] = await Promise.all([
    import('../../plop/session.ts'),
    import('../../questions/conflicts.ts'),
  ]);
  const others = foreign.some(({ path }) => path !== 'package.json');
  const dispute = { path: paths, reason: 'change it as shown?', answers: ['no', 'yes'] };
  const answers = await holdAtTerminal(root, () => askDisputes([dispute]), signal);
  if (answers.get(paths) === 'yes') return true;
  if (!others) return false;
  throw new UserError(exit.usage, `${paths} stays as it is; nothing was written`);
}
