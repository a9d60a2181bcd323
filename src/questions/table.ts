import { featureNames } from '../spec/features.ts';
import type { ChoiceQuestion } from './question.ts';

export type CommandName = 'new' | 'example' | 'routes' | 'doctor' | 'completion';

/** A command as help, completion and the parser see it; `words` is how many it takes at most. */
export interface Command {
  readonly name: CommandName;
  readonly usage: string;
  readonly describe: string;
  readonly words: number;
}

/**
 * An option: its flag, what it takes (nothing without `argument`), its default, and the question
 * asked at a terminal when it is not given. A negated one is written `--no-<name>`.
 */
export interface Option {
  readonly name: string;
  readonly alias?: string;
  readonly argument?: string;
  readonly negated?: true;
  readonly describe: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  readonly commands: readonly CommandName[] | 'all';
  readonly question?: ChoiceQuestion;
}

export const commands: readonly Command[] = [
  {
    name: 'new',
    usage: '[dir]',
    describe: 'a new project; the command when none is named',
    words: 1,
  },
  {
    name: 'example',
    usage: '[name] [dir]',
    describe: 'lists the example projects, or emits one',
    words: 2,
  },
  {
    name: 'routes',
    usage: '',
    describe: 'every route of a project: method, path, access, file',
    words: 0,
  },
  {
    name: 'doctor',
    usage: '',
    describe: 'what is wrong with a project or this machine, and what to do',
    words: 0,
  },
  {
    name: 'completion',
    usage: '[bash|zsh|fish]',
    describe: 'prints a completion script for the shell',
    words: 1,
  },
];

const emitting: readonly CommandName[] = ['new', 'example'];

/** Every option there is: help, completion, parser and questions read this table alone. */
export const options: readonly Option[] = [
  {
    name: 'resource',
    argument: '<name> [field ...]',
    describe: 'a resource and its fields; repeatable',
    commands: ['new'],
  },
  {
    name: 'from',
    argument: '<file|uri>',
    describe: 'a spec, OpenAPI 3.x, JSON Schema, sample JSON / NDJSON / CSV, or mongodb:// URI',
    commands: ['new'],
  },
  {
    name: 'with',
    argument: '<feature,...>',
    describe: `adds what is not on by default: ${featureNames.join(', ')}`,
    choices: featureNames,
    commands: ['new'],
  },
  {
    name: 'without',
    argument: '<feature,...>',
    describe: 'leaves out what is on by default: pages',
    choices: ['pages'],
    commands: ['new'],
    question: {
      kind: 'choice',
      message: 'HTML pages as well',
      choices: ['yes', 'no'],
      default: 'yes',
    },
  },
  {
    name: 'database',
    argument: '<kind>',
    describe: 'what dev and tests use without MONGODB_URI: embedded or none',
    choices: ['embedded', 'none'],
    default: 'embedded',
    commands: ['new'],
  },
  {
    name: 'pm',
    argument: '<name>',
    describe: 'the package manager: npm or pnpm',
    choices: ['npm', 'pnpm'],
    default: 'npm',
    commands: emitting,
    question: {
      kind: 'choice',
      message: 'Package manager',
      choices: ['npm', 'pnpm'],
      default: 'npm',
    },
  },
  {
    name: 'install',
    negated: true,
    describe: 'does not install the packages',
    commands: emitting,
  },
  { name: 'git', negated: true, describe: 'does not make a git repository', commands: emitting },
  {
    name: 'dry-run',
    describe: 'prints what would be written as a patch, and writes nothing',
    commands: emitting,
  },
  {
    name: 'yes',
    alias: 'y',
    describe: 'takes the default of every question',
    commands: emitting,
  },
  {
    name: 'json',
    describe: 'prints one JSON document',
    commands: ['new', 'example', 'routes', 'doctor'],
  },
  {
    name: 'cwd',
    argument: '<dir>',
    describe: 'works in this folder',
    commands: ['new', 'example', 'routes', 'doctor'],
  },
  { name: 'debug', describe: 'prints the stack of an error', commands: 'all' },
  { name: 'help', alias: 'h', describe: 'prints this', commands: 'all' },
  { name: 'version', alias: 'v', describe: 'prints the version', commands: 'all' },
];

/**
 * Words that are kept for commands and options to come. They are refused like any unknown word
 * (never taken for a folder), so that no script comes to rely on another meaning.
 */
export const unbuilt: ReadonlySet<string> = new Set(
  'add remove rename apply update status diff undo redo resolve adopt eject --services'.split(' '),
);

/** The options that a command takes. */
export function optionsOf(command: CommandName): readonly Option[] {
  return options.filter((option) => option.commands === 'all' || option.commands.includes(command));
}

/** How an option is typed: `--pm`, `--no-git`. */
export function flagOf(option: Option): string {
  return `--${option.negated ? 'no-' : ''}${option.name}`;
}

/** The question that stands for an option; an option without one is a bug of the caller. */
export function questionOf(name: string): ChoiceQuestion {
  const question = options.find((option) => option.name === name)?.question;
  if (question === undefined) throw new Error(`--${name} has no question`);
  return question;
}
