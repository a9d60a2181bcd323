// Singular and plural of one English word in lower case. The library decides, except for the words below,
// which it knows wrongly or which software uses in its own way.
import pluralize from 'pluralize';

const uncountable = new Set(
  'analytics aws css data dns ethics feedback goods gps html http https kudos logistics mathematics means media metadata news ops os physics politics series sms sql species staff statistics thanks weather'.split(
    ' ',
  ),
);
const irregular: readonly [singular: string, plural: string][] = [
  ['atlas', 'atlases'],
  ['axis', 'axes'],
  ['basis', 'bases'],
  ['bias', 'biases'],
  ['cache', 'caches'],
  ['canvas', 'canvases'],
  ['cookie', 'cookies'],
  ['criterion', 'criteria'],
  ['gas', 'gases'],
  ['iris', 'irises'],
  ['lens', 'lenses'],
  ['person', 'people'],
  ['status', 'statuses'],
];
const toPlural = new Map(irregular);
const toSingular = new Map(irregular.map(([singular, plural]) => [plural, singular] as const));

/** The singular of a word in either number. */
export function singularOf(word: string): string {
  if (uncountable.has(word) || toPlural.has(word)) return word;
  // Nothing is left of the word `s`.
  return toSingular.get(word) ?? (pluralize.singular(word) || word);
}

/** The plural of a singular. */
export function pluralOf(word: string): string {
  if (uncountable.has(word)) return word;
  return toPlural.get(word) ?? pluralize.plural(word);
}
