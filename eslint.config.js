import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The house rules, as docs/ARCHITECTURE.md draws them: which room may import which, and who may
 * print, write, spawn, exit or look at the clock.
 */
const rooms = [
  'cli',
  'questions',
  'plop',
  'spec',
  'plan',
  'render',
  'merge',
  'apply',
  'project',
  'post',
];

/** Room → the rooms it may import besides itself, errors.ts and utf8.ts. Imports point along the chain, never back. */
const mayImport = {
  spec: [],
  render: [],
  post: [],
  plan: ['spec', 'render'],
  merge: ['render'],
  apply: ['render', 'merge'],
  project: ['spec', 'plan', 'render', 'merge', 'apply'],
  questions: ['spec'],
  plop: ['questions', 'spec', 'plan', 'render', 'merge', 'apply', 'project'],
  cli: rooms,
};

const reads = [
  'access',
  'constants',
  'createReadStream',
  'existsSync',
  'lstat',
  'lstatSync',
  'open',
  'readFile',
  'readFileSync',
  'readdir',
  'readdirSync',
  'readlink',
  'realpath',
  'realpathSync',
  'stat',
  'statSync',
];

const spawning = ['execa', 'node:child_process', 'child_process'];
const writing = ['fs-extra', 'fs', 'fs/promises'];

const property = (object, name, message) => ({ object, property: name, message });
const ambient = [
  property('process', 'env', 'Only cli/ reads the environment: pass the value in.'),
  property('process', 'cwd', 'Only cli/ knows the working directory: pass the path in.'),
  property('Date', 'now', 'Only cli/ reads the clock: pass the time in.'),
];
const printing = [
  property('process', 'stdout', 'Only cli/report prints.'),
  property('process', 'stderr', 'Only cli/report prints.'),
];
const exiting = [
  property('process', 'exit', 'Only cli/main ends the process.'),
  property('process', 'exitCode', 'Only cli/main sets the exit code.'),
];

const roomRules = (room) => {
  const closed = rooms.filter((other) => other !== room && !mayImport[room].includes(other));
  const patterns = closed.map((other) => ({
    group: [`**/${other}/*`, `**/${other}/**`, '!**/templates/**'],
    message: `${room}/ may not import ${other}/ (docs/ARCHITECTURE.md).`,
  }));
  const paths = [];
  if (room !== 'post') {
    paths.push(...spawning.map((name) => ({ name, message: 'Only post/ spawns.' })));
  }
  if (room !== 'apply') {
    paths.push(...writing.map((name) => ({ name, message: 'Only apply/ writes.' })));
    for (const name of ['node:fs', 'node:fs/promises']) {
      paths.push({ name, allowImportNames: reads, message: 'Only apply/ writes.' });
    }
  }
  return {
    files: [`src/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': ['error', { paths, patterns }],
      'no-restricted-properties': [
        'error',
        ...(room === 'cli' ? [] : ambient),
        ...printing,
        ...exiting,
      ],
    },
  };
};

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      'examples/**',
      'bookshop/**',
      '.cache/**',
      'test/**/fixtures/**',
      // Linted with the configuration they are emitted with, in an emitted project.
      'templates/**',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict],
    languageOptions: { parserOptions: { tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      eqeqeq: ['error', 'always'],
      'max-lines': ['error', { max: 300 }],
    },
  },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly', URL: 'readonly' } } },
  ...rooms.map(roomRules),
  {
    files: ['src/cli/report*.ts', 'src/cli/report/**/*.ts'],
    rules: { 'no-restricted-properties': ['error', ...exiting] },
  },
  {
    // Ends the process, and hands the streams to report.
    files: ['src/cli/main.ts', 'src/cli/index.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['src/embedded-mongo/**/*.ts'], rules: { 'max-lines': ['error', { max: 400 }] } },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', '*.ts'],
    rules: { 'no-console': 'off', 'max-lines': ['error', { max: 500 }] },
  },
  {
    files: ['test/**/*.ts'],
    ignores: ['test/properties.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { name: 'fast-check', message: 'From test/properties.ts: there it has its seed.' },
      ],
    },
  },
);
