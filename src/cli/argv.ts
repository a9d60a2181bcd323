import yargs from 'yargs';
import { exit, UserError } from '../errors.ts';
import type { TypedResource } from '../questions/project.ts';
import {
  commands,
  flagOf,
  optionsOf,
  unbuilt,
  type CommandName,
  type Option,
} from '../questions/table.ts';
import { quote } from '../spec/names.ts';
import { didYouMean, nearest } from '../spec/nearest.ts';

/**
 * What was typed: the command, the words behind it, the resources, and the options by name (a
 * negated one, `--no-git`, is there with `false`).
 */
export interface Invocation {
  readonly command: CommandName;
  readonly words: readonly string[];
  readonly resources: readonly TypedResource[];
  readonly given: ReadonlyMap<string, string | boolean>;
}

/** Reads the arguments; whatever is not in the table is refused, with the nearest word. */
export function parseArgv(argv: readonly string[]): Invocation {
  const { rest, resources } = takeResources(argv);
  const switches = optionsOf('new').filter((option) => option.argument === undefined);
  const parsed = yargs()
    .help(false)
    .version(false)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'duplicate-arguments-array': true,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
      'unknown-options-as-args': false,
    })
    .boolean(switches.map((option) => flagOf(option).slice(2)))
    .string(
      optionsOf('new').flatMap((option) => (option.argument === undefined ? [] : option.name)),
    )
    .exitProcess(false)
    .parseSync([...rest]);
  const typed = parsed._.map(String);
  const command = commandOf(typed);
  const words = typed[0] === command ? typed.slice(1) : typed;
  const given = new Map<string, string | boolean>();
  for (const [key, value] of Object.entries(parsed)) {
    if (key === '_' || key === '$0') continue;
    const option = optionNamed(key, command);
    given.set(option.name, valueOf(option, value));
  }
  if (resources.length > 0) optionNamed('resource', command);
  checkWords(command, words, typed);
  return { command, words, resources, given };
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

function commandOf(typed: readonly string[]): CommandName {
  const [word] = typed;
  if (word === undefined) return 'new';
  const names = commands.map(({ name }) => name);
  const known = names.find((name) => name === word);
  if (known !== undefined) return known;
  if (unbuilt.has(word))
    throw new UserError(
      exit.usage,
      `unknown command ${quote(word)}`,
      `a folder of that name is ./${word}`,
    );
  const near = nearest(word, names);
  if (near !== undefined && !word.startsWith('.') && (typed.length > 1 || closeTo(word, near)))
    throw new UserError(
      exit.usage,
      `unknown command ${quote(word)}`,
      `did you mean ${near}? a folder of that name is ./${word}`,
    );
  return 'new';
}

/** A single word is a folder unless it can hardly be anything but a slip: `exmaple`, `routs`. */
function closeTo(word: string, command: string): boolean {
  return word.length >= 4 && Math.abs(word.length - command.length) <= 1 && word[0] === command[0];
}

function checkWords(
  command: CommandName,
  words: readonly string[],
  typed: readonly string[],
): void {
  const most = commands.find(({ name }) => name === command)?.words ?? 0;
  const extra = words[most];
  if (extra === undefined) return;
  const isDefault = typed[0] !== command;
  throw new UserError(
    exit.usage,
    `${quote(extra)} is one word too many${isDefault ? '' : ` for ${command}`}`,
    isDefault
      ? 'one folder, then options; fields stand behind --resource <name>'
      : `${command} --help shows what it takes`,
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
  const flag = flagOf(option);
  if (Array.isArray(value)) throw new UserError(exit.usage, `${flag} is given twice`);
  if (option.argument === undefined) return option.negated === undefined;
  const text = String(value);
  if (text === '')
    throw new UserError(exit.usage, `${flag} needs a value`, `${flag} ${option.argument}`);
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
