import { describe, expect, test } from 'vitest';
import {
  failedChecks,
  failedTests,
  secondAttempts,
  sum,
  summaryLine,
  tallyChecks,
  tallyVitest,
} from '../../scripts/ci-report.js';

const report = { success: true, numPassedTests: 7, numFailedTests: 0, numPendingTests: 2, numTodoTests: 1 };

describe('a report of vitest', () => {
  test('counts tests; pending and planned ones are skipped', () => {
    expect(tallyVitest(JSON.stringify(report))).toEqual({ passed: 7, failed: 0, skipped: 3 });
  });

  test('a run that failed without a failing test is one failure', () => {
    expect(tallyVitest(JSON.stringify({ ...report, success: false }))).toMatchObject({
      passed: 7,
      failed: 1,
    });
  });

  test.each([undefined, '', '{', '{}'])('%j in its place is one failure', text => {
    expect(tallyVitest(text)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

test('what passed at the second attempt is named, and what failed, with why', () => {
  const test = (fullName: string, status: string, failureMessages: string[]) => ({
    fullName,
    status,
    failureMessages,
  });
  const assertionResults = [
    test('at once', 'passed', []),
    test('late', 'passed', ['expected 1 to be 2']),
    test('never', 'failed', ['expected 1 to be 2', 'Error: not seen\n kmon lab\n    at Tmux.until (x.ts:1)']),
  ];

  expect(secondAttempts(JSON.stringify({ ...report, testResults: [{ assertionResults }] }))).toEqual([
    'late',
  ]);
  expect(failedTests(JSON.stringify({ ...report, testResults: [{ assertionResults }] }))).toEqual([
    { name: 'never', why: 'Error: not seen\n kmon lab' },
  ]);
  expect(secondAttempts(JSON.stringify(report))).toEqual([]);
  expect(secondAttempts(undefined)).toEqual([]);
});

test('a report of checks counts its lines', () => {
  const text =
    'passed\tstatic checks\nfailed\tbuild\npassed\tthe bundle on Node 20\nskipped\ta playbook\n?\n';

  expect(tallyChecks(text)).toEqual({ passed: 2, failed: 2, skipped: 1 });
  expect(failedChecks(text)).toEqual(['build']);
});

test('the summary is one plain line over all reports', () => {
  const total = sum([tallyVitest(JSON.stringify(report)), tallyChecks('passed\tbuild\n')]);

  expect(summaryLine(total)).toBe('8 passed, 0 failed, 3 skipped');
});
