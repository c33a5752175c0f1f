import * as z from 'zod';

export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** Counts the checks outside vitest, which `.ci/run` writes down: a line each, `passed`, `failed` or `skipped`, tab, title. */
export function tallyChecks(text: string): Tally {
  const lines = text.split('\n').filter(line => line !== '');
  const count = (what: string): number => lines.filter(line => line.startsWith(`${what}\t`)).length;
  const [passed, skipped] = [count('passed'), count('skipped')];
  return { passed, failed: lines.length - passed - skipped, skipped };
}

const vitestReport = z.object({
  success: z.boolean(),
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ assertionResults: z.array(z.unknown()) })).default([]),
});

const passedLate = z.object({
  status: z.literal('passed'),
  fullName: z.string(),
  failureMessages: z.array(z.string()).min(1),
});
const neverPassed = z.object({
  status: z.literal('failed'),
  fullName: z.string(),
  failureMessages: z.array(z.string()),
});

/**
 * Counts a report of vitest's json reporter. A run that failed without a failing test (a file that does not load, an
 * error between tests) counts as one failure, and so does a report that is not there: its run died.
 */
export function tallyVitest(text: string | undefined): Tally {
  const report = text === undefined ? undefined : parse(text);
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  return {
    passed: report.numPassedTests,
    failed: report.success ? report.numFailedTests : Math.max(1, report.numFailedTests),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Names of the tests that passed, but not at their first attempt. */
export const secondAttempts = (text: string | undefined): readonly string[] =>
  assertionsOf(text, passedLate).map(test => test.fullName);

/** A test that failed, with why its last attempt did, without the stack: often a screen. */
export type FailedTest = { readonly name: string; readonly why: string };

export function failedTests(text: string | undefined): readonly FailedTest[] {
  return assertionsOf(text, neverPassed).map(({ fullName, failureMessages }) => ({
    name: fullName,
    why: (failureMessages.at(-1) ?? '')
      .split('\n')
      .filter(line => !/^ {4}at /.test(line))
      .join('\n')
      .trimEnd(),
  }));
}

/** Titles of the checks that failed, of what {@link tallyChecks} counts. */
export function failedChecks(text: string): readonly string[] {
  return text.split('\n').flatMap(line => /^failed\t(.+)$/.exec(line)?.[1] ?? []);
}

function assertionsOf<T>(text: string | undefined, kind: z.ZodType<T>): readonly T[] {
  const files = text === undefined ? [] : (parse(text)?.testResults ?? []);
  return files.flatMap(file => file.assertionResults).flatMap(test => kind.safeParse(test).data ?? []);
}

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

export function summaryLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function parse(text: string): z.infer<typeof vitestReport> | undefined {
  try {
    return vitestReport.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
