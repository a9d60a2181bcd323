// What deleting a document means for those that refer to it: refuse, delete them too, or take the reference out.
import type { ClientSession, ObjectId } from 'mongodb';
import type { Doc } from './bson.ts';
import type { Context } from './context.ts';
import { references, type FieldAt, type Model } from './model.ts';
import { problem } from './problems.ts';
import { within } from './transaction.ts';
import { isDoc } from './walk.ts';
import { isWatched, tell, type Traced } from './witness.ts';

/** One write that follows from a delete, and is told of with its trace. */
type Step = (session: ClientSession | undefined, traced: Traced) => Promise<void>;

/** Finds out what follows from deleting these documents, and throws `restricted` when one may not go. */
export const consequences = async (
  context: Context,
  model: Model,
  ids: readonly ObjectId[],
  doomed: Map<string, ObjectId[]> = new Map(),
): Promise<Step[]> => {
  doomed.set(model.name, [...(doomed.get(model.name) ?? []), ...ids]);
  const steps: Step[] = [];
  for (const child of context.models) {
    for (const reference of references(child, model.name)) {
      const spared = { $nin: doomed.get(child.name) ?? [] };
      const filter = { [reference.path]: { $in: [...ids] }, _id: spared };
      steps.push(...(await follow(context, model, ids, child, reference, filter, doomed)));
    }
  }
  return steps;
};

const follow = async (
  context: Context,
  model: Model,
  ids: readonly ObjectId[],
  child: Model,
  reference: FieldAt,
  filter: Doc,
  doomed: Map<string, ObjectId[]>,
): Promise<Step[]> => {
  const { queryMs: maxTimeMS, count: limit } = context.config.limits;
  const collection = context.db.collection(child.collection);
  const rule = reference.field.onDelete ?? 'restrict';
  if (rule === 'restrict') {
    const count = await collection.countDocuments(filter, { limit, maxTimeMS });
    if (count === 0) return [];
    const those = count === 1 ? `1 ${child.name} refers` : `${count} ${child.plural} refer`;
    throw problem('restricted', `${those} to this ${model.name}`);
  }
  const watched = isWatched(context);
  const projection = watched ? {} : { projection: { _id: 1 } };
  if (rule === 'nullify') {
    const takeThemOut: Step = async (session, traced) => {
      const options = { maxTimeMS, ...within(session) };
      const before = watched ? await collection.find(filter, options).toArray() : [];
      await takeOut(context, child, reference, ids, filter, session);
      const those = { _id: { $in: before.map(({ _id }) => _id) } };
      const after = watched ? await collection.find(those, options).toArray() : [];
      await tell(context, { kind: 'updated', model: child, documents: after, ...traced }, session);
    };
    return [takeThemOut];
  }
  const found = await collection.find(filter, { ...projection, maxTimeMS }).toArray();
  const children = found.map(({ _id }) => _id);
  if (children.length === 0) return [];
  const further = await consequences(context, child, children, doomed);
  const remove: Step = async (session, traced) => {
    await collection.deleteMany({ _id: { $in: children } }, within(session));
    if (!watched) return;
    await tell(context, { kind: 'deleted', model: child, documents: found, ...traced }, session);
  };
  return [...further, remove];
};

/** Removes the references from the documents that have them; from lists, only the items concerned. */
const takeOut = async (
  { db, config }: Context,
  child: Model,
  { path, many }: FieldAt,
  gone: readonly ObjectId[],
  filter: Doc,
  session: ClientSession | undefined,
): Promise<void> => {
  const collection = db.collection(child.collection);
  const options = { ...within(session), maxTimeMS: config.limits.queryMs };
  // A document that was made elsewhere may have no revision, or null for one.
  const touched = { updatedAt: new Date(), _rev: { $add: [{ $ifNull: ['$_rev', 0] }, 1] } };
  if (!many) {
    await collection.updateMany(filter, [{ $set: touched }, { $unset: path }], options);
    return;
  }
  const [top = '', ...rest] = path.split('.');
  const ids = new Set(gone.map(String));
  for (const document of await collection.find(filter, options).toArray()) {
    const value = without(document[top], rest, ids);
    const $set = { ...touched, [top]: { $literal: value } };
    await collection.updateOne({ _id: document._id }, [{ $set }], options);
  }
};

/** The value without references to the ids. */
const without = (value: unknown, path: readonly string[], ids: ReadonlySet<string>): unknown => {
  const [name, ...rest] = path;
  if (Array.isArray(value)) {
    const kept = name === undefined ? value.filter((item) => !ids.has(String(item))) : value;
    return name === undefined ? kept : kept.map((item: unknown) => without(item, path, ids));
  }
  if (name === undefined) return ids.has(String(value)) ? undefined : value;
  if (!isDoc(value)) return value;
  const { [name]: inner, ...others } = value;
  const left = without(inner, rest, ids);
  return left === undefined ? others : { ...others, [name]: left };
};
