import type { Spec } from '../spec/schema.ts';

/** A spec as `flask-style.json` holds it: keys in reading order, and the schema that editors check it with. */
export function specDocument(spec: Spec): Spec {
  const { $schema = './.flask-style/schema.json', version, name, description } = spec;
  const { packageManager, database, pages, features, beside, automations, webhooks, resources } =
    spec;
  const head = { $schema, version, name, description, packageManager, database, pages, features };
  return { ...head, beside, automations, webhooks, resources } as Spec;
}
