import { configDefaults, defineConfig } from 'vitest/config';
import { openLab, status } from './lab/index.js';

/** The lab that all these tests share. */
const name = process.env['KMON_LAB'] ?? 'default';
const up = isUp();

// In CI they run all the same, and fail: a site that is not there must not pass for one that is well.
const run = up || process.env['CI'] !== undefined;

if (!run) {
  process.stderr.write(
    `\n  NO TEST ON THE LAB IS RUN: the lab "${name}" is not up.\n  npm run lab -- up && npm run lab -- load\n\n`,
  );
}

/** The tests against the lab, and those in a real terminal: one after the other, for they share one site. */
export default defineConfig({
  test: {
    include: run ? ['test/**/*.lab.test.{ts,tsx}', 'test/e2e/**/*.test.{ts,tsx}'] : [],
    exclude: [...configDefaults.exclude, 'test/**/fixtures/**'],
    passWithNoTests: !run,
    setupFiles: ['test/setup.ts', 'test/support/second-attempt.ts'],
    retry: 1,
    env: { NODE_ENV: 'production', KMON_LAB: name },
    pool: 'forks',
    fileParallelism: false,
    allowOnly: false,
    // Some watch a fault grow for minutes, and wait for its backlog to drain.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});

function isUp(): boolean {
  try {
    return status(openLab(name)).parts.some(part => part.state === 'running');
  } catch {
    return false;
  }
}
