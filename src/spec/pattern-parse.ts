// The subset of regular expressions that a pattern may use, as a tree: no look-around, no back references, no
// named groups, no property classes. Whatever is read here means the same to V8 with the flag u.

/** Why a pattern is refused, as the end of a sentence about it. */
export class PatternError extends Error {
  override name = 'PatternError';
}

type Range = readonly [from: number, to: number];

/** Code points, as ranges with both ends. */
export type CharSet = readonly Range[];

export type PatternNode =
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'chars'; readonly set: CharSet }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly PatternNode[] }
  | RepeatNode;

export interface RepeatNode {
  readonly kind: 'repeat';
  readonly part: PatternNode;
  readonly min: number;
  /** Infinity for * and +. */
  readonly max: number;
}

const last = 0x10ffff;
const digit: CharSet = [[48, 57]];
const word: CharSet = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const space: CharSet = [
  [9, 13],
  [32, 32],
  [160, 160],
  [5760, 5760],
  [8192, 8202],
  [8232, 8233],
  [8239, 8239],
  [8287, 8287],
  [12288, 12288],
  [65279, 65279],
];
/** What the dot leaves out. */
const lineEnds: CharSet = [
  [10, 10],
  [13, 13],
  [8232, 8233],
];
const classes: ReadonlyMap<string, CharSet> = new Map([
  ['d', digit],
  ['w', word],
  ['s', space],
  ['D', complement(digit)],
  ['W', complement(word)],
  ['S', complement(space)],
]);
const controls = new Map([
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
]);

function complement(set: CharSet): CharSet {
  const result: Range[] = [];
  let next = 0;
  for (const [from, to] of [...set].sort((a, b) => a[0] - b[0])) {
    if (from > next) result.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= last) result.push([next, last]);
  return result;
}

/** Parses a pattern; throws PatternError for what is malformed or outside the subset. */
export function parsePattern(source: string): PatternNode {
  return new Parser(source).parse();
}

class Parser {
  readonly #text: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#text = [...source];
  }

  parse(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.#text.length) throw new PatternError('has a ) without a (');
    return node;
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #eat(expected: string): boolean {
    if (this.#peek() !== expected) return false;
    this.#at += 1;
    return true;
  }

  #choice(): PatternNode {
    const parts = [this.#sequence()];
    while (this.#eat('|')) parts.push(this.#sequence());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'choice', parts };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')';) {
      parts.push(this.#repeated(this.#atom()));
      next = this.#peek();
    }
    return { kind: 'sequence', parts };
  }

  #repeated(part: PatternNode): PatternNode {
    const [min, max] = this.#quantifier();
    if (min === 1 && max === 1) return part;
    if (part.kind === 'start' || part.kind === 'end')
      throw new PatternError('repeats ^ or $, which match no character');
    // A lazy repetition accepts the same texts.
    this.#eat('?');
    if (['*', '+', '?', '{'].includes(this.#peek() ?? ''))
      throw new PatternError('has two repetitions in a row');
    return { kind: 'repeat', part, min, max };
  }

  #quantifier(): [min: number, max: number] {
    if (this.#eat('*')) return [0, Infinity];
    if (this.#eat('+')) return [1, Infinity];
    if (this.#eat('?')) return [0, 1];
    if (this.#peek() !== '{') return [1, 1];
    const match = /^\{(\d{1,5})(?:(,)(\d{0,5}))?\}/.exec(this.#text.slice(this.#at).join(''));
    if (match === null) throw new PatternError('has a { that is no repetition; write \\{');
    this.#at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === '' ? Infinity : Number(match[3]);
    if (max < min) throw new PatternError(`repeats at least ${min} and at most ${max} times`);
    return [min, max];
  }

  #atom(): PatternNode {
    const char = this.#text[this.#at++] ?? '';
    switch (char) {
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '.':
        return { kind: 'chars', set: complement(lineEnds) };
      case '[':
        return { kind: 'chars', set: this.#class() };
      case '(':
        return this.#group();
      case '\\':
        return { kind: 'chars', set: this.#escape() };
      case '*':
      case '+':
      case '?':
        throw new PatternError(`repeats nothing at ${char}`);
      case '{':
      case '}':
      case ']':
        throw new PatternError(`has a ${char} alone; write \\${char}`);
      default:
        return { kind: 'chars', set: single(char) };
    }
  }

  #group(): PatternNode {
    this.#depth += 1;
    if (this.#depth > 20) throw new PatternError('nests groups deeper than 20');
    if (this.#eat('?') && !this.#eat(':'))
      throw new PatternError('uses look-around or a named group, which is not supported');
    const node = this.#choice();
    if (!this.#eat(')')) throw new PatternError('has a ( without a )');
    this.#depth -= 1;
    return node;
  }

  #escape(): CharSet {
    const char = this.#text[this.#at++];
    if (char === undefined) throw new PatternError('ends with a backslash');
    const known = classes.get(char);
    if (known !== undefined) return known;
    const control = controls.get(char);
    if (control !== undefined) return [[control, control]];
    if (!/^[\^$\\.*+?()[\]{}|/-]$/.test(char))
      throw new PatternError(`uses \\${char}, which is not supported`);
    return single(char);
  }

  #class(): CharSet {
    const negated = this.#eat('^');
    const set: Range[] = [];
    while (!this.#eat(']')) {
      const from = this.#member();
      const one = from[0];
      if (from.length === 1 && one !== undefined && one[0] === one[1] && this.#rangeFollows()) {
        this.#at += 1;
        const to = this.#member()[0];
        if (to === undefined || to[0] !== to[1] || to[0] < one[0])
          throw new PatternError('has a range in [] that is out of order');
        set.push([one[0], to[0]]);
      } else set.push(...from);
    }
    if (set.length === 0) throw new PatternError('has an empty []');
    return negated ? complement(set) : set;
  }

  #rangeFollows(): boolean {
    const end = this.#text[this.#at + 1];
    return this.#peek() === '-' && end !== undefined && end !== ']';
  }

  #member(): CharSet {
    const char = this.#text[this.#at++];
    if (char === undefined) throw new PatternError('has a [ without a ]');
    if (char === '[') throw new PatternError('has a [ inside []; write \\[');
    return char === '\\' ? this.#escape() : single(char);
  }
}

function single(char: string): CharSet {
  const code = char.codePointAt(0) ?? 0;
  return [[code, code]];
}
