// What the templates draw of a form: one input after the other, each with its label, its text and what is wrong with it.
import { label, type FieldError } from '../core/field.ts';
import { isPrivate } from '../core/model.ts';
import type { FieldSpec, Fields } from '../core/types.ts';
import { controlOf } from './controls.ts';
import { editable, itemsOf, textOf, itemMark, type Entries } from './entries.ts';
import type { Choices, Option } from './references.ts';

/** One control, or a group of them. The templates decide how it looks. */
export interface Input {
  readonly kind: 'input' | 'textarea' | 'checkbox' | 'select' | 'checkboxes' | 'group' | 'items';
  readonly name: string;
  readonly id: string;
  readonly label: string;
  readonly required: boolean;
  readonly hints: readonly string[];
  readonly errors: readonly string[];
  /** The ids of hints and errors. */
  readonly describedBy: string;
  readonly type: string;
  readonly inputmode: string;
  readonly autocomplete: string;
  readonly text: string;
  readonly rows: number;
  readonly options: readonly (Option & { readonly chosen: boolean })[];
  readonly multiple: boolean;
  /** Where more can be looked for: the path to look under, and what was looked for. */
  readonly search: { readonly path: string; readonly sought: string } | undefined;
  /** Of a group. */
  readonly inputs: readonly Input[];
  /** Of a list of objects. */
  readonly items: readonly {
    readonly name: string;
    readonly id: string;
    readonly mark: string;
    readonly inputs: readonly Input[];
  }[];
}

/** A mistake with the input that it belongs to. */
export interface Mistake {
  readonly id: string;
  readonly detail: string;
}

export interface Drawn {
  readonly inputs: readonly Input[];
  readonly mistakes: readonly Mistake[];
  /** Those that belong to no input. */
  readonly others: readonly string[];
}

export interface FormParts {
  readonly fields: Fields;
  readonly entries: Entries;
  readonly errors: readonly FieldError[];
  readonly choices: ReadonlyMap<string, Choices>;
  /** Whether a document is made, not changed. */
  readonly isNew: boolean;
}

/** The id of the input, or of the item of a list, with that name. */
export const idOfInput = (name: string): string => `f-${name.replaceAll('.', '-')}`;

const nameOf = ({ pointer = '' }: FieldError): string => pointer.slice(2).replaceAll('/', '.');

/** Quotes are for JSON. */
const sentence = ({ detail }: FieldError): string => detail.replace(' in quotes', '');

/** The inputs of a form, in the order of the fields. */
export const drawForm = ({ fields, entries, errors, choices, isNew }: FormParts): Drawn => {
  const mistakes: Mistake[] = [];
  const placed = new Set<FieldError>();

  /** The errors of one input; those of what is inside it, unless that has inputs of its own. */
  const errorsOf = (name: string, id: string, isLeaf: boolean): string[] => {
    const own = errors.filter((error) => {
      const at = nameOf(error);
      return at === name || (isLeaf && at.startsWith(`${name}.`));
    });
    for (const error of own) {
      placed.add(error);
      mistakes.push({ id, detail: sentence(error) });
    }
    return own.map(sentence);
  };

  const hintsOf = (field: FieldSpec, isLeaf: boolean): string[] => {
    const { hint, list, kind } = controlOf(field);
    const many = list === 'lines' ? 'One a line' : list === 'json' ? 'A JSON list' : undefined;
    return [
      field.description,
      isLeaf && kind !== 'choice' ? hint : undefined,
      isLeaf && field.array ? many : undefined,
      isPrivate(field) && !isNew ? 'Not shown; stays as it is when left blank' : undefined,
    ].filter((text) => text !== undefined);
  };

  const optionsOf = (field: FieldSpec, path: string, chosen: ReadonlySet<string>) => {
    const known = (field.values ?? []).map((value) => ({ value, text: value }));
    const flags = [
      { value: 'true', text: 'Yes' },
      { value: 'false', text: 'No' },
    ];
    const options = field.type === 'boolean' ? flags : (choices.get(path)?.options ?? known);
    const none = field.array ? [] : [{ value: '', text: '–' }];
    return [...none, ...options].map((option) => ({ ...option, chosen: chosen.has(option.value) }));
  };

  const kindOf = (field: FieldSpec, path: string): Input['kind'] => {
    const { kind, list } = controlOf(field);
    if (field.fields) return field.array ? 'items' : 'group';
    if (kind === 'flag') return field.array ? 'textarea' : field.required ? 'checkbox' : 'select';
    if (field.type === 'enum') return field.array ? 'checkboxes' : 'select';
    if (kind === 'choice') return choices.has(path) ? 'select' : field.array ? 'textarea' : 'input';
    return field.array && (list === 'lines' || list === 'json')
      ? 'textarea'
      : kind === 'input'
        ? kind
        : 'textarea';
  };

  const draw = (field: FieldSpec, name: string, path: string): Input => {
    const id = idOfInput(name);
    const kind = kindOf(field, path);
    const isLeaf = field.fields === undefined;
    const { type, inputmode = '' } = controlOf(field);
    const problems = errorsOf(name, id, isLeaf);
    const hints = hintsOf(field, isLeaf);
    const text = textOf(entries, name);
    const found = choices.get(path);
    const described = [
      ...(hints.length > 0 ? [`${id}-hint`] : []),
      ...(problems.length > 0 ? [`${id}-error`] : []),
    ];
    return {
      kind,
      name,
      id,
      label: label(path.slice(path.lastIndexOf('.') + 1)),
      required: field.required === true && (isNew || !isPrivate(field)),
      hints,
      errors: problems,
      describedBy: described.join(' '),
      type,
      inputmode,
      autocomplete: type === 'password' ? 'new-password' : 'off',
      // A secret that was refused is typed again.
      text: type === 'password' ? '' : text,
      rows: Math.min(12, Math.max(3, text.split('\n').length + 1)),
      options:
        kind === 'select' || kind === 'checkboxes'
          ? optionsOf(field, path, new Set(entries.get(name) ?? ['']))
          : [],
      multiple: field.array === true,
      search: found?.more ? { path, sought: found.sought } : undefined,
      inputs: kind === 'group' ? drawAll(field.fields ?? {}, `${name}.`, `${path}.`) : [],
      items:
        kind === 'items'
          ? itemsOf(entries, name).map((item) => ({
              name: item,
              id: idOfInput(item),
              mark: textOf(entries, `${item}.${itemMark}`),
              inputs: drawAll(field.fields ?? {}, `${item}.`, `${path}.`),
            }))
          : [],
    };
  };

  const drawAll = (level: Fields, prefix: string, path: string): Input[] =>
    editable(level).map(([part, field]) => draw(field, prefix + part, path + part));

  const inputs = drawAll(fields, '', '');
  const others = errors.filter((error) => !placed.has(error)).map(sentence);
  return { inputs, mistakes, others };
};
