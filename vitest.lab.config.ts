import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
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

/** The true lag is measured before anything was done to the site: elections go on for minutes after a broker came back. */
class QuietFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isQuiet = (file: TestSpecification): boolean => file.moduleId.includes('true-lag');
    return [...sorted.filter(isQuiet), ...sorted.filter(file => !isQuiet(file))];
  }
}

/** The tests against the lab, and those in a real terminal: one after the other, for they share one site. */
export default defineConfig({
  test: {
    include: run ? ['test/**/*.lab.test.{ts,tsx}', 'test/e2e/**/*.test.{ts,tsx}'] : [],
    exclude: [...configDefaults.exclude, 'test/**/fixtures/**'],
    passWithNoTests: !run,
    setupFiles: ['test/setup.ts'],
    env: { NODE_ENV: 'production', KMON_LAB: name },
    pool: 'forks',
    fileParallelism: false,
    sequence: { sequencer: QuietFirst },
    // A real site has hiccups of its own (an election, a pause): what fails twice is wrong.
    retry: 1,
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
