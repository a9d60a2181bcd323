import type { Fragment } from '../../render/fragment.ts';
import { code, inline, table } from '../../render/writers/markdown.ts';
import type { ResourceSpec } from '../../spec/schema.ts';
import type { Identifiers } from '../identifiers.ts';

/** What the calls of PyMongo are called here, with one resource of the project as the example. */
export function pymongoTable(
  { service }: Identifiers,
  { collection }: Pick<ResourceSpec, 'collection'>,
): Fragment {
  const call = (method: string): Fragment => code(`${service}(context).${method}`);
  const rows = [
    [code('insert_one(doc)'), call('create(doc)')],
    [code('insert_many(docs)'), call('createMany(docs)')],
    [code('find(filter)'), call("find({ 'createdAt[gte]': '2026-01-01', sort: '-createdAt' })")],
    [code('find_one({"_id": ObjectId(id)})'), call('read(id)')],
    [
      code('count_documents(filter)'),
      inline(`\`${service}(context).find({ limit: '0', count: 'exact' })\`, in \`total\``),
    ],
    [code('replace_one({"_id": id}, doc)'), call('replace(id, doc)')],
    [code('update_one({"_id": id}, {"$set": part})'), call('patch(id, part)')],
    [code('delete_one({"_id": id})'), call('remove(id)')],
    [
      code('aggregate(pipeline)'),
      code(`context.db.collection('${collection}').aggregate(pipeline)`),
    ],
    [
      code('create_index(...)'),
      inline('`unique: true` or `index: true` in the model, then `db:sync`'),
    ],
    [
      code('str(doc["_id"])'),
      inline('done for you: `_id` is 24 hex digits in every answer, path and filter'),
    ],
  ];
  return table(['PyMongo', 'Here'], rows);
}
