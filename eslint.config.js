import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { importRule } from './scripts/lint/import-rule.js';
import { systemAccess } from './scripts/lint/system-access.js';

export default defineConfig(
  globalIgnores(['dist', '.lab', 'coverage', 'test/**/fixtures']),
  {
    linterOptions: { noInlineConfig: true },
    languageOptions: { parserOptions: { projectService: true } },
  },
  tseslint.configs.strictTypeChecked,
  {
    rules: {
      'no-console': 'error',
      'no-warning-comments': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // An async function without await turns what it throws into a rejection, which is the point where a promise is due.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    name: 'import table',
    files: ['source/**/*.{ts,tsx}', 'cli.tsx'],
    plugins: { kmon: { rules: { imports: importRule } } },
    rules: { 'kmon/imports': 'error' },
  },
  systemAccess,
  { files: ['source/screen/**/*.{ts,tsx}'], ...reactHooks.configs.flat.recommended },
  {
    name: 'vitest types its matchers (expect.any and the like) as any',
    files: ['test/**/*.{ts,tsx}'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    name: 'the linter itself: syntax trees are not typed here',
    files: ['scripts/lint/*.js'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
);
