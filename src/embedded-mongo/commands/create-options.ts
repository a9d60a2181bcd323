import type { Doc } from '../values/bson.ts';
import { compileCollation, sameCollation } from '../values/collation.ts';
import type { CollectionOptions } from '../storage/collection.ts';
import { ServerError } from '../errors.ts';
import { collectionName, names, type Context } from './command.ts';

/** Options of `create` that stay with the collection. */
export const CREATE_OPTIONS = names(
  'validator validationLevel validationAction collation capped size max viewOn pipeline changeStreamPreAndPostImages',
);

function invalid(message: string): ServerError {
  return new ServerError(72, message);
}

function checkView(context: Context, viewOn: string): void {
  if (viewOn === '') throw new ServerError(2, "'viewOn' cannot be empty");
  for (const option of ['capped', 'size', 'max', 'idIndex', 'autoIndexId', 'validator']) {
    if (context.command[option] !== undefined) {
      throw invalid(`the option '${option}' cannot be given together with 'viewOn'`);
    }
  }
  const name = collectionName(context);
  const path = [name];
  const collation = compileCollation(context.command['collation'] as Doc | undefined);
  for (let source: string | undefined = viewOn; source !== undefined;) {
    path.push(source);
    if (source === name) throw new ServerError(5, `View cycle detected: ${path.join(' => ')}`);
    const found = context.engine.store.find(context.db, source, context.txn);
    source = found?.options.viewOn;
    if (source !== undefined && !sameCollation(found?.collation, collation)) {
      throw new ServerError(167, `View ${name} has another collation than ${viewOn}`);
    }
  }
}

/**
 * The options of a collection or view as `create` asks for them.
 * @throws ServerError 72 for options that do not go together, 5 for a view that would read itself
 */
export function optionsOf(context: Context): CollectionOptions {
  const options: CollectionOptions = {};
  for (const name of CREATE_OPTIONS) {
    const value = context.command[name];
    if (value !== undefined) options[name] = value;
  }
  if (options.capped === false) delete options.capped;
  if (options.capped && !options.size)
    throw new ServerError(72, "the 'size' field is required when 'capped' is true");
  if (Number(options.size) < 1) {
    throw new ServerError(51024, "BSON field 'size' value must be >= 1");
  }
  if (options.viewOn !== undefined) checkView(context, options.viewOn);
  else if (options.pipeline !== undefined) {
    throw invalid("'pipeline' requires 'viewOn' to also be specified");
  }
  for (const name of ['size', 'max']) if (name in options) options[name] = Number(options[name]);
  const collation = compileCollation(options.collation);
  if (collation) options.collation = collation.spec;
  else delete options.collation;
  return options;
}
