import { Parser } from 'yargs/helpers';
import { exit, UserError } from '../errors.ts';
import type { TypedResource } from '../questions/project.ts';
import {
  commands,
  elsewhere,
  flagOf,
  options,
  optionsOf,
  unbuilt,
  type CommandName,
  type Option,
} from '../questions/table.ts';
import { quote } from '../spec/names.ts';
import { didYouMean, nearest } from '../spec/nearest.ts';

/**
 * What was typed: the command, the words behind it, the resources, and the options by name (a
 * negated one, `--no-git`, is there with `false`; one that can be repeated is in `repeated`).
 */
export interface Invocation {
  readonly command: CommandName;
  readonly words: readonly string[];
  readonly resources: readonly TypedResource[];
  readonly given: ReadonlyMap<string, string | boolean>;
  readonly repeated: ReadonlyMap<string, readonly string[]>;
}

/** Reads the arguments; whatever is not in the table is refused, with the nearest word. */
export function parseArgv(argv: readonly string[]): Invocation {
  const { rest, resources } = takeResources(argv);
  const switches = options.filter((option) => option.argument === undefined);
  refuseValues(rest, switches);
  const parsed = Parser([...rest], {
    boolean: switches.map((option) => flagOf(option).slice(2)),
    string: options.flatMap((option) => (option.argument === undefined ? [] : option.name)),
    configuration: {
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'duplicate-arguments-array': true,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
      'unknown-options-as-args': false,
    },
  });
  const typed = parsed._.map(String);
  // Only a new project takes these: the word before them is a folder, whatever it looks like.
  const making = resources.length > 0 || parsed['from'] !== undefined;
  const command = commandOf(typed, making);
  const named = typed.length > 0 && command.split(' ')[0] === typed[0];
  const words = named ? typed.slice(command.split(' ').length) : typed;
  const given = new Map<string, string | boolean>();
  const repeated = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(parsed)) {
    if (key === '_') continue;
    const option = optionNamed(key, command);
    if (option.repeatable)
      repeated.set(
        option.name,
        [value].flat().map((one) => textOf(option, one)),
      );
    else given.set(option.name, valueOf(option, value));
  }
  if (resources.length > 0) optionNamed('resource', command);
  checkWords(command, words, named);
  return { command, words, resources, given, repeated };
}

/** `--dry-run=false` would be read as `--dry-run`: nobody should have to guess which of the two is meant. */
function refuseValues(argv: readonly string[], switches: readonly Option[]): void {
  for (const argument of argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length)) {
    const [flag = '', ...value] = argument.split('=');
    const known = switches.find(
      (option) =>
        flagOf(option) === flag || (option.alias !== undefined && `-${option.alias}` === flag),
    );
    if (value.length > 0 && known !== undefined)
      throw new UserError(exit.usage, `${flag} takes no value`, `write ${flag}, or leave it out`);
  }
}

/** `--resource` takes all words up to the next option, which no option parser knows. */
function takeResources(argv: readonly string[]): {
  rest: readonly string[];
  resources: readonly TypedResource[];
} {
  const rest: string[] = [];
  const resources: TypedResource[] = [];
  let current: string[] | undefined;
  const close = () => {
    if (current === undefined) return;
    const [name, ...fields] = current;
    if (name === undefined)
      throw new UserError(
        exit.usage,
        '--resource has no name behind it',
        'write --resource product name:string',
      );
    resources.push({ name, fields });
    current = undefined;
  };
  for (const argument of argv) {
    if (argument === '--resource' || argument.startsWith('--resource=')) {
      close();
      current = argument === '--resource' ? [] : [argument.slice('--resource='.length)];
    } else if (argument.startsWith('-')) {
      close();
      rest.push(argument);
    } else (current ?? rest).push(argument);
  }
  close();
  return { rest, resources };
}

function commandOf(typed: readonly string[], making: boolean): CommandName {
  const [word, second] = typed;
  if (word === undefined) return 'new';
  const names = commands.map(({ name }) => name);
  const known = names.find((name) => name === word || name === `${word} ${second ?? ''}`);
  if (known !== undefined) return known;
  const heads = [...new Set(names.map((name) => name.split(' ')[0] ?? name))];
  if (heads.includes(word)) throw unknownSecond(word, second, names);
  const meant = making ? undefined : meantBy(word, typed.length > 1, heads);
  if (meant === undefined) return 'new';
  throw new UserError(
    exit.usage,
    `unknown command ${quote(word)}`,
    `did you mean ${meant}? a folder of that name is ./${word}`,
  );
}

/** The command that a word was meant to be, unless it may as well be a folder. */
function meantBy(word: string, more: boolean, heads: readonly string[]): string | undefined {
  const foreign = elsewhere.get(word);
  if (foreign !== undefined) return foreign;
  // Nobody mistypes the command that need not be typed.
  const near = nearest(
    word,
    heads.filter((head) => head !== 'new'),
  );
  const slip = near !== undefined && !word.startsWith('.') && (more || closeTo(word, near));
  return slip ? near : undefined;
}

/** `add` without a word that it knows behind it. */
function unknownSecond(
  head: string,
  second: string | undefined,
  names: readonly CommandName[],
): UserError {
  const known = names.flatMap((name) => {
    const [first, ...rest] = name.split(' ');
    return first === head ? rest : [];
  });
  return second === undefined
    ? new UserError(
        exit.usage,
        `${head} needs to be told what: ${known.join(' or ')}`,
        `${head} --help shows it; a folder of that name is ./${head}`,
      )
    : new UserError(
        exit.usage,
        `unknown command ${quote(`${head} ${second}`)}`,
        didYouMean(second, known),
      );
}

/** A single word is a folder unless it can hardly be anything but a slip: `exmaple`, `routs`. */
function closeTo(word: string, command: string): boolean {
  return word.length >= 4 && Math.abs(word.length - command.length) <= 1 && word[0] === command[0];
}

function checkWords(command: CommandName, words: readonly string[], named: boolean): void {
  const { usage, words: range } = commands.find(({ name }) => name === command) ?? {};
  const [least, most] = range ?? [0, 0];
  if (words.length < least)
    throw new UserError(exit.usage, `${command} needs more words`, `${command} ${usage ?? ''}`);
  const extra = words[most];
  if (extra === undefined) return;
  throw new UserError(
    exit.usage,
    `${quote(extra)} is one word too many${named ? ` for ${command}` : ''}`,
    named
      ? `${command} --help shows what it takes`
      : 'one folder, then options; fields stand behind --resource <name>',
  );
}

function optionNamed(key: string, command: CommandName): Option {
  const known = optionsOf(command);
  const option = known.find(
    (candidate) => flagOf(candidate).slice(2) === key || candidate.alias === key,
  );
  if (option !== undefined) return option;
  const flag = key.length === 1 ? `-${key}` : `--${key}`;
  const near = unbuilt.has(flag) ? undefined : nearest(flag, known.map(flagOf));
  throw new UserError(
    exit.usage,
    `unknown option ${quote(flag)}${command === 'new' ? '' : ` of ${command}`}`,
    near === undefined ? '--help lists the options' : `did you mean ${near}?`,
  );
}

function valueOf(option: Option, value: unknown): string | boolean {
  if (Array.isArray(value)) throw new UserError(exit.usage, `${flagOf(option)} is given twice`);
  return option.argument === undefined ? option.negated === undefined : textOf(option, value);
}

function textOf(option: Option, value: unknown): string {
  const flag = flagOf(option);
  const text = String(value);
  if (text === '')
    throw new UserError(exit.usage, `${flag} needs a value`, `${flag} ${option.argument ?? ''}`);
  if (option.choices !== undefined) {
    for (const part of text.split(','))
      if (!option.choices.includes(part))
        throw new UserError(
          exit.usage,
          `${flag} cannot be ${quote(part)}`,
          didYouMean(part, option.choices),
        );
  }
  return text;
}
