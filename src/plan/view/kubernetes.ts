import type { View } from '../../render/types.ts';
import { pathText } from '../../render/writers/identifier.ts';
import { folderOf } from '../../spec/project-name.ts';

/** So much of a name is left in those of Kubernetes, which may have 63 characters with all that it adds. */
const most = 40;

/** View of `k8s/kustomization.yaml`. */
export function kustomizationView(projectName: string): View {
  return { name: pathText(labelOf(projectName)) };
}

/**
 * The name of a project as Kubernetes takes it for that of a Service: `@shop/v2.api_1` → `v2-api-1`.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names
 */
function labelOf(projectName: string): string {
  const label = folderOf(projectName).replace(/[^a-z0-9]+/g, '-');
  // The name of a Service begins with a letter.
  const own = /^[a-z]/.test(label) ? label : `app-${label}`;
  return own.slice(0, most).replace(/-$/, '');
}
