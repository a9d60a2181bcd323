import type { View } from '../../render/types.ts';
import { identifier, pathText } from '../../render/writers/identifier.ts';
import { camelCase } from '../../spec/names.ts';
import type { Spec, WebhookSpec } from '../../spec/schema.ts';
import { secretName } from '../secrets.ts';
import { rowsView } from './registries.ts';
import { memberRows } from './resource.ts';

/** View of the file and the test of one webhook. */
export function webhookView(name: string, { scheme }: WebhookSpec): View {
  return {
    name: identifier(nameOf(name)),
    file: pathText(name),
    secret: identifier(secretName(name)),
    options: memberRows({ name, scheme }, 2),
  };
}

/** View of `app/webhooks/index.ts`. */
export function webhooksView({ webhooks = {} }: Spec): View {
  const rows = Object.keys(webhooks).map((file) => ({ name: nameOf(file), file }));
  return rowsView(rows, 'webhooks');
}

/** View of `app/webhooks/settings.ts`. */
export function webhookSettingsView({ webhooks = {} }: Spec): View {
  const names = Object.keys(webhooks).map(secretName).sort();
  return { secrets: names.map((name) => ({ name: identifier(name) })) };
}

function nameOf(file: string): string {
  return `${camelCase(file.split('-'))}Webhook`;
}
