import type { Doc } from './bson.ts';
import { badValue, unsupported } from '../errors.ts';

/** How strings are ordered: the simple binary order is the absence of a collation. */
export interface Collation {
  /** The specification with its defaults, as `listIndexes` shows it. */
  readonly spec: Doc;
  compare(a: string, b: string): number;
  /** A representative that two strings share exactly when they compare as equal. */
  key(text: string): string;
}

const sensitivities = ['base', 'accent', 'variant'] as const;
const known = new Set([
  'locale',
  'caseLevel',
  'caseFirst',
  'strength',
  'numericOrdering',
  'alternate',
  'maxVariable',
  'normalization',
  'backwards',
  'version',
]);
const collations = new Map<string, Collation>();

/**
 * Compiles a collation document; undefined for the simple (binary) collation.
 * @throws ServerError 2 for a malformed one, 238 for options that ICU has and Intl has not
 */
export function compileCollation(spec: Doc | undefined | null): Collation | undefined {
  if (spec === undefined || spec === null || Object.keys(spec).length === 0) return undefined;
  for (const name of Object.keys(spec)) {
    if (!known.has(name)) {
      throw badValue(`BSON field 'collation.${name}' is an unknown field.`);
    }
  }
  const { locale } = spec;
  if (typeof locale !== 'string')
    throw badValue("BSON field 'collation.locale' is missing but a required field");
  if (locale === 'simple') return undefined;
  const cached = JSON.stringify(spec);
  const existing = collations.get(cached);
  if (existing) return existing;
  const made = makeCollation(locale, spec);
  collations.set(cached, made);
  return made;
}

/** Whether two collations order alike; the simple one is undefined. */
export function sameCollation(a: Collation | undefined, b: Collation | undefined): boolean {
  return JSON.stringify(a?.spec) === JSON.stringify(b?.spec);
}

function makeCollation(locale: string, spec: Doc): Collation {
  const strength = Number(spec.strength ?? 3);
  if (!Number.isInteger(strength) || strength < 1 || strength > 5) {
    throw badValue(
      `Enumeration value '${strength}' for field 'collation.strength' is not a valid value.`,
    );
  }
  if (strength > 3) throw unsupported(`collation strength ${strength}`);
  if (spec.backwards === true) throw unsupported('collation backwards');
  if (spec.caseLevel === true && strength > 1)
    throw unsupported('collation caseLevel with strength 2 or 3');
  if (spec.alternate !== undefined && spec.alternate !== 'non-ignorable') {
    throw unsupported('collation alternate: shifted');
  }
  const caseFirst = spec.caseFirst ?? 'off';
  const name = locale.replaceAll('_', '-');
  if (localesOf(name).length === 0) {
    throw badValue(`Field 'locale' is invalid in: { locale: "${locale}" }`);
  }
  const sensitivity = spec.caseLevel === true ? 'case' : (sensitivities[strength - 1] ?? 'variant');
  const collator = new Intl.Collator(name, {
    sensitivity,
    numeric: spec.numericOrdering === true,
    ignorePunctuation: false,
    caseFirst: caseFirst === 'upper' ? 'upper' : caseFirst === 'lower' ? 'lower' : 'false',
  });
  return {
    spec: {
      locale,
      caseLevel: spec.caseLevel === true,
      caseFirst,
      strength,
      numericOrdering: spec.numericOrdering === true,
      alternate: 'non-ignorable',
      maxVariable: 'punct',
      normalization: spec.normalization === true,
      backwards: false,
      version: '57.1',
    },
    compare: (a, b) => collator.compare(a, b),
    key: representatives(collator),
  };
}

function localesOf(name: string): string[] {
  try {
    return Intl.Collator.supportedLocalesOf(name);
  } catch {
    return [];
  }
}

/** Intl gives no sort keys, so equal strings are given the first of them that was seen. */
function representatives(collator: Intl.Collator): (text: string) => string {
  const seen = new Map<string, string>();
  const sorted: string[] = [];
  return (text) => {
    const found = seen.get(text);
    if (found !== undefined) return found;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (collator.compare(sorted[middle] ?? '', text) < 0) low = middle + 1;
      else high = middle;
    }
    const candidate = sorted[low];
    const same = candidate !== undefined && collator.compare(candidate, text) === 0;
    if (!same) sorted.splice(low, 0, text);
    const representative = same ? candidate : text;
    seen.set(text, representative);
    return representative;
  };
}
