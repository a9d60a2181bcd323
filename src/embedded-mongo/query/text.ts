import type { Doc } from '../values/bson.ts';
import { ServerError, badValue, unsupported } from '../errors.ts';
import { splitPath, walk } from '../values/paths.ts';

/** What a text index says about its collection. */
export interface TextIndex {
  /** Indexed paths with their weights; `$**` stands for every string field. */
  readonly weights: Readonly<Record<string, number>>;
  /** Language of documents and searches that name none; `none` means neither stop words nor stems. */
  readonly defaultLanguage?: string | undefined;
  /** The field by which a document names its own language. */
  readonly override?: string | undefined;
}

/** The languages MongoDB knows, by name and by code. */
const LANGUAGES = new Set(
  `none danish da dutch nl english en finnish fi french fr german de hungarian hu italian it norwegian nb
  portuguese pt romanian ro russian ru spanish es swedish sv turkish tr`.split(/\s+/),
);

/** Whether MongoDB knows a language of that name. */
export function isLanguage(value: unknown): boolean {
  return typeof value === 'string' && LANGUAGES.has(value.toLowerCase());
}

/** @throws ServerError 17261 or 17262 when a document with a text index says to be in a language that is none */
export function checkLanguage(value: unknown): void {
  if (value === undefined || isLanguage(value)) return;
  throw typeof value === 'string'
    ? new ServerError(17262, `language override unsupported: ${value}`)
    : new ServerError(17261, 'found language override field in document with non-string type');
}

const stopWords = new Set(
  `a about above after again against all am an and any are as at be because been before being below between
  both but by cannot could did do does doing down during each few for from further had has have having he her here
  hers herself him himself his how i if in into is it its itself me more most my myself no nor not of off on once
  only or other ought our ours ourselves out over own same she should so some such than that the their theirs them
  themselves then there these they this those through to too under until up very was we were what when where which
  while who whom why with would you your yours yourself yourselves`.split(/\s+/),
);
const scores = new WeakMap<Doc, number>();

/** The score that the latest `$text` gave to a document, for `{$meta: 'textScore'}`. */
export function textScore(doc: Doc): number | undefined {
  return scores.get(doc);
}

/** @throws ServerError 40218 when a projection or stages read the score of a search that the query does not make */
export function checkTextScore(filter: Doc, readers: unknown): void {
  const read = JSON.stringify(readers) ?? '';
  if (!read.includes('{"$meta":"textScore"}') || /"\$text"/.test(JSON.stringify(filter) + read))
    return;
  throw new ServerError(40218, 'query requires text score metadata, but it is not available');
}

/** Hands a document's score on to one that was made from it. */
export function keepTextScore(from: Doc, to: Doc): void {
  const score = scores.get(from);
  if (score !== undefined) scores.set(to, score);
}

/** Words of a text as the index holds them: folded to lower case without accents, without stop words, stemmed. */
function tokens(text: string, language = 'english', accents = false): string[] {
  const folded = accents ? text : text.normalize('NFD').replace(/\p{M}/gu, '');
  const words = folded.toLowerCase().match(/[\p{L}\p{N}_]+(?:['’][\p{L}\p{N}]+)?/gu) ?? [];
  if (language === 'none') return words;
  return words.filter((word) => !stopWords.has(word)).map(stem);
}

/**
 * Compiles the operand of `$text`: gives a document's score, 0 when it does not match.
 * @throws ServerError 27 without a text index, 238 for a language other than english or none
 */
export function compileText(operand: Doc, index: TextIndex | undefined): (doc: Doc) => number {
  if (typeof operand.$search !== 'string') {
    throw operand.$search === undefined
      ? badValue("BSON field '$text.$search' is missing but a required field")
      : new ServerError(14, '"$search" had the wrong type. Expected string');
  }
  for (const key of Object.keys(operand)) {
    if (!['$search', '$language', '$caseSensitive', '$diacriticSensitive'].includes(key)) {
      throw badValue(`extra fields in $text: ${key}`);
    }
  }
  if (!index) throw new ServerError(27, 'text index required for $text query');
  if (operand.$caseSensitive === true) throw unsupported('$text with $caseSensitive');
  const language = languageOf(operand.$language ?? index.defaultLanguage ?? 'english');
  const accents = operand.$diacriticSensitive === true;
  const query = parseSearch(operand.$search, language, accents);
  const paths = Object.entries(index.weights).map(([path, weight]) => ({ path, weight }));
  const { override = 'language' } = index;
  return (doc) => {
    const own = doc[override] ?? index.defaultLanguage ?? 'english';
    checkInnerLanguages(doc, paths, override);
    const score = scoreOf(doc, paths, query, languageOf(own), accents);
    scores.set(doc, score);
    return score;
  };
}

/** @throws ServerError 238 for documents inside the document that name a language of their own */
function checkInnerLanguages(doc: Doc, paths: readonly { path: string }[], override: string): void {
  for (const { path } of paths) {
    const parts = splitPath(path);
    for (let length = 1; length < parts.length; length++) {
      walk(doc, [...parts.slice(0, length), override], true, (value) => {
        if (value === undefined) return false;
        throw unsupported(`A language of embedded documents (${path}) in a text index`);
      });
    }
  }
}

function languageOf(value: unknown): string {
  const name = String(value).toLowerCase();
  if (name === 'english' || name === 'en') return 'english';
  if (name === 'none') return 'none';
  throw unsupported(`The text search language ${String(value)}`);
}

interface Search {
  words: Set<string>;
  excluded: Set<string>;
  phrases: string[];
  excludedPhrases: string[];
}

function parseSearch(text: string, language: string, accents: boolean): Search {
  const search: Search = {
    words: new Set(),
    excluded: new Set(),
    phrases: [],
    excludedPhrases: [],
  };
  for (const [, minus, phrase, word] of text.matchAll(/(?<![^\s"])(-?)(?:"([^"]*)"|([^\s"]+))/g)) {
    const words = tokens(phrase ?? word ?? '', language, accents);
    if (phrase !== undefined) {
      (minus ? search.excludedPhrases : search.phrases).push(fold(phrase, accents));
    }
    if (minus && phrase === undefined) for (const token of words) search.excluded.add(token);
    else if (!minus) for (const token of words) search.words.add(token);
  }
  return search;
}

function fold(text: string, accents: boolean): string {
  return (accents ? text : text.normalize('NFD').replace(/\p{M}/gu, '')).toLowerCase();
}

function scoreOf(
  doc: Doc,
  paths: { path: string; weight: number }[],
  query: Search,
  language: string,
  accents: boolean,
): number {
  let score = 0;
  const phrases = new Set(query.phrases);
  for (const { path, weight } of paths) {
    for (const text of textsAt(doc, path)) {
      const words = tokens(text, language, accents);
      if (words.some((word) => query.excluded.has(word))) return 0;
      score += weight * frequency(words, query.words);
      const folded = fold(text, accents);
      if (query.excludedPhrases.some((phrase) => folded.includes(phrase))) return 0;
      for (const phrase of phrases) if (folded.includes(phrase)) phrases.delete(phrase);
    }
  }
  return phrases.size > 0 ? 0 : score;
}

/** MongoDB's score of a field: each further occurrence counts half of the one before, longer texts count less. */
function frequency(words: string[], wanted: ReadonlySet<string>): number {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  let score = 0;
  for (const word of wanted) {
    const count = counts.get(word) ?? 0;
    if (count > 0) score += (2 - 2 ** (1 - count)) * (0.5 * (1 / words.length) + 0.5);
  }
  return score;
}

function textsAt(doc: Doc, path: string): string[] {
  const texts: string[] = [];
  if (path === '$**') {
    collectStrings(doc, texts);
  } else {
    walk(doc, splitPath(path), true, (value) => {
      if (typeof value === 'string') texts.push(value);
      return false;
    });
  }
  return texts;
}

function collectStrings(value: unknown, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) collectStrings(member, texts);
  }
}

/** Takes the common English endings off; after Porter, "An algorithm for suffix stripping", steps 1a to 1c. */
function stem(word: string): string {
  let text = word.replace(/['’]s?$/, '');
  if (text.length < 3) return text;
  if (/(ss|i)es$/.test(text)) text = text.slice(0, -2);
  else if (/[^s]s$/.test(text) && !/[^aeiouy]?us$/.test(text)) text = text.slice(0, -1);
  if (/[aeiouy].*eed$/.test(text)) return text.slice(0, -1);
  const ended = /^(.*[aeiouy].*)(?:ed|ing)$/.exec(text)?.[1];
  if (ended !== undefined) {
    if (/(at|bl|iz)$/.test(ended)) text = `${ended}e`;
    else if (/([^aeioulsz])\1$/.test(ended)) text = ended.slice(0, -1);
    else if (/^[^aeiou]*[aeiouy][^aeiouwxy]$/.test(ended)) text = `${ended}e`;
    else text = ended;
  }
  return /[aeiou].*y$/.test(text) || /[^aeiou]y$/.test(text) ? `${text.slice(0, -1)}i` : text;
}
