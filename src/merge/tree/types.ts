/**
 * A source text as a tree of what can be merged on its own: lists (of members, properties, statements, elements) and
 * the text between them. All texts of a tree, in order, are the source.
 */
export interface Tree {
  readonly parts: readonly Part[];
  /** One step of indentation: a tab, or some spaces. */
  readonly unit: string;
}

export type Part = Leaf | List;

export interface Leaf {
  readonly kind: 'leaf';
  readonly text: string;
  /** The text without its layout: two leaves with equal code mean the same. */
  readonly code: string;
}

/**
 * `keyed`: items have names, order is layout (members, properties, imports); `elements`: items are what they say
 * (arrays); `steps`: order is meaning (statements of a body, arguments).
 */
export type ListOrder = 'keyed' | 'elements' | 'steps';

export interface List {
  readonly kind: 'list';
  /** What it is; only lists of one shape are merged with each other. */
  readonly shape: string;
  readonly order: ListOrder;
  /** Whether items are separated by commas. */
  readonly comma: boolean;
  /** Comments that belong to the list, not to its first item. */
  readonly head: string;
  readonly items: readonly Item[];
  /** What stands between the last item and the end of the list. */
  readonly tail: string;
  /** The white space before the line where the list begins. */
  readonly indent: string;
  /** The line where it begins, counted from 1. */
  readonly line: number;
}

export interface Item {
  /** Its name among its siblings; an item without one is known by its content. */
  readonly key: string | undefined;
  /** How a person calls it. */
  readonly name: string;
  /** The kind of thing; only items of one shape take each other's place. */
  readonly shape: string;
  /** Whether it may stand before or behind another new item just as well. */
  readonly free: boolean;
  /** White space and comments before it. */
  readonly lead: string;
  readonly text: string;
  readonly code: string;
  readonly parts: readonly Part[];
  /** Whether a comma follows. */
  readonly comma: boolean;
  /** What follows on its last line: spaces and a comment. */
  readonly after: string;
  /** The white space before the line where it begins. */
  readonly indent: string;
  /** The line where it begins, counted from 1. */
  readonly line: number;
  /** It holds text whose indentation is content (a template literal, a block scalar). */
  readonly rigid: boolean;
}
