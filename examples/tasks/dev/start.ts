import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { startDatabase } from './database.ts';

/**
 * `npm run dev`: debug mode. This process holds the database, when MONGODB_URI names no other; the application runs in
 * a second one that is started anew with each change of its files, so data and connections survive its mistakes.
 * With arguments, `npm run db:seed` say, manage.ts runs instead, on the same database.
 */
if (existsSync('.env')) process.loadEnvFile('.env');
const given = process.env.MONGODB_URI;
const commands = process.argv.slice(2);

const database = await startDatabase({ uri: given, dir: '.data' }).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
if (database.uri !== given) process.stderr.write(`MONGODB_URI=${database.uri}\n`);

const program = commands.length > 0 ? ['manage.ts'] : ['watch', '--clear-screen=false', 'run.ts'];
const tsx = createRequire(import.meta.url).resolve('tsx/cli');
const child = spawn(process.execPath, [tsx, ...program, ...commands], {
  stdio: 'inherit',
  env: { NODE_ENV: 'development', ...process.env, MONGODB_URI: database.uri },
});

// The database has to outlive the application, so this process ends when that one has.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));

child.on('exit', (code) => {
  void database.stop().then(() => process.exit(code ?? 0));
});
