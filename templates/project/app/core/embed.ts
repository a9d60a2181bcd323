// `embed=category`: puts documents in the place of their ids, with one query a reference however long the list is.
import { ObjectId } from 'mongodb';
import type { Doc } from './bson.ts';
import type { FieldAt } from './model.ts';
import { targetOf } from './relations.ts';
import { registered, type ReadOptions, type Service } from './service.ts';
import { valuesAt } from './walk.ts';

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
