import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { commit } from '../../apply/commit.ts';
import { refuseConflicts } from '../../apply/reconcile.ts';
import { exit, UserError } from '../../errors.ts';
import { manifest, packageRoot } from '../../package.ts';
import { planNew } from '../../project/create.ts';
import type { OwnFiles } from '../../project/examples.ts';
import { quote } from '../../spec/names.ts';
import { notesOn } from '../../spec/notes.ts';
import type { Spec } from '../../spec/schema.ts';
import { refuseLeadingOut } from '../folders.ts';
import { patchOf } from '../patch.ts';
import type { Report } from '../report.ts';
import { randomOf } from '../random.ts';
import type { Run } from '../run.ts';

interface Failure {
  readonly step: 'install' | 'git';
  readonly message: string;
}

/** Writes a new project into `root` (or shows it, with `--dry-run`), then installs and makes a repository. */
export async function emit(
  spec: Spec,
  root: string,
  cwd: string,
  run: Run,
  own: OwnFiles = new Map(),
): Promise<number> {
  const { report, signal, invocation } = run;
  const { given } = invocation;
  refuseLeadingOut(root, cwd);
  const folder = relative(cwd, root) || '.';
  if (existsSync(join(root, '.flask-style/state.json')))
    throw new UserError(
      exit.conflict,
      `there is a project in ${quote(folder)} already`,
      'nothing was written; choose another folder, or go there: add, apply and update change it',
    );
  const notes = notesOn(spec);
  report.progress('preparing the files');
  const { changes } = await planNew({
    root,
    spec,
    own,
    templates: join(packageRoot(), 'templates'),
    generator: manifest(),
    random: randomOf(run),
  });
  refuseConflicts(changes);
  const files = changes.map(({ path, kind }) => ({ path, status: kind }));
  if (given.has('dry-run')) {
    report.settle();
    if (given.has('json')) report.document({ folder, written: false, files });
    else report.raw(patchOf(changes));
    return exit.done;
  }
  const { cleaned } = await commit(root, changes, { signal });
  report.settle();
  for (const path of cleaned)
    report.status('delete', `${relative(cwd, path)} (left by a run that was killed)`);
  const names = Object.values(spec.resources).map(({ path }) => `/api${path}`);
  const emitted = files.filter(({ path }) => !path.startsWith('.flask-style/')).length;
  for (const note of notes) report.line(`note: ${note}`);
  report.line(`${folder}: ${emitted} files${names.length === 0 ? '' : `, ${listed(names)}`}`);
  const failures = await postSteps(spec, root, run);
  const next = nextCommands(
    spec,
    folder,
    !given.has('install') && failures.every(({ step }) => step !== 'install'),
  );
  report.line(`\nNext:\n${next.map((command) => `  ${command}`).join('\n')}`);
  report.document({
    folder,
    written: true,
    files,
    notes,
    ...(failures.length > 0 && { failures }),
    next,
  });
  return failures.length === 0 ? exit.done : exit.post;
}

function listed(names: readonly string[]): string {
  return names.length <= 5
    ? names.join(', ')
    : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;
}

/** Install and git: the project is complete without either, so that a failure is told and no more. */
async function postSteps(
  spec: Spec,
  root: string,
  { invocation, report, signal }: Run,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  const attempt = async (step: Failure['step'], what: () => Promise<void>) => {
    if (invocation.given.has(step)) return;
    if (signal.aborted)
      throw new UserError(exit.interrupted, 'interrupted; the project is complete');
    try {
      await what();
    } catch (error) {
      if (!(error instanceof UserError) || error.code === exit.interrupted) throw error;
      failures.push({ step, message: error.message });
      tell(report, error);
    }
  };
  await attempt('install', async () => {
    const { install } = await import('../../post/install.ts');
    report.line(`${spec.packageManager} install ...`);
    await install(root, spec.packageManager, {
      env: process.env,
      signal,
      onProgress: (line) => report.progress(line),
    });
    report.settle();
  });
  await attempt('git', async () => {
    const { initRepository } = await import('../../post/repository.ts');
    await initRepository(root, { env: process.env, signal });
  });
  return failures;
}

function tell(report: Report, error: UserError): void {
  report.line(
    `${error.message}; the project is complete${error.hint === undefined ? '' : ` (${error.hint})`}`,
  );
}

/** The two commands to type now. */
function nextCommands(
  { packageManager }: Spec,
  folder: string,
  installed: boolean,
): readonly string[] {
  const enter =
    folder === '.' ? [] : [`cd ${/^[\w./@-]+$/.test(folder) ? folder : JSON.stringify(folder)}`];
  return installed
    ? [...enter, `${packageManager} run dev`]
    : [[...enter, `${packageManager} install`].join(' && '), `${packageManager} run dev`];
}
