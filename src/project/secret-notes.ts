import { parseEnv } from 'node:util';
import type { Change } from '../apply/change.ts';
import { secretsOf } from '../plan/secrets.ts';
import type { Spec } from '../spec/schema.ts';
import { utf8Text } from '../utf8.ts';
import type { ProjectFiles } from './files.ts';

const environmentPath = '.env';
const examplePath = '.env.example';

/** A change of a project, as far as secrets follow from it. */
interface Changing {
  readonly files: ProjectFiles;
  readonly before: Spec;
  readonly after: Spec;
  readonly changes: readonly Change[];
}

/**
 * What a change means for `.env`, a line each. The file is the user's once it is there: what it lacks now, what it sets
 * for nobody any more, and what else can be set, can only be said.
 */
export async function secretNotes(changing: Changing): Promise<readonly string[]> {
  return [...(await ofSecrets(changing)), ...variableNotes(changing)];
}

async function ofSecrets({ files, before, after, changes }: Changing): Promise<readonly string[]> {
  const [old, now] = [namesIn(before), namesIn(after)];
  const [more, less] = [lacking(now, old), lacking(old, now)];
  if (more.length === 0 && less.length === 0) return [];
  const made = changes.find(({ path, kind }) => path === environmentPath && kind === 'create');
  const content = made === undefined ? await files.read(environmentPath) : made.after;
  const set = Object.keys(parseEnv(Buffer.from(content ?? '').toString('utf8')));
  const [missing, idle] = [lacking(more, set), less.filter((name) => set.includes(name))];
  const where = content === undefined ? 'there is no .env' : '.env is yours and stays as it is';
  return [
    ...(missing.length === 0
      ? []
      : [
          `${where}: set ${missing.join(', ')}, without which production does not start (openssl rand -hex 32)`,
        ]),
    ...(idle.length === 0 ? [] : [`.env still sets ${idle.join(', ')}, which nothing reads now`]),
  ];
}

/** Variables that are new in `.env.example`, but for the secrets of which more is said. */
function variableNotes({ after, changes }: Changing): readonly string[] {
  const example = changes.find(({ path, kind }) => path === examplePath && kind === 'update');
  if (example === undefined) return [];
  const more = lacking(variablesIn(example.after), [
    ...variablesIn(example.before),
    ...namesIn(after),
  ]);
  return more.length === 0 ? [] : [`${examplePath} says what else can be set: ${more.join(', ')}`];
}

/** The variables that an example names, those behind a `#` as well. */
function variablesIn(content: Uint8Array = new Uint8Array()): readonly string[] {
  const lines = utf8Text(content).split('\n');
  return Object.keys(parseEnv(lines.map((line) => line.replace(/^#(?=\w+=)/, '')).join('\n')));
}

function namesIn(spec: Spec): readonly string[] {
  return secretsOf(spec).map(({ name }) => name);
}

function lacking(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => !others.includes(name));
}
