import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { commit } from '../../src/apply/commit.ts';
import { planNew } from '../../src/project/create.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import type { Spec } from '../../src/spec/schema.ts';

export const templates = path.resolve(import.meta.dirname, '../../templates');
export const generator = { name: 'create-flask-style-api', version: '0.4.0' };

/** A shop of products in categories, without pages. */
export const shop: Spec = parseSpec(
  JSON.stringify({
    name: 'shop',
    pages: false,
    resources: {
      category: { fields: { name: { type: 'string', required: true } } },
      product: {
        fields: { name: { type: 'string' }, category: { type: 'ref', to: 'category' } },
      },
    },
  }),
  'shop.json',
);

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'project-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The shop on disk. */
export async function emitted(): Promise<string> {
  const root = path.join(temporaryFolder(), 'shop');
  const { changes } = await planNew({ root, spec: shop, templates, generator });
  await commit(root, changes);
  return root;
}
