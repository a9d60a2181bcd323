import type { View } from '../../render/types.ts';
import { identifier, pathText } from '../../render/writers/identifier.ts';
import type { AutomationSpec, Spec } from '../../spec/schema.ts';
import { camelCase } from '../../spec/names.ts';
import { rowsView } from './registries.ts';
import { memberRows } from './resource.ts';

/** View of the file and the test of one automation. */
export function automationView(name: string, { description, every }: AutomationSpec): View {
  return {
    name: identifier(nameOf(name)),
    file: pathText(name),
    options: memberRows({ name, description, every }, 2),
  };
}

/** View of `app/automations/index.ts`. */
export function automationsView({ automations = {} }: Spec): View {
  const rows = Object.keys(automations).map((file) => ({ name: nameOf(file), file }));
  return rowsView(rows, 'automations');
}

function nameOf(file: string): string {
  return `${camelCase(file.split('-'))}Automation`;
}
