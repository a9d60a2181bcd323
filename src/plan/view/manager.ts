import type { View } from '../../render/types.ts';
import { fixed } from '../../render/writers/fixed.ts';
import { identifier } from '../../render/writers/identifier.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Secret } from '../secrets.ts';

/** What depends on the package manager. */
export function managerView(manager: Spec['packageManager']): View {
  return manager === 'npm' ? npm : pnpm;
}

/** View of the workflow: without an embedded server, only the job that has MongoDB can run the tests. */
export function workflowView(spec: Spec, secrets: readonly Secret[]): View {
  const manager = managerView(spec.packageManager);
  return {
    ...manager,
    embeddedTests: spec.database === 'embedded' ? [manager] : [],
    secrets: secrets.map(({ name }) => ({ name: identifier(name) })),
  };
}

const npm = {
  manifests: fixed('package.json package-lock.json'),
  install: fixed('npm ci --ignore-scripts'),
  installProduction: fixed('npm ci --omit=dev --ignore-scripts'),
  firstInstall: fixed('npm install'),
  run: fixed('npm run'),
};

const pnpm = {
  manifests: fixed('package.json pnpm-lock.yaml'),
  install: fixed('corepack enable && pnpm install --frozen-lockfile --ignore-scripts'),
  installProduction: fixed(
    'corepack enable && pnpm install --frozen-lockfile --prod --ignore-scripts',
  ),
  firstInstall: fixed('pnpm install'),
  run: fixed('pnpm run'),
};
