/**
 * An editor, as a process of its own: `editor.ts <root> <how> <seed>`. Waits for a transaction of the project to reach its
 * commit point, then saves every file of `app/` once, in place or by a new file and a rename, and tells its parent what it
 * saved. `how` is `link`: it puts a link to the folder `outside` beside the project in the place of `app/0` and takes it
 * away again, until it is told to stop.
 */
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Random } from '../../embedded-mongo/random.ts';

const [, , root = '', how = '', seed = '1'] = process.argv;
const random = new Random(Number(seed));
const saved: Record<string, string> = {};
let stopped = false;
let count = 0;

function save(file: string): void {
  const text = `save ${++count} of ${file}\n${'y'.repeat(random.below(4000))}\n`;
  const at = path.join(root, file);
  if (how === 'in place' || (how === 'both' && random.below(2) === 0)) fs.writeFileSync(at, text);
  else {
    fs.writeFileSync(`${at}.swp`, text);
    fs.renameSync(`${at}.swp`, at);
  }
  saved[file] = text;
}

function swap(): void {
  const folder = path.join(root, 'app/0');
  const aside = path.join(path.dirname(root), 'aside');
  fs.renameSync(folder, aside);
  try {
    fs.symlinkSync(path.join(path.dirname(root), 'outside'), folder);
    fs.unlinkSync(folder);
  } catch {
    // The tool has made the folder meanwhile, because it has to put a file back.
  }
  while (fs.existsSync(aside)) {
    try {
      fs.renameSync(aside, folder);
    } catch {
      for (const file of fs.readdirSync(folder))
        fs.renameSync(path.join(folder, file), path.join(aside, file));
    }
  }
}

function isCommitting(): boolean {
  const running = path.join(root, '.flask-style/tx');
  try {
    return fs
      .readdirSync(running)
      .some((id) => fs.existsSync(path.join(running, id, 'COMMIT.json')));
  } catch {
    return false;
  }
}

process.once('message', () => {
  stopped = true;
});
process.send?.('ready');
const files = fs
  .readdirSync(path.join(root, 'app'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `app/${file}`);
while (!stopped && how !== 'link' && !isCommitting()) await setImmediate();
for (let pause = random.below(random.chance(0.5) ? 2_000_000 : 60_000_000); pause > 0; pause--);
// Each file once, all in one go: no later save hides the loss of one.
if (how !== 'link') for (const file of shuffled(files)) save(file);
while (!stopped) {
  if (how === 'link') swap();
  await setImmediate();
}
process.send?.(saved);
process.disconnect();

function shuffled(all: readonly string[]): readonly string[] {
  return all
    .map((file) => ({ file, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ file }) => file);
}
