import { exit, UserError } from '../errors.ts';
import { pluralOf, singularOf } from './inflection.ts';
import { limits } from './schema.ts';

/** What a person may type for a resource, once spaces and a BOM are gone. */
const typedName = /^[A-Za-z][A-Za-z0-9]*(?:[-_ ][A-Za-z0-9]+)*$/;
/** No file can have these names on Windows, with or without an extension. */
const devices = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;
/** Names that the emitted code or every object has already, each with the reason. */
const taken: ReadonlyMap<string, string> = new Map([
  ['constructor', 'every object has it already'],
  ['prototype', 'every object has it already'],
  ['hasOwnProperty', 'every object has it already'],
  ['index', 'app/models/index.ts lists the models'],
  ['schema', '/api/schemas answers the JSON Schemas'],
]);

/** What a resource is called in each place of a project. */
export interface ResourceNames {
  singular: string;
  plural: string;
  path: string;
  collection: string;
}

/** The words of a name in any case, in lower case: `HTTPLog`, `order_items` and `order-item` all part. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[-_ ]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Words as one name: `['order', 'item']` → `orderItem`. */
export function camelCase(words: readonly string[]): string {
  return words.map((word, at) => (at === 0 ? word : capital(word))).join('');
}

/** `orderItem` → `order-item`. */
export function kebabCase(name: string): string {
  return wordsOf(name).join('-');
}

/** `orderItem` → `order_item`. */
export function snakeCase(name: string): string {
  return wordsOf(name).join('_');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/**
 * All names of a resource from what was typed: singular or plural, any case; `person/persons` gives both
 * numbers where English does not. Throws a UserError for what is not a name or is taken.
 */
export function resourceNames(typed: string): ResourceNames {
  const parts = typed.split('/');
  if (parts.length > 2) throw badName(typed);
  const given = checkedWords(parts[0] ?? '');
  if (parts[1] !== undefined)
    return derived(camelCase(given), camelCase(checkedWords(parts[1])), typed);
  const last = given.at(-1) ?? '';
  const singular = singularOf(last);
  const head = given.slice(0, -1);
  return derived(camelCase([...head, singular]), camelCase([...head, pluralOf(singular)]), typed);
}

function derived(singular: string, plural: string, typed: string): ResourceNames {
  for (const name of [singular, plural]) {
    const problem = nameProblem(name);
    if (problem !== undefined)
      throw new UserError(
        exit.usage,
        `the resource name ${JSON.stringify(typed)} cannot be used: ${problem}`,
        'choose another noun',
      );
  }
  return { singular, plural, path: pathOf(plural), collection: snakeCase(plural) };
}

/** Where a resource answers under /api: `orderItems` → `/order-items`. */
export function pathOf(plural: string): string {
  return `/${kebabCase(plural)}`;
}

/** The plural in camelCase of a singular in camelCase. */
export function pluralName(singular: string): string {
  const words = wordsOf(singular);
  return camelCase([...words.slice(0, -1), pluralOf(words.at(-1) ?? '')]);
}

/** Why a camelCase name cannot be a resource's singular or plural; undefined when it can. */
export function nameProblem(name: string): string | undefined {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) return `${quote(name)} is not camelCase`;
  if (name.length > limits.nameLength) return `it is longer than ${limits.nameLength} characters`;
  const device = devices.test(kebabCase(name));
  if (device) return `${quote(name)} is a device name on Windows, where no file can have it`;
  const reason = taken.get(name);
  return reason === undefined ? undefined : `${quote(name)} is taken: ${reason}`;
}

/** Why a kebab-case name cannot be that of an automation or a webhook (`what`); undefined when it can. */
export function wordsProblem(name: string, what: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name))
    return `${quote(name)} is not like nightly-report`;
  if (name.length > limits.nameLength) return `it is longer than ${limits.nameLength} characters`;
  if (devices.test(name))
    return `${quote(name)} is a device name on Windows, where no file can have it`;
  // Beside the files of that name lie the registry, and what all of them have in common.
  const beside = ['index', 'jobs', 'settings', 'verify', what];
  return beside.includes(name)
    ? `${quote(name)} is taken: app/${what}s/${name}.ts is there already`
    : undefined;
}

/** A name as it was typed, in any case, as kebab-case. Throws a UserError for what is no name. */
export function kebabName(typed: string): string {
  return checkedWords(typed).join('-');
}

function checkedWords(typed: string): string[] {
  const name = typed
    .replace(/^\uFEFF/, '')
    .trim()
    .replace(/([-_ ])[-_ ]+/g, '$1');
  if (!typedName.test(name)) throw badName(typed);
  if (name.length > limits.nameLength)
    throw new UserError(
      exit.usage,
      `the resource name ${quote(typed)} is longer than ${limits.nameLength} characters`,
    );
  return wordsOf(name);
}

function badName(typed: string): UserError {
  return new UserError(
    exit.usage,
    `the resource name ${quote(typed)} is not a name`,
    'letters A-Z and digits, beginning with a letter, words parted by - or _; person/people gives both numbers',
  );
}

/** Text of a user for a message: control characters escaped, cut after 80 characters. */
export function quote(text: string): string {
  const short = JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}\u2026` : text);
  // JSON leaves the controls above U+007F and the marks that turn the writing direction as they are.
  return short.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The form in which names collide on a file system that ignores case. */
export function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** A name that refers to a resource, in camelCase: as it was given, and in the singular. Nothing is checked. */
export function singularName(typed: string): { given: string; singular: string } {
  const words = wordsOf(typed);
  const last = words.at(-1) ?? '';
  return {
    given: camelCase(words),
    singular: camelCase([...words.slice(0, -1), singularOf(last)]),
  };
}
