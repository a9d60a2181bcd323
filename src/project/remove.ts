import type { Change } from '../apply/change.ts';
import type { Decision } from '../apply/reconcile/index.ts';
import { placeOfLayout } from '../plan/beside.ts';
import { identifiersOf } from '../plan/identifiers.ts';
import { resourceKey } from '../spec/build.ts';
import { removeField } from '../spec/edits/fields.ts';
import { fieldPath } from '../spec/edits/place.ts';
import type { Spec } from '../spec/schema.ts';
import { changeProject } from './change.ts';
import type { Choices } from './choices.ts';
import { openProject, type Project, type Tools } from './open.ts';
import { planOf, type ProjectPlan } from './project-plan.ts';
import { editedSources, foreignTexts, sourcesIn, textIn } from './uses/code.ts';
import { fieldNamed } from './uses/declaration.ts';
import { declared, renaming } from './uses/names.ts';
import { openCompiler, type Code } from './uses/service.ts';

type Frame = Tools & Choices;

/** Code of the user that still means a field which goes. */
interface Use {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/**
 * The plan that takes a field out. Code of the user that still uses it is a conflict, because it would no longer compile:
 * the way on is to change it, or to decide `ours` for its file.
 *
 * @throws UserError as {@link changeProject} and the edit of the spec do
 */
export async function planFieldRemoval(
  frame: Frame,
  resource: string,
  field: string,
): Promise<ProjectPlan> {
  const next = (spec: Spec): Spec => removeField(spec, resource, field);
  const project = await openProject(frame);
  next(project.spec);
  const uses = await usesIn(project, resource, field);
  if (uses.length === 0) return changeProject({ ...frame, next });
  const { decisions = new Map<string, Decision>() } = frame;
  // What is decided about a use alone is nothing that the planner would know of.
  const probe = await changeProject({ ...frame, decisions: new Map(), conflicts: 'abort', next });
  const disputed = new Set(probe.conflicts.map(({ path }) => path));
  const onUses = new Set(uses.map(({ path }) => path).filter((path) => !disputed.has(path)));
  const own = [...decisions].filter(([path, decision]) => decision !== 'ours' || !onUses.has(path));
  const plan = await changeProject({ ...frame, decisions: new Map(own), next });
  return withUses(plan, await leftIn(project, plan, uses), frame, resource, field);
}

async function usesIn(project: Project, typed: string, field: string): Promise<readonly Use[]> {
  const { spec, files } = project.state;
  const key = resourceKey(typed, spec);
  const resource = spec.resources[key];
  if (resource === undefined) return [];
  const path = fieldPath(field, resource, key);
  const word = path.at(-1) ?? field;
  const { singularFile } = identifiersOf(key, resource);
  const home = placeOfLayout(`app/models/${singularFile}.ts`, spec);
  const model = files[home]?.at ?? home;
  const all = [...(await editedSources(project)), ...sourcesIn(await foreignTexts(project))];
  const code: Code = new Map(all.filter(([, text]) => text.includes(word)));
  if (code.size === 0) return [];
  const compiler = await openCompiler(project.root, code, [model, ...code.keys()]);
  const name = { file: model, locate: fieldNamed(path) };
  const at = declared(compiler, name);
  const found = renaming(compiler, code, name, word) ?? [];
  // Its declaration goes; a quote may stand before the name.
  const uses = found.filter(
    ({ file, start }) => file !== model || at === undefined || start < at || start > at + 1,
  );
  return uses.map(({ file, start }) => {
    const text = code.get(file) ?? '';
    const line = text.slice(0, start).split('\n').length;
    return { path: file, line, text: text.split('\n')[line - 1] ?? '' };
  });
}

/** The uses whose lines the plan leaves as they are. */
async function leftIn(
  { files }: Project,
  plan: ProjectPlan,
  uses: readonly Use[],
): Promise<readonly Use[]> {
  const after = new Map(plan.changes.map((change) => [change.path, change.after] as const));
  const left: Use[] = [];
  for (const use of uses) {
    const { path, text } = use;
    const content = after.has(path) ? after.get(path) : await files.read(path);
    if (textIn(content)?.split('\n').includes(text)) left.push(use);
  }
  return left;
}

async function withUses(
  plan: ProjectPlan,
  uses: readonly Use[],
  { decisions, conflicts, ask }: Frame,
  resource: string,
  field: string,
): Promise<ProjectPlan> {
  const disputed = new Set(plan.conflicts.map(({ path }) => path));
  const changes = new Map(plan.changes.map((change) => [change.path, change] as const));
  const notes: string[] = [];
  for (const path of new Set(uses.map((use) => use.path))) {
    const lines = [...new Set(uses.filter((use) => use.path === path).map(({ line }) => line))];
    const places = lines.map((line) => `${path}:${line}`).join(', ');
    const reason = `${resource}.${field} goes, and is used at ${places}`;
    if (disputed.has(path)) {
      notes.push(reason);
      continue;
    }
    const { before, mode = 0o644 } = changes.get(path) ?? {};
    const conflict = { kind: 'used', reason, hunks: [], answers: ['ours'] } as const;
    const change: Change = {
      path,
      kind: 'conflict',
      mode,
      ...(before !== undefined && { before, after: before }),
      conflict,
    };
    const given = decisions?.get(path) ?? (conflicts === 'ours' ? 'ours' : undefined);
    const decision = given ?? (await ask?.({ change, conflict, answers: ['ours'] }));
    if (decision === undefined) changes.set(path, change);
    else notes.push(reason);
  }
  return planOf([...changes.values()], plan.spec, [...plan.notes, ...notes], plan.marked);
}
