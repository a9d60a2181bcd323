import { featureNames } from '../spec/features.ts';
import { webhookSchemes } from '../spec/schema.ts';
import type { CommandName } from './commands.ts';
import type { ChoiceQuestion } from './question.ts';

export { commands, elsewhere, type Command, type CommandName } from './commands.ts';

/**
 * An option: its flag, what it takes (nothing without `argument`), its default, and the question
 * asked at a terminal when it is not given. A negated one is written `--no-<name>`.
 */
export interface Option {
  readonly name: string;
  readonly alias?: string;
  readonly argument?: string;
  readonly negated?: true;
  readonly repeatable?: true;
  readonly describe: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  readonly commands: readonly CommandName[] | 'all';
  readonly question?: ChoiceQuestion;
}

const emitting: readonly CommandName[] = ['new', 'example'];
/** The commands that bring edits of the user and of the generator together. */
const changing: readonly CommandName[] = [
  'add resource',
  'add field',
  'add automation',
  'add webhook',
  'add page',
  'add feature',
  'rename resource',
  'rename field',
  'remove resource',
  'remove field',
  'remove automation',
  'remove webhook',
  'remove page',
  'remove feature',
  'apply',
  'update',
  'undo',
  'redo',
  'resolve',
];
/** All that write into an existing project. */
const writing: readonly CommandName[] = [...changing, 'adopt', 'eject'];
const reading: readonly CommandName[] = ['status', 'diff', 'routes', 'doctor'];

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
    name: 'after',
    argument: '<field>',
    describe: 'puts the fields behind this one; by default they come last',
    commands: ['add field'],
  },
  {
    name: 'every',
    argument: '<interval>',
    describe: 'how often it starts by itself: 5m, 2h, 1d; without it only requests start it',
    commands: ['add automation'],
  },
  {
    name: 'scheme',
    argument: '<scheme>',
    describe: 'how the sender signs: github or standard (standardwebhooks.com)',
    choices: webhookSchemes,
    default: 'standard',
    commands: ['add webhook'],
  },
  {
    name: 'rename',
    argument: '<resource>.<old>=<new>',
    repeatable: true,
    describe: 'a field that flask-style.json has under another name now; repeatable',
    commands: ['apply'],
  },
  {
    name: 'conflicts',
    argument: '<how>',
    describe: 'what to do with them: abort, markers, ours or ask',
    choices: ['abort', 'markers', 'ours', 'ask'],
    default: 'abort',
    commands: changing,
  },
  {
    name: 'decide',
    argument: '<path>=<what>',
    repeatable: true,
    describe: 'ours, theirs, delete, restore or moved:<new path>, for one path; repeatable',
    commands: changing,
  },
  {
    name: 'plan',
    argument: '<hash>',
    describe: 'changes nothing unless the plan is the one that --dry-run --json told',
    commands: writing,
  },
  {
    name: 'check',
    describe: 'changes nothing; exit 1 when there is something to change',
    commands: writing,
  },
  {
    name: 'wait',
    argument: '<seconds>',
    describe: 'how long to wait for another run in this project',
    default: '10',
    commands: writing,
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
    commands: [...emitting, ...writing],
  },
  {
    name: 'yes',
    alias: 'y',
    describe: 'takes the default of every question',
    commands: [...emitting, ...writing],
  },
  {
    name: 'json',
    describe: 'prints one JSON document',
    commands: [...emitting, ...writing, ...reading],
  },
  {
    name: 'cwd',
    argument: '<dir>',
    describe: 'works in this folder',
    commands: [...emitting, ...writing, ...reading],
  },
  { name: 'debug', describe: 'prints the stack of an error', commands: 'all' },
  { name: 'help', alias: 'h', describe: 'prints this', commands: 'all' },
  { name: 'version', alias: 'v', describe: 'prints the version', commands: 'all' },
];

/**
 * Options to come. They are refused like any unknown one, without a guess at another.
 */
export const unbuilt: ReadonlySet<string> = new Set(['--services']);

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
