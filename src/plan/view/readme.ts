import type { Fragment } from '../../render/fragment.ts';
import type { View } from '../../render/types.ts';
import { pathText } from '../../render/writers/identifier.ts';
import { join } from '../../render/writers/join.ts';
import { lines } from '../../render/writers/lines.ts';
import { code, codeBlock, inline, markdown, paragraph } from '../../render/writers/markdown.ts';
import type { ResourceSpec, Spec } from '../../spec/schema.ts';
import { identifiersOf } from '../identifiers.ts';
import type { Identifiers } from '../identifiers.ts';
import { dependencyOrder } from '../order.ts';
import { commandTable } from './commands.ts';
import { diagramOf } from './diagram.ts';
import { fieldTable } from './field-table.ts';
import { managerView } from './manager.ts';
import { pymongoTable } from './pymongo.ts';
import { removalOf, requestsOf } from './requests.ts';

interface Named {
  readonly name: string;
  readonly resource: ResourceSpec;
}

/**
 * View of README.md. A list of one item stands for `if`: templates have no conditions.
 * @param scripts those of package.json
 * @param sections what features say of themselves: Markdown of ours
 */
export function readmeView(
  spec: Spec,
  scripts: Readonly<Record<string, string>>,
  sections: readonly string[],
): View {
  const order = dependencyOrder(spec.resources);
  const resources = order.flatMap((name) => {
    const resource = spec.resources[name];
    return resource === undefined ? [] : [{ name, resource }];
  });
  const there = new Set<string>();
  const described = resources.map(({ name, resource }) => {
    const section = {
      title: markdown(titleOf(resource.plural)),
      path: code(`/api${resource.path}`),
      description: paragraphOf(resource.description),
      notes: notesOf(resource),
      fields: fieldTable(resource, spec.resources),
      requests: requestsOf(name, resource, there),
      ...filesOf(identifiersOf(name, resource)),
    };
    there.add(name);
    return section;
  });
  const first = resources[0];
  return {
    ...managerView(spec.packageManager),
    title: markdown(spec.name),
    description: paragraphOf(spec.description),
    pages: spec.pages === false ? [] : [{}],
    embedded: spec.database === 'embedded' ? [{}] : [],
    external: spec.database === 'none' ? [{}] : [],
    resources: described,
    sections: sections.map((text) => ({ text: lines([text]) })),
    model: first === undefined ? [] : [{ diagram: diagramOf(spec.resources) }],
    removals: first === undefined ? [] : [{ lines: removals(resources) }],
    pymongo:
      first === undefined
        ? []
        : [{ table: pymongoTable(identifiersOf(first.name, first.resource), first.resource) }],
    commands: commandTable(scripts, spec.packageManager),
  };
}

function paragraphOf(text: string | undefined): View[] {
  return text === undefined ? [] : [{ text: paragraph(text) }];
}

/** Backwards: what points to a document goes before it. */
function removals(resources: readonly Named[]): Fragment {
  const lines = [...resources].reverse().map(({ name, resource }) => removalOf(name, resource));
  return codeBlock('sh', join(lines, '\n'));
}

function filesOf({ singularFile, pluralFile }: Identifiers): View {
  return { singularFile: pathText(singularFile), pluralFile: pathText(pluralFile) };
}

function notesOf({ requireIfMatch, requireIdempotencyKey, search }: ResourceSpec): View[] {
  const notes = [
    requireIfMatch &&
      '`PUT`, `PATCH` and `DELETE` need `If-Match`: the `ETag` that was read, or `*`.',
    requireIdempotencyKey &&
      'Every `POST` needs an `Idempotency-Key`; the same key again gives the same answer.',
    search && '`?q=` searches whole words by a text index.',
  ];
  return notes.filter((note) => typeof note === 'string').map((note) => ({ text: inline(note) }));
}

/** `orderItems` → `Order items`. */
function titleOf(plural: string): string {
  const words = plural.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
