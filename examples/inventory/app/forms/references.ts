// Documents as people know them: by a title instead of an id, and as choices of a reference.
import { ObjectId } from 'mongodb';
import type { Doc } from '../core/bson.ts';
import { isObjectId } from '../core/checks.ts';
import type { Context } from '../core/context.ts';
import { isPrivate, references, searchFields, type Model } from '../core/model.ts';
import { parseListQuery } from '../core/query.ts';
import { targetOf } from '../core/relations.ts';
import { registered, type ReadOptions, type Service } from '../core/service.ts';
import { valuesAt } from '../core/walk.ts';
import type { Entries } from './entries.ts';

/** Choices that a page lists; where there are more, one looks for them. */
const mostChoices = 100;

export interface Option {
  readonly value: string;
  readonly text: string;
}

/** What a reference may be set to. */
export interface Choices {
  readonly options: readonly Option[];
  /** There are others: they are found by their title. */
  readonly more: boolean;
  /** What was looked for. */
  readonly sought: string;
}

const titled = new Set(['string', 'slug', 'email', 'text', 'enum', 'url']);

/** The field whose value stands for a document: the first one that is searched, else the first text. */
export const titleField = (model: Model): string | undefined => {
  const searched = searchFields(model).find((path) => !path.includes('.'));
  const texts = Object.entries(model.fields).filter(
    ([, field]) => titled.has(field.type) && !field.array && !isPrivate(field),
  );
  return searched ?? texts[0]?.[0];
};

/** A wire document by name. */
export const titleOf = (model: Model, wire: Doc): string => {
  const field = titleField(model);
  const value = field === undefined ? undefined : wire[field];
  return typeof value === 'string' && value.trim() !== '' ? value : String(wire._id);
};

/** References that a page shows, with the service of what they point to. */
const shownReferences = (context: Context, model: Model) =>
  references(model).flatMap((reference) => {
    const target = registered(context, targetOf(context, reference));
    return isPrivate(reference.field) || target === undefined ? [] : [{ reference, target }];
  });

const idsIn = (values: readonly unknown[]): ObjectId[] =>
  [...new Set(values.map(String))].filter(isObjectId).map((id) => new ObjectId(id));

/** The titles of all documents that these refer to, by their ids. */
export const titlesFor = async (
  context: Context,
  model: Model,
  wires: readonly Doc[],
  options: ReadOptions,
): Promise<ReadonlyMap<string, string>> => {
  const jobs = shownReferences(context, model).map(async ({ reference, target }) => {
    const ids = idsIn(
      wires.flatMap((wire) => valuesAt(wire, reference.path)).map(({ value }) => value),
    );
    const documents = ids.length === 0 ? [] : await target.readMany(ids, options);
    return documents.map((document) => optionOf(target, document));
  });
  const found = (await Promise.all(jobs)).flat();
  return new Map(found.map(({ value, text }) => [value, text]));
};

const optionOf = ({ model, codec }: Service, document: object): Option => {
  const wire = codec.answer(document);
  return { value: String(wire._id), text: titleOf(model, wire) };
};

/** The path of an input, without the numbers of the items it is in. */
export const pathOf = (name: string): string => name.replace(/\.\d+(?=\.|$)/g, '');

/**
 * The choices of each reference of a model, by its path: those that are chosen, and others by their title.
 *
 * @param sought what to look for, by the path of the reference
 */
export const choicesFor = async (
  context: Context,
  model: Model,
  entries: Entries,
  sought: ReadonlyMap<string, string>,
  wanted: ReadOptions,
): Promise<ReadonlyMap<string, Choices>> => {
  const chosen = (path: string): ObjectId[] =>
    idsIn([...entries].filter(([name]) => pathOf(name) === path).flatMap(([, values]) => values));
  const jobs = shownReferences(context, model).map(async ({ reference, target }) => {
    const text = sought.get(reference.path) ?? '';
    const present = await target.readMany(chosen(reference.path), wanted);
    const { options, more } = await found(target, text, wanted);
    const known = new Map(
      [...present.map((document) => optionOf(target, document)), ...options].map((option) => [
        option.value,
        option,
      ]),
    );
    return [reference.path, { options: [...known.values()], more, sought: text }] as const;
  });
  return new Map(await Promise.all(jobs));
};

/** The first documents by title, those that contain a text. */
const found = async (
  target: Service,
  text: string,
  wanted: ReadOptions,
): Promise<{ readonly options: readonly Option[]; readonly more: boolean }> => {
  const { model, vocabulary, context } = target;
  const title = titleField(model);
  const canSearch = vocabulary.fields.get(title ?? '')?.operators.includes('contains') === true;
  const query = parseListQuery(
    {
      limit: String(mostChoices),
      count: 'none',
      sort: title ?? '_id',
      ...(text !== '' && canSearch && { [`${title ?? ''}[contains]`]: text.slice(0, 64) }),
    },
    vocabulary,
    context.config.limits,
  );
  const { documents, next } = await target.list(query, wanted);
  return {
    options: documents.map((document) => optionOf(target, document)),
    more: canSearch && (next !== null || text !== ''),
  };
};
