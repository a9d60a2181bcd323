import { commands, flagOf, optionsOf, type CommandName } from '../questions/table.ts';

const name = 'create-flask-style-api';

/** The help of one command, or of all of them: what is in the table, which is what works. */
export function help(command?: CommandName): string {
  const own = commands.filter((candidate) => command === undefined || candidate.name === command);
  const usage = own.map(({ name: word, usage: words, describe }): [string, string] => [
    [name, ...(word === 'new' ? [] : [word]), ...(words === '' ? [] : [words])].join(' '),
    describe,
  ]);
  const flags = optionsOf(command ?? 'new').map((option): [string, string] => [
    `${option.alias === undefined ? '    ' : `-${option.alias}, `}${flagOf(option)}${
      option.argument === undefined ? '' : ` ${option.argument}`
    }`,
    option.describe + (option.default === undefined ? '' : ` (default: ${option.default})`),
  ]);
  return [
    'A REST API on Express 5 and MongoDB in the layout that Flask people know.',
    '',
    'Usage:',
    ...columns(usage),
    '',
    'Options:',
    ...columns(flags),
    '',
    ...(command === undefined || command === 'new' ? fieldHelp : []),
  ].join('\n');
}

const fieldHelp = [
  'A field is name:type[:argument][:modifier...]',
  '  types      string text integer number decimal boolean date datetime email url slug uuid',
  '             ref:<resource> enum:<a,b> object json point password',
  '  modifiers  required unique index array private readonly search min= max= minLength= maxLength=',
  '             maxItems= onDelete=restrict|cascade|nullify, and last pattern= or default=',
  '  nested     address.street:string   items:object:array items.qty:integer:min=1',
  '',
  'Example:',
  `  ${name} bookshop --resource author name:string:required \\`,
  '    --resource book title:string:required price:decimal:min=0 author:ref:authors',
  '',
];

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
