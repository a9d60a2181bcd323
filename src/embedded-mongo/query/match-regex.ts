import { ServerError, unsupported } from '../errors.ts';

const spaces = ' \\t\\n\\v\\f\\r';
const posixClasses: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: spaces,
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`\\{-~',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
};
const cache = new Map<string, RegExp>();

/**
 * Compiles a regular expression of MongoDB (PCRE syntax, options among `imsxu`) to one of JavaScript.
 * @throws ServerError 51108 for an unknown option, 51091 for an invalid pattern, 238 for a construct that JavaScript lacks
 */
export function compileRegex(pattern: string, options: string): RegExp {
  const id = `${options}/${pattern}`;
  const cached = cache.get(id);
  if (cached) return cached;
  const unknown = /[^imsxu]/.exec(options);
  if (unknown) throw new ServerError(51108, `invalid flag in regex options: ${unknown[0]}`);
  const inline = /^(?:\(\?([imsx]+)\))+/.exec(pattern);
  const flags = new Set(options + (inline?.[0].replace(/[()?]/g, '') ?? ''));
  const source = new Translator(pattern.slice(inline?.[0].length ?? 0), flags).run();
  const made = construct(source, pattern, flags);
  if (cache.size > 1000) cache.clear();
  cache.set(id, made);
  return made;
}

function construct(source: string, pattern: string, flags: ReadonlySet<string>): RegExp {
  try {
    return new RegExp(source, `u${flags.has('i') ? 'i' : ''}${flags.has('m') ? 'm' : ''}`);
  } catch (error) {
    throw new ServerError(
      51091,
      `Regular expression is invalid: ${pattern}: ${error instanceof Error ? error.message : ''}`,
    );
  }
}

/** Rewrites what PCRE and JavaScript's `u` mode spell differently. */
class Translator {
  private at = 0;
  private readonly text: string;
  private readonly extended: boolean;
  private readonly dot: string;
  private readonly dollar: string;

  constructor(text: string, flags: ReadonlySet<string>) {
    this.text = text;
    this.extended = flags.has('x');
    this.dot = flags.has('s') ? '[\\s\\S]' : '[^\\n]';
    this.dollar = flags.has('m') ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))';
  }

  run(): string {
    let out = '';
    while (this.at < this.text.length) out += this.next();
    return out;
  }

  private next(): string {
    const char = this.read();
    switch (char) {
      case '\\':
        return this.escape(false);
      case '[':
        return this.set();
      case '(':
        return this.group();
      case '.':
        return this.dot;
      case '$':
        return this.dollar;
      case '^':
        return this.dollar.includes('|') ? '(?<=\\n|(?<![\\s\\S]))' : '^';
      case '*':
      case '+':
      case '?':
        return this.quantifier(char);
      case '{': {
        const range = /^\d+(,\d*)?\}/.exec(this.text.slice(this.at));
        if (!range) return '\\{';
        this.at += range[0].length;
        return this.quantifier(`{${range[0]}`);
      }
      case '}':
      case ']':
        return `\\${char}`;
      case '#':
        if (this.extended) return this.skipTo('\n');
        return char;
      default:
        return this.extended && /\s/.test(char) ? '' : char;
    }
  }

  private quantifier(text: string): string {
    if (this.text[this.at] === '+')
      throw unsupported('The possessive quantifier of regular expressions');
    return text;
  }

  private group(): string {
    const rest = this.text.slice(this.at);
    if (rest.startsWith('*')) throw unsupported('The verb (*...) of regular expressions');
    if (!rest.startsWith('?')) return '(';
    if (rest.startsWith('?#')) return this.skipTo(')');
    const opening = /^\?(?::|=|!|<=|<!|P?<([A-Za-z_]\w*)>)/.exec(rest);
    if (!opening) throw unsupported(`The construct (${rest.slice(0, 3)} of regular expressions`);
    this.at += opening[0].length;
    return opening[1] === undefined ? `(${opening[0]}` : `(?<${opening[1]}>`;
  }

  private escape(inSet: boolean): string {
    if (this.at >= this.text.length) return '\\';
    const char = this.read();
    if (/[dDwWfnrtv]/.test(char)) return `\\${char}`;
    switch (char) {
      case 's':
        return inSet ? spaces : `[${spaces}]`;
      case 'S':
        return inSet ? '\\S' : `[^${spaces}]`;
      case 'h':
        return inSet ? ' \\t' : '[ \\t]';
      case 'b':
        return '\\b';
      case 'B':
        return '\\B';
      case 'A':
        return '(?<![\\s\\S])';
      case 'z':
        return '(?![\\s\\S])';
      case 'Z':
        return '(?=\\n?(?![\\s\\S]))';
      case 'a':
        return '\\x07';
      case 'e':
        return '\\x1b';
      case 'x':
        return this.hex();
      case 'p':
      case 'P':
        return this.property(char);
      case 'Q':
        return this.quoted();
      case 'E':
        return '';
      case 'k':
        return '\\k';
      default:
        return this.literal(char, inSet);
    }
  }

  private literal(char: string, inSet: boolean): string {
    if (/[1-9]/.test(char) && !inSet) return `\\${char}`;
    if (char === '0') return '\\0';
    if (/[A-Za-z0-9]/.test(char)) throw unsupported(`The escape \\${char} of regular expressions`);
    return /[\^$\\.*+?()[\]{}|/]/.test(char) || (inSet && char === '-') ? `\\${char}` : char;
  }

  private hex(): string {
    const digits = /^\{([0-9a-fA-F]+)\}|^([0-9a-fA-F]{1,2})/.exec(this.text.slice(this.at));
    this.at += digits?.[0].length ?? 0;
    return `\\u{${digits?.[1] ?? digits?.[2] ?? '0'}}`;
  }

  private property(letter: string): string {
    const name = /^\{\^?(\w+)\}|^(\w)/.exec(this.text.slice(this.at));
    if (!name || name[0].includes('^'))
      throw unsupported(`The escape \\${letter} of regular expressions`);
    this.at += name[0].length;
    const property = name[1] ?? name[2] ?? '';
    const script = property.length > 2 && property !== 'Any' ? `Script=${property}` : property;
    return `\\${letter}{${script}}`;
  }

  private quoted(): string {
    const stop = this.text.indexOf('\\E', this.at);
    const quoted = this.text.slice(this.at, stop < 0 ? undefined : stop);
    this.at = stop < 0 ? this.text.length : stop + 2;
    return quoted.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
  }

  private set(): string {
    let out = '[';
    if (this.text[this.at] === '^') out += this.read();
    if (this.text[this.at] === ']') out += `\\${this.read()}`;
    while (this.at < this.text.length) {
      const char = this.read();
      if (char === ']') return `${out}]`;
      if (char === '\\') out += this.escape(true);
      else if (char === '[') out += this.posix();
      else out += /[(){}|/]/.test(char) ? `\\${char}` : char;
    }
    return out;
  }

  private posix(): string {
    const name = /^:(\^?)(\w+):\]/.exec(this.text.slice(this.at));
    if (!name) return '\\[';
    const members = posixClasses[name[2] ?? ''];
    if (members === undefined || name[1] === '^') {
      throw unsupported(`The class [${name[0]} of regular expressions`);
    }
    this.at += name[0].length;
    return members;
  }

  private skipTo(end: string): string {
    const stop = this.text.indexOf(end, this.at);
    this.at = stop < 0 ? this.text.length : stop + 1;
    return '';
  }

  /** Reads a code point. */
  private read(): string {
    const point = this.text.codePointAt(this.at) ?? 0;
    const char = String.fromCodePoint(point);
    this.at += char.length;
    return char;
  }
}
