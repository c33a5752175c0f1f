import { configDefaults, defineConfig } from 'vitest/config';

/** The tests that need nothing but Node: no JVM, no network, no terminal. */
export default defineConfig({
  // The production runtime of React has no `jsxDEV`.
  oxc: { jsx: { runtime: 'automatic', development: false } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, '**/*.lab.test.*', 'test/e2e/**', 'test/**/fixtures/**'],
    setupFiles: ['test/setup.ts'],
    // Production React, as in the bundle: tests see what users get.
    env: { NODE_ENV: 'production' },
    pool: 'forks',
    maxWorkers: 2,
    allowOnly: false,
    // Only what hangs takes so long, also where the machine does something else.
    testTimeout: 60_000,
  },
});
