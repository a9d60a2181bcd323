import { fc } from '../properties.ts';

/** Pieces that mean something to one of the languages that we emit, or that nobody can see. */
const pieces = [
  ...['\\', "'", '"', '`', '${x}', '{{7*7}}', '{{{x}}}', '</script>', '<!--', '-->', '*/', '/*'],
  ...['//', '#', '|', '$(touch pwned)', '!', '~', '\0', '\n', '\r\n', '\t', '\u2028', '\u2029'],
  ...['\u0085', '\u200b', '\u202e', '\u2066', '\ufeff', '\ud800', '\udc00', '\ufffe', '\u{e0001}'],
  ...[
    '__proto__',
    '%s',
    '-',
    '1.',
    ' ',
    '漢字',
    '🜁',
    'é',
    'e\u0301',
    '\u007f',
    '\u001b[31m',
    '[x](y)',
  ],
];

/** Text as a user may type it by mistake or by malice. */
export const hostileText = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
);
