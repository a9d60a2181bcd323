import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { scratch, toolPath } from './tool.ts';

/** Whether this machine can give a test a terminal. */
export const hasTerminal = (() => {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** A command in a terminal of its own: keys go in, the screen comes out. */
export interface Terminal {
  /** Types a text, letter by letter. */
  type(text: string): void;
  /** Presses keys by their tmux names: `Enter`, `Down`, `C-c`, `BSpace`. */
  press(...keys: string[]): void;
  /** The screen as text, or with its colours as escape sequences. */
  screen(colours?: boolean): string;
  /** Whether the cursor is to be seen. */
  cursor(): boolean;
  /** Waits up to 15 s for the screen to show something; returns the screen. */
  shows(what: string | RegExp): Promise<string>;
  /** Waits for the end of the command; returns its exit code. */
  ended(): Promise<number>;
}

/** Starts a shell command in a terminal of 110 by `rows`; it ends with the test. */
export function openTerminal(command: string, cwd: string, rows = 40): Terminal {
  // A server of its own: the socket lies in a scratch folder and nobody else knows it.
  const socket = join(scratch(), 'tmux');
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
  const line = `${command}; echo "exit code: $?"; sleep 60`;
  tmux('new-session', '-d', '-x', '110', '-y', String(rows), '-c', cwd, `sh -c ${quoted(line)}`);
  onTestFinished(() => {
    tmux('kill-server');
  });
  const screen = (colours = false) =>
    tmux('capture-pane', '-p', '-J', '-S', '-200', ...(colours ? ['-e'] : []))
      .replaceAll(/ +$/gm, '')
      .trimEnd();
  const shows = async (what: string | RegExp) => {
    for (let tries = 0; ; tries++) {
      const text = screen();
      if (typeof what === 'string' ? text.includes(what) : what.test(text)) return text;
      if (tries > 300) throw new Error(`the screen does not show ${String(what)}:\n${text}`);
      await pause(50);
    }
  };
  return {
    type: (text) => void tmux('send-keys', '-l', text),
    press: (...keys) => void tmux('send-keys', ...keys),
    screen,
    cursor: () => tmux('display-message', '-p', '#{cursor_flag}').trim() === '1',
    shows,
    ended: async () => Number(/exit code: (\d+)/.exec(await shows(/exit code: \d+/))?.[1]),
  };
}

/** Starts the tool in a terminal; `env` is what stands before the command, such as `NO_COLOR=1`. */
export async function openTool(
  args: readonly string[],
  cwd: string,
  env = '',
  rows = 40,
): Promise<Terminal> {
  const path = toolPath();
  const words = [process.execPath, path, ...args].map(quoted).join(' ');
  return openTerminal(`${env} ${words}`, cwd, rows);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
