import { readFile, stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { exit, UserError } from '../../errors.ts';
import { checkSize, parseJson, type Document } from '../json.ts';
import { quote } from '../names.ts';
import { specOf } from '../parse.ts';
import { projectNameFrom } from '../project-name.ts';
import { assemble, type Imported } from './assemble.ts';
import { isObject, type JsonObject } from './pointer.ts';

/**
 * The spec that `--from` means: a file (our spec, OpenAPI 3, JSON Schema, samples in JSON, NDJSON or CSV) or a
 * mongodb:// address to look at. `name` is the project's, when it was typed. Each reader is loaded only when it
 * is needed. Throws a UserError for what cannot be read or used.
 */
export async function importSpec(
  from: string,
  { cwd, name }: { cwd: string; name: string | undefined },
): Promise<Imported> {
  if (/^mongodb(?:\+srv)?:\/\//i.test(from)) {
    const { lookAtDatabase } = await import('./mongodb.ts');
    return assemble(await lookAtDatabase(from), name);
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(from))
    throw new UserError(
      exit.usage,
      `--from ${quote(from)} is neither a file nor a mongodb:// address`,
      'nothing is fetched from the web: download it first',
    );
  const text = await textOf(resolve(cwd, from), from);
  const stem = basename(from, extname(from));
  switch (extname(from).toLowerCase()) {
    case '.csv':
    case '.tsv': {
      const { csvDraft } = await import('./csv.ts');
      return assemble(csvDraft(text, stem, from), name ?? projectNameFrom(stem));
    }
    case '.ndjson':
    case '.jsonl': {
      const { ndjsonDraft } = await import('./samples.ts');
      return assemble(ndjsonDraft(text, stem, from), name ?? projectNameFrom(stem));
    }
    case '.yaml':
    case '.yml': {
      const { parseYaml } = await import('./yaml.ts');
      return fromDocument(parseYaml(text, from), stem, from, name);
    }
    default:
      return fromDocument(await jsonOrLines(text, from), stem, from, name);
  }
}

async function textOf(path: string, from: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile())
    throw new UserError(
      exit.usage,
      `--from ${quote(from)} is not a file`,
      'name a file or a mongodb:// address',
    );
  checkSize(found.size, from);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof TypeError)
      throw new UserError(exit.usage, `${from} is not a text in UTF-8`, 'save it as UTF-8');
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(exit.usage, `${from} cannot be read (${code ?? 'unknown'})`);
  }
}

/** JSON, or NDJSON under another ending: each of the first lines is an object by itself. */
async function jsonOrLines(text: string, from: string): Promise<Document> {
  const lines = text.split('\n', 3).filter((line) => line.trim() !== '');
  const { isJsonLine, parseLines } = await import('./samples.ts');
  if (lines.length > 1 && lines.slice(0, 2).every(isJsonLine)) {
    const values = parseLines(text, from);
    return { value: values, where: (path) => `${from}:${Number(path[0] ?? 0) + 1}` };
  }
  return parseJson(text, from);
}

async function fromDocument(
  document: Document,
  stem: string,
  from: string,
  name: string | undefined,
): Promise<Imported> {
  const { value } = document;
  if (isObject(value)) {
    if (typeof value['swagger'] === 'string')
      throw new UserError(exit.usage, `${from} is Swagger 2.0`, 'convert it to OpenAPI 3 first');
    if (value['openapi'] !== undefined) {
      const { openapiDraft } = await import('./openapi.ts');
      return assemble(openapiDraft(value, from), name);
    }
    if (isSpec(value)) return { spec: specOf(document, name), notes: [] };
    const { isJsonSchema, jsonSchemaDraft } = await import('./json-schema.ts');
    if (isJsonSchema(value))
      return assemble(jsonSchemaDraft(value, stem, from), name ?? projectNameFrom(stem));
  }
  const { samplesDraft } = await import('./samples.ts');
  return assemble(samplesDraft(value, stem, from), name ?? projectNameFrom(stem));
}

/** A spec of ours, also one that is wrong: its refusals should speak of a spec. */
function isSpec(value: JsonObject): boolean {
  const keys = Object.keys(value);
  return (
    ('resources' in value && !Array.isArray(value['resources'])) ||
    (value['version'] === 1 && keys.every((key) => key !== 'properties' && key !== '$defs'))
  );
}
