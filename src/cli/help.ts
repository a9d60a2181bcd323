import {
  commands,
  flagOf,
  options,
  optionsOf,
  type Command,
  type CommandName,
  type Option,
} from '../questions/table.ts';

const name = 'create-flask-style-api';

/** The help of the commands that begin with these words, or of all: what is in the table, which is what works. */
export function help(words: readonly string[] = []): string {
  const own = commandsNamed(words);
  const usage = own.map(({ name: word, usage: rest, describe }): Row => [
    [name, ...(word === 'new' ? [] : [word]), ...(rest === '' ? [] : [rest])].join(' '),
    describe,
  ]);
  const first = optionsOf('new');
  const taken = own.map((command) => optionsOf(command.name));
  const groups: [title: string, options: readonly Option[]][] =
    own === commands
      ? [
          ['Options:', first],
          ['Options in a project:', options.filter((option) => !first.includes(option))],
        ]
      : [['Options:', options.filter((option) => taken.some((some) => some.includes(option)))]];
  return [
    'A REST API on Express 5 and MongoDB in the layout that Flask people know.',
    '',
    'Usage:',
    ...columns(usage),
    '',
    ...groups.flatMap(([title, known]) => [title, ...columns(known.map(rowOf)), '']),
    ...(own.some((command) => takesFields.includes(command.name)) ? fieldHelp : []),
    ...examplesOf(own === commands ? commands.slice(0, 1) : own),
    '',
  ].join('\n');
}

type Row = readonly [string, string];

const takesFields: readonly CommandName[] = ['new', 'add resource', 'add field'];

/** The commands that begin with the words; all of them when no word is the beginning of one. */
function commandsNamed(words: readonly string[]): readonly Command[] {
  for (let length = Math.min(words.length, 2); length > 0; length--) {
    const begin = words.slice(0, length).join(' ');
    const own = commands.filter((one) => one.name === begin || one.name.startsWith(`${begin} `));
    if (own.length > 0) return own;
  }
  return commands;
}

function rowOf(option: Option): Row {
  const { alias, argument, describe } = option;
  const flag = `${alias === undefined ? '    ' : `-${alias}, `}${flagOf(option)}`;
  return [
    argument === undefined ? flag : `${flag} ${argument}`,
    describe + (option.default === undefined ? '' : ` (default: ${option.default})`),
  ];
}

const fieldHelp = [
  'A field is name:type[:argument][:modifier...]',
  '  types      string text integer number decimal boolean date datetime email url slug uuid',
  '             ref:<resource> enum:<a,b> object json point password',
  '  modifiers  required unique index array private readonly search min= max= minLength= maxLength=',
  '             maxItems= onDelete=restrict|cascade|nullify, and last pattern= or default=',
  '  nested     address.street:string   items:object:array items.qty:integer:min=1',
  '',
];

function examplesOf(own: readonly Command[]): string[] {
  const lines = own.flatMap(({ examples }) => examples.map((example) => `  ${name} ${example}`));
  return [lines.length === 1 ? 'Example:' : 'Examples:', ...lines];
}

function columns(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
