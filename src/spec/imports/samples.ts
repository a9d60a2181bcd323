import { exit, UserError } from '../../errors.ts';
import { parseJson } from '../json.ts';
import type { JsonValue } from '../schema.ts';
import type { Draft } from './draft.ts';
import { inferFields, type Sample } from './infer.ts';

/** Resources from sample documents: one, a list, or an object that holds a list for each resource. */
export function samplesDraft(value: JsonValue, stem: string, from: string): Draft {
  if (
    isSample(value) &&
    Object.values(value).length > 0 &&
    Object.values(value).every(isListOfSamples)
  )
    return {
      from,
      resources: Object.entries(value).map(([name, list]) => ({
        name,
        fields: inferFields(list as readonly Sample[]),
      })),
      notes: [],
    };
  return listDraft(Array.isArray(value) ? value : [value], stem, from);
}

/** A resource from sample documents, one a line. */
export function ndjsonDraft(text: string, stem: string, from: string): Draft {
  return listDraft(parseLines(text, from), stem, from);
}

function listDraft(values: readonly JsonValue[], stem: string, from: string): Draft {
  const at = values.findIndex((value) => !isSample(value));
  if (at !== -1 || values.length === 0)
    throw new UserError(
      exit.usage,
      values.length === 0 ? `${from} has no document` : `${from}: item ${at + 1} is not an object`,
      'a sample is an object, a list of objects, or an object of such lists',
    );
  return {
    from,
    resources: [{ name: stem, fields: inferFields(values as readonly Sample[]) }],
    notes: [],
  };
}

/** The values of NDJSON; blank lines are skipped. Throws a UserError with file:line. */
export function parseLines(text: string, from: string): JsonValue[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line, at) => {
      if (line.trim() === '') return [];
      try {
        return [parseJson(line, from).value];
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        throw new UserError(
          error.code,
          error.message.replace(`${from}:1:`, `${from}:${at + 1}:`),
          error.hint,
        );
      }
    });
}

/** Whether a line is a JSON object by itself. */
export function isJsonLine(line: string): boolean {
  try {
    return isSample(JSON.parse(line));
  } catch {
    return false;
  }
}

function isSample(value: unknown): value is Sample {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfSamples(value: unknown): value is readonly Sample[] {
  return Array.isArray(value) && value.length > 0 && value.every(isSample);
}
