import { openContext } from './app/context.ts';
import { syncDatabase } from './app/core/sync.ts';
import { migrate } from './app/ops/migrate.ts';
import { seed } from './app/ops/seed.ts';
import { configOrExit } from './config.ts';

const commands = {
  'db:sync': syncDatabase,
  'db:seed': seed,
  'db:migrate': migrate,
} as const;

const isCommand = (name: string): name is keyof typeof commands => Object.hasOwn(commands, name);

const name = process.argv[2] ?? '';
if (!isCommand(name)) {
  process.stderr.write(`usage: manage <${Object.keys(commands).join('|')}>\n`);
  process.exit(1);
}
const context = openContext(configOrExit());
try {
  await commands[name](context);
  context.log.info({}, `${name} is done`);
} catch (err) {
  context.log.error({ err }, `${name} failed`);
  process.exitCode = 1;
} finally {
  await context.client.close();
}
