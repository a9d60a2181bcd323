import { Fragment } from '../fragment.ts';

/** One box of the diagram. */
export interface Entity {
  readonly name: string;
  readonly attributes: readonly {
    readonly name: string;
    readonly type: string;
    readonly key: 'FK' | 'UK' | undefined;
  }[];
}

/** One line of the diagram: each `from` points to one `to`, or to many. */
export interface Relation {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly many: boolean;
  readonly required: boolean;
}

/** Names that Mermaid reads as a key mark. */
const keys = /^(?:pk|fk|uk)$/i;

/**
 * An entity relationship diagram in Mermaid.
 * @throws {TypeError} on a name or type with characters that mean something to Mermaid
 */
export function entityDiagram(
  entities: readonly Entity[],
  relations: readonly Relation[],
): Fragment {
  const boxes = entities.flatMap(({ name, attributes }) => [
    `  ${word(name)} {`,
    ...attributes.map((item) =>
      ['   ', type(item.type), keys.test(item.name) ? `${item.name}_` : plain(item.name), item.key]
        .filter((part) => part !== undefined)
        .join(' '),
    ),
    '  }',
  ]);
  const lines = relations.map(({ from, to, label, many, required }) => {
    const end = many ? 'o{' : required ? '||' : 'o|';
    return `  ${word(from)} }o--${end} ${word(to)} : ${word(label)}`;
  });
  return new Fragment(['erDiagram', ...boxes, ...lines].join('\n'));
}

/** In quotes, so that a name like `class` is no keyword. */
function word(text: string): string {
  return `"${plain(text)}"`;
}

function plain(text: string): string {
  if (!/^[A-Za-z][\w.]*$/.test(text)) throw new TypeError(`not a name: ${JSON.stringify(text)}`);
  return text;
}

function type(text: string): string {
  if (!/^[a-z]+(?:\[\])?$/.test(text)) throw new TypeError(`not a type: ${JSON.stringify(text)}`);
  return text;
}
