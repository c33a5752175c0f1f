/** `ci-summary FOLDER`: the last line of `.ci/run`, from the reports in FOLDER, under the tests that needed a second attempt and what failed with why (a log may be cut at its top); exits with 1 where anything failed. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  failedChecks,
  failedTests,
  secondAttempts,
  sum,
  summaryLine,
  tallyChecks,
  tallyVitest,
} from './ci-report.js';

const [folder = '.'] = process.argv.slice(2);
const read = (name: string): string | undefined => {
  const file = path.join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

const expected = (read('expected') ?? '').split('\n').filter(name => name !== '');
const reports = expected.map(read);
const checks = read('checks') ?? '';
const total = sum([...reports.map(tallyVitest), tallyChecks(checks)]);
for (const name of reports.flatMap(secondAttempts))
  process.stdout.write(`passed at the second attempt: ${name}\n`);
for (const [at, name] of expected.entries())
  if (reports[at] === undefined) process.stdout.write(`failed: no report ${name}\n`);
for (const { name, why } of reports.flatMap(failedTests))
  process.stdout.write(`failed: ${name}\n${why.replaceAll(/^/gm, '  | ')}\n`);
for (const name of failedChecks(checks)) process.stdout.write(`failed: ${name}\n`);
process.stdout.write(`${summaryLine(total)}\n`);
if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
