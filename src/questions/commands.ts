import { switchNames } from '../spec/features.ts';

/** A command by its words; `new` is meant when none is named. */
export type CommandName =
  | 'new'
  | 'example'
  | 'add resource'
  | 'add field'
  | 'add automation'
  | 'add webhook'
  | 'add page'
  | 'add feature'
  | 'rename resource'
  | 'rename field'
  | 'remove resource'
  | 'remove field'
  | 'remove automation'
  | 'remove webhook'
  | 'remove page'
  | 'remove feature'
  | 'apply'
  | 'update'
  | 'status'
  | 'diff'
  | 'undo'
  | 'redo'
  | 'resolve'
  | 'adopt'
  | 'eject'
  | 'routes'
  | 'doctor'
  | 'completion'
  | 'help';

/**
 * A command as help, completion and the parser see it; `words` is how many it takes, at least and at most. Its examples
 * are what stands behind the name of the tool: typed in this order, those of all commands are the story of one project.
 */
export interface Command {
  readonly name: CommandName;
  readonly usage: string;
  readonly describe: string;
  readonly words: readonly [least: number, most: number];
  readonly examples: readonly string[];
  /** What its first word can be, where only a few can. */
  readonly choices?: readonly string[];
}

/** The shells that `completion` knows. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** Every command there is, in the order in which help lists them. */
export const commands: readonly Command[] = [
  {
    name: 'new',
    usage: '[dir]',
    describe: 'a new project; the command when none is named',
    words: [0, 1],
    examples: [
      'bookshop --resource author name:string:required \\\n    --resource book title:string:required price:decimal:min=0 author:ref:authors',
    ],
  },
  {
    name: 'example',
    usage: '[name] [dir]',
    describe: 'lists the example projects, or emits one',
    words: [0, 2],
    examples: ['example', 'example course my-course'],
  },
  {
    name: 'add resource',
    usage: '<name> [field ...]',
    describe: 'one resource more: model, service, route, test',
    words: [1, Infinity],
    examples: ['add resource review text:text:required book:ref:books'],
  },
  {
    name: 'add field',
    usage: '<resource> <field ...>',
    describe: 'more fields in a resource',
    words: [2, Infinity],
    examples: ['add field book pages:integer:min=1 --after title'],
  },
  {
    name: 'add automation',
    usage: '<name>',
    describe: 'work that a request or the clock starts, with runs to watch',
    words: [1, 1],
    examples: ['add automation nightly-report --every 1d'],
  },
  {
    name: 'add webhook',
    usage: '<name>',
    describe: 'signed requests from another system, each worked on once',
    words: [1, 1],
    examples: ['add webhook payments --scheme standard'],
  },
  {
    name: 'add page',
    usage: '<name>',
    describe: 'one page more: route, template, line of the navigation',
    words: [1, 1],
    examples: ['add page about'],
  },
  {
    name: 'add feature',
    usage: '<name>',
    describe: `one of ${switchNames.join(', ')}, as with a new project`,
    words: [1, 1],
    examples: ['add feature dashboard'],
    choices: switchNames,
  },
  {
    name: 'rename resource',
    usage: '<old> <new>',
    describe: 'another name for a resource, its files, path and collection',
    words: [2, 2],
    examples: ['rename resource review opinion'],
  },
  {
    name: 'rename field',
    usage: '<resource> <old> <new>',
    describe: 'another name for a field, in your code as well',
    words: [3, 3],
    examples: ['rename field book pages length'],
  },
  {
    name: 'remove resource',
    usage: '<name>',
    describe: 'takes a resource out',
    words: [1, 1],
    examples: ['remove resource opinion'],
  },
  {
    name: 'remove field',
    usage: '<resource> <name>',
    describe: 'takes a field out',
    words: [2, 2],
    examples: ['remove field book length'],
  },
  {
    name: 'remove automation',
    usage: '<name>',
    describe: 'takes an automation out',
    words: [1, 1],
    examples: ['remove automation nightly-report'],
  },
  {
    name: 'remove webhook',
    usage: '<name>',
    describe: 'takes a webhook out',
    words: [1, 1],
    examples: ['remove webhook payments'],
  },
  {
    name: 'remove page',
    usage: '<name>',
    describe: 'takes a page out',
    words: [1, 1],
    examples: ['remove page about'],
  },
  {
    name: 'remove feature',
    usage: '<name>',
    describe: 'takes a feature out',
    words: [1, 1],
    examples: ['remove feature dashboard'],
    choices: switchNames,
  },
  {
    name: 'apply',
    usage: '',
    describe: 'brings the project in line with flask-style.json after you edited it',
    words: [0, 0],
    examples: ['apply --rename book.price=cost'],
  },
  {
    name: 'update',
    usage: '',
    describe: 'brings the project to the templates of this version',
    words: [0, 0],
    examples: ['update --dry-run'],
  },
  {
    name: 'status',
    usage: '',
    describe: 'what you edited, deleted or moved, what is pending, what can be undone',
    words: [0, 0],
    examples: ['status'],
  },
  {
    name: 'diff',
    usage: '[path]',
    describe: 'your edits of emitted files, as a patch',
    words: [0, 1],
    examples: ['diff app/services/books.ts'],
  },
  {
    name: 'undo',
    usage: '[id]',
    describe: 'takes back the last command, or the one that status names so',
    words: [0, 1],
    examples: ['undo'],
  },
  {
    name: 'redo',
    usage: '',
    describe: 'takes back the last undo',
    words: [0, 0],
    examples: ['redo'],
  },
  {
    name: 'resolve',
    usage: '',
    describe: 'ends a change with markers, and offers again what was skipped',
    words: [0, 0],
    examples: ['resolve'],
  },
  {
    name: 'adopt',
    usage: '',
    describe: 'makes .flask-style/ anew for a project that lost it',
    words: [0, 0],
    examples: ['adopt'],
  },
  {
    name: 'eject',
    usage: '',
    describe: 'deletes .flask-style/; everything else stays',
    words: [0, 0],
    examples: ['eject --dry-run'],
  },
  {
    name: 'routes',
    usage: '',
    describe: 'every route of a project: method, path, access, file',
    words: [0, 0],
    examples: ['routes --json'],
  },
  {
    name: 'doctor',
    usage: '',
    describe: 'what is wrong with a project or this machine, and what to do',
    words: [0, 0],
    examples: ['doctor'],
  },
  {
    name: 'completion',
    usage: `[${shells.join('|')}]`,
    describe: 'prints a completion script for the shell',
    words: [0, 1],
    examples: [
      'completion bash > ~/.local/share/bash-completion/completions/create-flask-style-api',
    ],
    choices: shells,
  },
  {
    name: 'help',
    usage: '[command]',
    describe: 'prints this, or the help of a command',
    words: [0, 2],
    examples: ['help add resource'],
  },
];

/** What other tools call it, and people try here: the words that do it. */
export const elsewhere: ReadonlyMap<string, string> = new Map([
  ['version', '--version'],
  ['init', 'new'],
  ['create', 'new'],
  ['generate', 'add'],
  ['delete', 'remove'],
  ['rm', 'remove'],
  ['upgrade', 'update'],
  ['ls', 'help'],
  ['list', 'help'],
]);
