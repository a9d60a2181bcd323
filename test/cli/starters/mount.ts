import type { Project } from '../project.ts';

/** Does to the application exactly what the notes of `add resource` say. */
export function mountAsSaid(project: Project, out: string): void {
  const said = /^note: mount it right below line (\d+) of (\S+), above every body parser: (.+)$/m;
  const [, line = '', file = '', call = ''] = said.exec(out) ?? [];
  if (file === '') throw new Error(`nothing is said about mounting:\n${out}`);
  const lines = project.read(file).split('\n');
  lines.splice(Number(line), 0, call);
  const imported = /^note: and import it: (.+)$/m.exec(out)?.[1];
  if (imported !== undefined) lines.unshift(imported);
  project.write(file, lines.join('\n'));
}
