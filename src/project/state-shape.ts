import type { State } from './state.ts';

type Fields = Readonly<Record<string, unknown>>;

const kinds: ReadonlySet<unknown> = new Set(['ts', 'json', 'yaml', 'lines', 'text', 'bin', 'seed']);

/**
 * Whether what a state file says has the shape of a state. One with the right check was written by this tool, or by somebody
 * who wants it to be taken for that: a repository is cloned from anywhere.
 */
export function isState(value: Fields): value is Fields & State {
  const { format, minReader, generator, spec, files, pending = [] } = value;
  return (
    [format, minReader].every(Number.isInteger) &&
    isGenerator(generator) &&
    isApplied(spec) &&
    isEach(files, isEntry) &&
    Array.isArray(pending) &&
    pending.every(isPending)
  );
}

function isGenerator(value: unknown): boolean {
  if (!isFields(value)) return false;
  return isText(value['name']) && isText(value['version']) && isTextOrNone(value['templates']);
}

function isEntry({ kind, base, owner, mode, at, gone }: Fields): boolean {
  return (
    kinds.has(kind) &&
    (base === undefined ? kind === 'seed' : isHash(base)) &&
    [owner, mode, at].every(isTextOrNone) &&
    (gone === undefined || gone === 'user')
  );
}

function isPending(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { path, hunks, skipped, base } = value;
  return (
    isText(path) &&
    Number.isInteger(hunks) &&
    (skipped === undefined || skipped === true) &&
    (base === undefined || isHash(base))
  );
}

/** A spec as far as it is read without being parsed again: it was checked when it was applied. */
function isApplied(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { name, packageManager, database, pages, features, resources } = value;
  const { automations = {}, webhooks = {}, beside = {} } = value;
  return (
    [name, packageManager, database].every(isText) &&
    (typeof pages === 'boolean' || isTexts(pages)) &&
    isTexts(features) &&
    isFields(beside) &&
    [automations, webhooks].every((one) => isEach(one, () => true)) &&
    isEach(resources, isResource)
  );
}

function isResource({ plural, path, collection, fields }: Fields): boolean {
  return [plural, path, collection].every(isText) && isEach(fields, isField);
}

function isField({ type, values, to, fields }: Fields): boolean {
  return (
    isText(type) &&
    (values === undefined || isTexts(values)) &&
    isTextOrNone(to) &&
    (fields === undefined || isEach(fields, isField))
  );
}

function isEach(value: unknown, is: (one: Fields) => boolean): boolean {
  return isFields(value) && Object.values(value).every((one) => isFields(one) && is(one));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
