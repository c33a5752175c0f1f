/** `ci-summary FOLDER`: the last line of `.ci/run`, from the reports in FOLDER; exits with 1 where anything failed. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sum, summaryLine, tallyChecks, tallyVitest } from './ci-report.js';

const [folder = '.'] = process.argv.slice(2);
const read = (name: string): string | undefined => {
  const file = path.join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

const total = sum([
  tallyVitest(read('unit.json')),
  tallyVitest(read('lab.json')),
  tallyVitest(read('old.json')),
  tallyChecks(read('checks') ?? ''),
]);
process.stdout.write(`${summaryLine(total)}\n`);
if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
