// Required before the tool: counts what it asks of the file system, by call. Node has no other place for such a hook.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const process = require('node:process');

const counts = {};
const counted = (where, name) => {
  const call = where[name];
  where[name] = function (...args) {
    counts[name] = (counts[name] ?? 0) + 1;
    return call.apply(this, args);
  };
};
for (const name of [
  'openSync',
  'readFileSync',
  'lstatSync',
  'readdirSync',
  'linkSync',
  'renameSync',
])
  counted(fs, name);
for (const name of ['open', 'readFile', 'lstat', 'readdir', 'writeFile'])
  counted(fs.promises, name);
syncBuiltinESMExports();
const write = fs.writeFileSync;
process.on('exit', () => write(process.env.FILE_CALLS, JSON.stringify(counts)));
