import { existsSync, readdirSync } from 'node:fs';
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import prettier from 'eslint-config-prettier';
import globals from 'globals';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Who may import whom is dependency-cruiser's work; only what it cannot see stands here: type imports inside .svelte. */
const sharedAreas = ['engine', 'widgets'];
const areas = foldersOf('src-renderer').filter((name) => !sharedAreas.includes(name));

const noElectron = { name: 'electron', message: 'Only src-main/shell and src-preload know Electron.' };
const onlyContract = {
  regex: 'src-main/(?!contract/)',
  message: 'The window knows the engine only by its contract.',
};
const noNode = { regex: '^node:', message: 'The window also runs in a browser.' };

export default defineConfig(
  globalIgnores([
    ...['out/', 'release/', 'test-results/', 'playwright-report/', '.svelte-check/'],
    ...['docs/', 'resources/', 'test/fixtures/'],
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      'no-warning-comments': ['error', { terms: ['nocommit', 'fixme', 'todo', 'xxx'], location: 'anywhere' }],
      'no-restricted-imports': ['error', { paths: [noElectron] }],
      // Playwright's fixtures say by an empty pattern that they need no other.
      'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
      eqeqeq: 'error',
      'no-implicit-coercion': ['error', { boolean: false }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // An error class narrows its parent's parameter types with a constructor that only passes them on.
      '@typescript-eslint/no-useless-constructor': 'off',
      // A port's method returns a promise also where this adapter has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src-main/shell/**', 'src-preload/**', 'test/**'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['src-main/**', 'src-preload/**', 'src-renderer/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: globals.browser,
      // The project service takes twice as long with components: it updates its program for each.
      parserOptions: { parser: tseslint.parser, projectService: false, project: './tsconfig.web.json' },
    },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/no-target-blank': 'error',
      'svelte/no-inspect': 'error',
      'svelte/require-each-key': 'error',
      'svelte/button-has-type': 'error',
      'svelte/valid-compile': 'error',
      // Markup is code to ESLint, but without the types of components: what a handler gets there is `any` (svelte-check
      // knows better).
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      // A Map or Set that nothing on the page follows is better plain; what is shown lives in $state.
      'svelte/prefer-svelte-reactivity': 'off',
      // Props are declared with `let` because Svelte may write to them.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$derived', '$bindable'] }],
    },
  },
  { files: ['src-renderer/**'], rules: restrict(noNode, onlyContract) },
  areas.map((area) => ({
    files: [`src-renderer/${area}/**`],
    rules: restrict(noNode, onlyContract, {
      regex: `^(?:\\.\\./)+(?:${areas.filter((other) => other !== area).join('|') || '(?!)'})/`,
      message: 'An area knows engine/ and widgets/, not another area.',
    }),
  })),
  {
    files: ['test/**', 'scripts/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Components are imported here, and only svelte-check knows the types of their properties.
    files: ['test/renderer/**'],
    rules: { '@typescript-eslint/no-unsafe-argument': 'off', '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    // Plain JavaScript, checked by tsc through JSDoc: what JSON.parse and dynamic imports give is described there.
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: globals.node },
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  prettier,
  svelte.configs.prettier,
);

/** @param {...{ regex: string, message: string }} patterns
 *  @returns {import('eslint').Linter.RulesRecord} */
function restrict(...patterns) {
  return { 'no-restricted-imports': ['error', { paths: [noElectron], patterns }] };
}

/** @param {string} folder */
function foldersOf(folder) {
  const path = new URL(folder, import.meta.url);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
