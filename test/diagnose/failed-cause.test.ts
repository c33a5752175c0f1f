import { expect, it } from 'vitest';
import { restartHint } from '../../source/diagnose/rules/failed-cause.js';

/** What the finding says of a restart of what failed, by the traces that Connect gives: first line and root cause. */

const send =
  'org.apache.kafka.connect.errors.ConnectException: Unrecoverable exception from producer send callback';
const caused = (by: string): string => `${send} (Caused by: ${by})`;
const timeout = caused(
  'org.apache.kafka.common.errors.TimeoutException: Expiring 12 record(s) for eu.orders-3',
);
const denied = caused(
  'org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [eu.orders]',
);
const poison =
  'org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler ' +
  '(Caused by: org.apache.kafka.connect.errors.DataException: Invalid schema type for ByteArrayConverter: STRING)';

it.each([
  ['a time-out passes', [timeout, timeout], true, /passes/],
  ['a lost connection passes', ['java.net.ConnectException: Connection refused'], true, /passes/],
  ['a right may be granted again', [denied], true, /once the right/],
  ['what must be mended first is said of any of them', [timeout, denied], true, /once the right/],
  ['a record fails again', [poison], false, /fails again while/],
  ['one that fails again is enough', [timeout, poison], false, /fails again while/],
  ['where Connect gives no trace nothing is promised', [undefined], false, /fails again while/],
  [
    'a time-out on the way to another cause is none',
    [`${timeout} (Caused by: java.lang.OutOfMemoryError)`],
    false,
    /fails/,
  ],
  ['Connect’s own exception tells no cause', [send], false, /fails again while/],
])('%s', (_, traces, cures, note) => {
  const hint = restartHint(traces);
  expect(hint).toMatchObject({ action: 'restart-failed', cures });
  expect(hint.note).toMatch(note);
});
