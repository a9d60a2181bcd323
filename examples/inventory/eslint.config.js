import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const browser = [
  'document',
  'fetch',
  'location',
  'performance',
  'URL',
  'URLSearchParams',
  'window',
];

export default defineConfig(
  { ignores: ['dist/', 'dev/*.mjs', 'dev/*.d.mts'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    // What is deployed: config.ts alone reads the environment, and nothing comes from dev/.
    files: ['app/**/*.ts', 'migrations/**/*.ts', 'run.ts', 'manage.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['**/dev/*', '**/tests/*'] }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Add the variable to config.ts.' },
      ],
    },
  },
  {
    // What runs in a browser.
    files: ['app/**/*.js'],
    languageOptions: { globals: Object.fromEntries(browser.map((name) => [name, 'readonly'])) },
  },
);
