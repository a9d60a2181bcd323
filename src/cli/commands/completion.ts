import { exit, UserError } from '../../errors.ts';
import { commands, flagOf, optionsOf, type CommandName } from '../../questions/table.ts';
import { quote } from '../../spec/names.ts';
import { didYouMean } from '../../spec/nearest.ts';
import type { Run } from '../run.ts';

const tool = 'create-flask-style-api';
const shells = ['bash', 'zsh', 'fish'] as const;

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

const names = commands.map(({ name }) => name).join(' ');

const scripts: Record<(typeof shells)[number], () => string> = {
  bash: () => `# source <(${tool} completion bash)
_create_flask_style_api() {
  local word=\${COMP_WORDS[COMP_CWORD]}
  local words="${names}"
  case "\${COMP_WORDS[1]}" in
${commands.map(({ name }) => `    ${name}) [[ $word == -* ]] && words="${flagsOf(name)}" ;;`).join('\n')}
    *) [[ $word == -* ]] && words="${flagsOf('new')}" ;;
  esac
  [[ $word != -* && $COMP_CWORD -gt 1 ]] && words=
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  [[ -n $words ]] || COMPREPLY=($(compgen -f -- "$word"))
}
complete -F _create_flask_style_api ${tool}
`,
  zsh: () => `# source <(${tool} completion zsh)
autoload -U +X bashcompinit && bashcompinit
${scripts.bash().split('\n').slice(1).join('\n')}`,
  fish: () => `# ${tool} completion fish | source
${commands.map(({ name, describe }) => `complete -c ${tool} -n __fish_use_subcommand -a ${name} -d ${fishQuoted(describe)}`).join('\n')}
${optionsOf('new')
  .map(
    (option) =>
      `complete -c ${tool} -l ${flagOf(option).slice(2)} -d ${fishQuoted(option.describe)}`,
  )
  .join('\n')}
`,
};

function flagsOf(command: CommandName): string {
  return optionsOf(command).map(flagOf).join(' ');
}

function fishQuoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
