import { afterEach } from 'vitest';
import { heal, openLab } from '../../lab/index.js';

/**
 * A test on a real site has a second attempt (`retry` in vitest.lab.config.ts): brokers, tasks and a shared machine have a
 * timing of their own. It begins on a site that is healed of what the first one left, and what that failed on is printed,
 * for a test that needs it often is wrong, or kmon is.
 */
afterEach(async ({ task }) => {
  const { state, errors = [], retryCount = 0 } = task.result ?? {};
  if (state !== 'fail') return;
  const reasons = errors.map(error => error.message).join('\n');
  process.stderr.write(`\nattempt ${retryCount + 1} of "${task.name}" failed: ${reasons}\n`);
  await heal(openLab(process.env['KMON_LAB'] ?? 'default'));
});
