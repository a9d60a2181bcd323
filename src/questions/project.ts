import { UserError } from '../errors.ts';
import { resourceNames } from '../spec/names.ts';
import type { Spec } from '../spec/schema.ts';
import { askFields } from './fields.ts';
import type { Conversation } from './question.ts';
import { questionOf } from './table.ts';

/** A resource as it is typed: its name, and its fields in the shorthand. */
export interface TypedResource {
  readonly name: string;
  readonly fields: readonly string[];
}

/** All that a new project needs to know from its user. */
export interface Answers {
  readonly dir: string;
  readonly resources: readonly TypedResource[];
  readonly pages: boolean;
  readonly pm: Spec['packageManager'];
}

/** What is known before the first question; `undefined` (or no resource) is what is asked for. */
export interface Known {
  readonly dir: string | undefined;
  readonly resources: readonly TypedResource[];
  readonly pages: boolean | undefined;
  readonly pm: Spec['packageManager'] | undefined;
}

/** The questions of a new project, as far as `known` leaves them open. */
export function* askProject(
  known: Known & { readonly folderProblem: (dir: string) => string | undefined },
): Conversation<Answers> {
  const dir =
    known.dir ??
    (yield {
      kind: 'text',
      message: 'Folder of the new project',
      default: 'my-api',
      problem: known.folderProblem,
    });
  const resources = known.resources.length > 0 ? known.resources : yield* askResources();
  const pages = known.pages ?? (yield questionOf('without')) === 'yes';
  const pm = known.pm ?? ((yield questionOf('pm')) === 'pnpm' ? 'pnpm' : 'npm');
  return { dir, resources, pages, pm };
}

function* askResources(): Conversation<TypedResource[]> {
  const resources: TypedResource[] = [];
  for (;;) {
    const taken = resources.map((resource) => resourceNames(resource.name).singular);
    const name = yield {
      kind: 'text',
      message:
        resources.length === 0 ? 'First resource, e.g. product' : 'Next resource (Enter: no more)',
      problem: (answer) => resourceProblem(answer, taken),
    };
    if (name === '') return resources;
    const { singular } = resourceNames(name);
    resources.push({ name, fields: yield* askFields(singular, [...taken, singular]) });
  }
}

function resourceProblem(answer: string, taken: readonly string[]): string | undefined {
  if (answer === '') return taken.length === 0 ? 'name at least one' : undefined;
  return problemOf(() => {
    const { singular } = resourceNames(answer);
    return taken.includes(singular) ? `there is a resource ${singular} already` : undefined;
  });
}

/** What `check` returns, or the line of the refusal it throws; a bug goes on as it is. */
export function problemOf(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
  }
}
