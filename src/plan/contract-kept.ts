import { modelPart, modelTag, openapi } from '../../templates/project/app/core/openapi.ts';
import { referringModels, type Model } from '../../templates/project/app/core/model.ts';
import { jsonEntries } from '../render/writers/json-entries.ts';
import type { ContractInput } from './contract-input.ts';

type Part = ReturnType<typeof modelPart>;
type Section = 'paths' | 'schemas' | 'parameters';
type Entry = readonly [key: string, value: unknown];

/** Parts that are new, and the part of a model that stays as it was, next to which they stand. */
interface Addition {
  readonly parts: readonly Part[];
  readonly side: 'before' | 'after';
  readonly stays: Part;
}

/**
 * The OpenAPI document of the project, with the text of what stays as it was: the cost of a change does not grow with the
 * models that it leaves alone. Nothing when all of them change, or what they share.
 *
 * @param text the document of before, as the writer `json` gave it
 */
export function contractKeeping(
  next: ContractInput,
  before: ContractInput,
  text: string,
): object | undefined {
  const frame = frameOf(next);
  if (JSON.stringify(frame) !== JSON.stringify(frameOf(before))) return undefined;
  const [old, now] = [sideOf(before.models), sideOf(next.models)];
  const kept = keptModels(old, now);
  if (kept.size === 0) return undefined;
  const gone = old.models.filter(({ name }) => !kept.has(name)).map((model) => partOf(model, old));
  const additions = additionsTo(now, kept);
  const section = (name: Section, indent: number): object =>
    Object.fromEntries(revised(name, jsonEntries(text, name, indent), gone, additions));
  return {
    ...frame,
    tags: [...next.models.map(modelTag), ...frame.tags.slice(next.brought.length)],
    paths: section('paths', 2),
    components: {
      ...frame.components,
      schemas: section('schemas', 4),
      parameters: section('parameters', 4),
    },
  };
}

/** The document without the models of the spec: what features say needs those that they bring. */
function frameOf({ brought, info, described }: ContractInput) {
  return openapi(brought, info, described);
}

/** The models of one of the two documents, and by the name of each those that refer to it. */
interface Side {
  readonly models: readonly Model[];
  readonly referring: ReadonlyMap<string, readonly Model[]>;
}

function sideOf(models: readonly Model[]): Side {
  return { models, referring: referringModels(models) };
}

function partOf(model: Model, { referring }: Side): Part {
  return modelPart(model, referring.get(model.name) ?? []);
}

/** The names of the models whose part is as it was: they and those that refer to them are the same. */
function keptModels(old: Side, now: Side): ReadonlySet<string> {
  const described = ({ models, referring }: Side): ReadonlyMap<string, string> =>
    new Map(
      models.map((model) => [
        model.name,
        JSON.stringify([model, ...(referring.get(model.name) ?? [])]),
      ]),
    );
  const [before, after] = [described(old), described(now)];
  return new Set([...after.keys()].filter((name) => after.get(name) === before.get(name)));
}

/** What is new, each before the next model that stays; behind the last one that stays when there is no next. */
function additionsTo(now: Side, kept: ReadonlySet<string>): readonly Addition[] {
  const additions: Addition[] = [];
  let waiting: Part[] = [];
  let last: Model | undefined;
  for (const model of now.models) {
    if (!kept.has(model.name)) {
      waiting.push(partOf(model, now));
      continue;
    }
    if (waiting.length > 0)
      additions.push({ parts: waiting, side: 'before', stays: partOf(model, now) });
    waiting = [];
    last = model;
  }
  if (waiting.length > 0 && last !== undefined)
    additions.push({ parts: waiting, side: 'after', stays: partOf(last, now) });
  return additions;
}

function revised(
  section: Section,
  entries: readonly Entry[],
  gone: readonly Part[],
  additions: readonly Addition[],
): readonly Entry[] {
  const dropped = new Set(gone.flatMap((part) => Object.keys(part[section])));
  const places = { before: new Map<string, Entry[]>(), after: new Map<string, Entry[]>() };
  for (const { parts, side, stays } of additions) {
    const keys = Object.keys(stays[section]);
    const place = keys.at(side === 'before' ? 0 : -1) ?? '';
    places[side].set(
      place,
      parts.flatMap((part) => Object.entries(part[section])),
    );
  }
  return entries
    .filter(([key]) => !dropped.has(key))
    .flatMap((entry) => [
      ...(places.before.get(entry[0]) ?? []),
      entry,
      ...(places.after.get(entry[0]) ?? []),
    ]);
}
