import type { View } from '../../render/types.ts';
import { ts } from '../../render/writers/typescript.ts';
import type { Spec } from '../../spec/schema.ts';

/** View of `app/info.ts`. */
export function infoView(spec: Spec): View {
  return { title: ts(spec.name), description: ts(spec.description ?? '') };
}
