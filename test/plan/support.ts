import path from 'node:path';
import { plan } from '../../src/plan/index.ts';
import { loadTemplates } from '../../src/plan/templates.ts';
import { render } from '../../src/render/index.ts';
import { packageRoot } from '../../src/package.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import type { FieldSpec, Spec } from '../../src/spec/schema.ts';

export const templates = loadTemplates(path.join(packageRoot(), 'templates'));

/** A spec from what is told about it: resources by singular with their fields. */
export const specOf = (
  resources: Readonly<Record<string, Readonly<Record<string, FieldSpec>>>>,
  rest: Partial<Spec> = {},
): Spec => {
  const entries = Object.entries(resources).map(([name, fields]) => [name, { fields }] as const);
  const document = { name: 'shop', ...rest, resources: Object.fromEntries(entries) };
  return parseSpec(JSON.stringify(document), 'flask-style.json');
};

/** The text of every file that a spec means, by path. */
export const emitted = async (spec: Spec): Promise<Map<string, string>> => {
  const tree = await render(plan(spec, templates));
  return new Map(
    [...tree].map(([file, { content }]) => [file, Buffer.from(content).toString('utf8')]),
  );
};
