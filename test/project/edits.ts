import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Change } from '../../src/apply/change.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import type { FieldSpec, Spec } from '../../src/spec/schema.ts';

type Edit = (spec: Spec) => Spec;

/** Adds a resource at the end, with what follows from its name. */
export function addResource(name: string, fields: Readonly<Record<string, FieldSpec>>): Edit {
  return (spec) =>
    parseSpec(
      JSON.stringify({ ...spec, resources: { ...spec.resources, [name]: { fields } } }),
      'spec',
    );
}

/** Takes a resource out. */
export function removeResource(name: string): Edit {
  return (spec) => {
    const { [name]: _gone, ...resources } = spec.resources;
    return { ...spec, resources };
  };
}

/** Writes changes one after the other, as simply as can be: what is shown is the plan, not the transaction. */
export function applyTo(root: string, changes: readonly Change[]): void {
  for (const { path: file, kind, after } of changes) {
    if (kind === 'keep' || kind === 'identical') continue;
    if (kind === 'conflict') throw new Error(`${file} is a conflict`);
    const at = path.join(root, file);
    if (after === undefined) rmSync(at);
    else {
      mkdirSync(path.dirname(at), { recursive: true });
      writeFileSync(at, after);
    }
  }
}

/** Every file below a folder, as text by path. */
export function bytesIn(root: string): Readonly<Record<string, string>> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(path.join(root, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [name, readFileSync(path.join(root, name), 'utf8')]),
  );
}
