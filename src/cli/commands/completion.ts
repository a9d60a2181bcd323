import { exit, UserError } from '../../errors.ts';
import { shells } from '../../questions/commands.ts';
import {
  commands,
  flagOf,
  options,
  optionsOf,
  type Command,
  type CommandName,
  type Option,
} from '../../questions/table.ts';
import { quote } from '../../spec/names.ts';
import { didYouMean } from '../../spec/nearest.ts';
import type { Run } from '../run.ts';

const tool = 'create-flask-style-api';

/** `completion [shell]`: prints the script that completes commands and options in that shell. */
export function completion({ invocation, report }: Run): number {
  const [word = 'bash'] = invocation.words;
  const shell = shells.find((known) => known === word);
  if (shell === undefined)
    throw new UserError(
      exit.usage,
      `there is no completion for ${quote(word)}`,
      didYouMean(word, shells),
    );
  report.raw(scripts[shell]());
  return exit.done;
}

/** The first words, and the second ones behind each that has any. */
const seconds = new Map<string, string[]>();
for (const { name } of commands) {
  const [first = '', ...rest] = name.split(' ');
  seconds.set(first, [...(seconds.get(first) ?? []), ...rest]);
}
const heads = [...seconds.keys()].join(' ');
/** The commands whose first word can be one of a few only. */
const chosen = commands.flatMap(({ name, choices }) =>
  choices === undefined ? [] : [{ name, choices, at: name.split(' ').length + 1 }],
);
const valued = options.flatMap((option) =>
  option.choices === undefined ? [] : [{ flag: flagOf(option), choices: option.choices }],
);

const scripts: Record<(typeof shells)[number], () => string> = {
  bash: () => `# source <(${tool} completion bash)
_create_flask_style_api() {
  local word=\${COMP_WORDS[COMP_CWORD]}
  local words="${heads}"
  [[ $COMP_CWORD -gt 1 ]] && words=
  case "\${COMP_WORDS[1]}" in
${[...seconds].flatMap(([head, words]) => (words.length === 0 ? [] : [`    ${head}) [[ $COMP_CWORD -eq 2 ]] && words="${words.join(' ')}" ;;`])).join('\n')}
  esac
${chosen.map(({ name, choices, at }) => `  [[ $COMP_CWORD -eq ${at} && "\${COMP_WORDS[*]:1:${at - 1}}" == "${name}" ]] && words="${choices.join(' ')}"`).join('\n')}
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${valued.map(({ flag, choices }) => `    ${flag}) words="${choices.join(' ')}" ;;`).join('\n')}
  esac
  if [[ $word == -* ]]; then
    case "\${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
${commands.map(({ name }) => `      "${name}${name.includes(' ') ? '' : ' '}"*) words="${flagsOf(name)}" ;;`).join('\n')}
      *) words="${flagsOf('new')}" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  [[ -n $words ]] || COMPREPLY=($(compgen -f -- "$word"))
}
complete -F _create_flask_style_api ${tool}
`,
  zsh: () => `# source <(${tool} completion zsh)
autoload -U +X bashcompinit && bashcompinit
${scripts.bash().split('\n').slice(1).join('\n')}`,
  fish: () => `# ${tool} completion fish | source
${commands.map(fishCommand).join('\n')}
${chosen.map(fishChoices).join('\n')}
${options.map(fishOption).join('\n')}
`,
};

function fishOption(option: Option): string {
  const { argument, choices, describe } = option;
  const value = choices === undefined ? '-r' : `-x -a ${fishQuoted(choices.join(' '))}`;
  const takes = argument === undefined ? '' : `${value} `;
  return `complete -c ${tool} -l ${flagOf(option).slice(2)} ${takes}-d ${fishQuoted(describe)}`;
}

function fishChoices({ name, choices }: (typeof chosen)[number]): string {
  const seen = name.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
  return `complete -c ${tool} -n "${seen.join('; and ')}" -a ${fishQuoted(choices.join(' '))}`;
}

function fishCommand({ name, describe }: Command): string {
  const [first = '', second] = name.split(' ');
  return second === undefined
    ? `complete -c ${tool} -n __fish_use_subcommand -a ${first} -d ${fishQuoted(describe)}`
    : [
        `complete -c ${tool} -n __fish_use_subcommand -a ${first}`,
        `complete -c ${tool} -n "__fish_seen_subcommand_from ${first}" -a ${second} -d ${fishQuoted(describe)}`,
      ].join('\n');
}

function flagsOf(command: CommandName): string {
  return optionsOf(command).map(flagOf).join(' ');
}

function fishQuoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
