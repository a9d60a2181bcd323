// References between resources: they must exist when written, and can be replaced by their documents when read.
import { ObjectId } from 'mongodb';
import type { Doc } from './bson.ts';
import type { Context } from './context.ts';
import { label, pointer, type FieldError } from './field.ts';
import type { FieldAt, Model } from './model.ts';
import { registered, type ReadOptions, type Service } from './service.ts';
import { valuesAt } from './walk.ts';

/** The model a reference points to. Throws for a model that is not in the list: that is a mistake in the code. */
export const targetOf = ({ models }: Context, { path, field }: FieldAt): Model => {
  const target = models.find(({ name }) => name === field.to);
  if (!target)
    throw new Error(`The field ${path} refers to ${field.to}, which is not in app/models/index.ts`);
  return target;
};

const unique = (ids: readonly string[]): ObjectId[] =>
  [...new Set(ids)].map((id) => new ObjectId(id));

/** A wire document about to be written; `current` is what is stored, in wire form. */
export interface Written {
  readonly wire: Doc;
  readonly current?: Doc | undefined;
  /** Its place in a bulk body. */
  readonly at: readonly PropertyKey[];
}

/** The references that point to nothing; one query a field, for one document as for many. */
export const danglingReferences = async (
  context: Context,
  fields: readonly FieldAt[],
  documents: readonly Written[],
): Promise<FieldError[]> => {
  const checks = fields.map(async (reference) => {
    const { path } = reference;
    const found = documents.flatMap(({ wire, current, at }) => {
      const before = new Set(current ? valuesAt(current, path).map(({ value }) => value) : []);
      return valuesAt(wire, path)
        .filter(({ value }) => !before.has(value))
        .map(({ value, at: inner }) => ({
          id: String(value).toLowerCase(),
          at: [...at, ...inner],
        }));
    });
    if (found.length === 0) return [];
    const target = targetOf(context, reference);
    const existing = await context.db
      .collection(target.collection)
      .find({ _id: { $in: unique(found.map(({ id }) => id)) } })
      .project({ _id: 1 })
      .maxTimeMS(context.config.limits.queryMs)
      .toArray();
    const known = new Set(existing.map(({ _id }) => String(_id)));
    return found
      .filter(({ id }) => !known.has(id))
      .map(({ id, at }) => ({
        pointer: pointer(at),
        code: 'reference',
        detail: `${label(target.name)} ${id} does not exist`,
      }));
  });
  return (await Promise.all(checks)).flat();
};

/** Changes the wire documents; a reference to a document that is gone becomes null. */
export const embed = async (
  { context }: Service,
  wires: readonly Doc[],
  references: readonly FieldAt[],
  options: ReadOptions,
): Promise<void> => {
  const jobs = references.map(async (reference) => {
    const target = targetOf(context, reference);
    const service = registered(context, target);
    const found = wires.flatMap((wire) => valuesAt(wire, reference.path));
    if (!service || found.length === 0) return;
    const ids = [...new Set(found.map(({ value }) => String(value)))];
    const documents = await service.readMany(
      ids.map((id) => new ObjectId(id)),
      options,
    );
    const byId = new Map(
      documents.map((document) => [String(document._id), service.codec.answer(document)]),
    );
    for (const { value, put } of found) put(byId.get(String(value)) ?? null);
  });
  await Promise.all(jobs);
};
