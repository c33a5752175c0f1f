import { expect, test } from 'vitest';
import { failureKinds } from '../../../source/core/failure.js';
import { translate } from '../../../source/wire/kafka/failures.js';
import { FailureIndex, failureOfCode, protocolErrors } from '../../../source/wire/kafka/protocol-errors.js';

const coded = (message: string, code: string): Error => Object.assign(new Error(message), { code });

test.each([
  [coded('Connection error: connect ECONNREFUSED 10.0.0.1:9092', 'ECONNREFUSED'), 'refused'],
  [coded('getaddrinfo ENOTFOUND broker-1', 'ENOTFOUND'), 'unreachable'],
  [coded('connect EHOSTUNREACH', 'EHOSTUNREACH'), 'unreachable'],
  [coded('connect ETIMEDOUT', 'ETIMEDOUT'), 'timeout'],
  [coded('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls'],
  [coded('unable to verify the first certificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'tls'],
  [coded('certificate has expired', 'CERT_HAS_EXPIRED'), 'tls'],
  [coded('wrong version number', 'ERR_SSL_WRONG_VERSION_NUMBER'), 'tls'],
  [coded('Hostname/IP does not match', 'ERR_TLS_CERT_ALTNAME_INVALID'), 'tls'],
  [new Error('something new'), 'unreachable'],
])('while connecting, %s is %s', (error, kind) => {
  expect(translate(error, 'it', 'connecting', []).kind).toBe(kind);
});

test('a failure is one line, and never holds a secret', () => {
  const error = new Error('user kmon\nwith hunter2 was refused');
  expect(translate(error, 'it', 'login', ['hunter2'])).toEqual({
    kind: 'unauthenticated',
    subject: 'it',
    detail: 'user kmon with ••• was refused',
  });
});

test('code 0 is no failure; a code that kmon does not know is malformed, and named', () => {
  expect(failureOfCode(0, 'it')).toBeUndefined();
  expect(failureOfCode(999, 'it')).toEqual({ kind: 'malformed', subject: 'it', detail: 'error code 999' });
});

test('the three ACL errors are unauthorised, a moving coordinator or leader is busy', () => {
  const kinds = (codes: readonly number[]): unknown[] => codes.map(code => protocolErrors.get(code)?.kind);
  expect(kinds([29, 30, 31])).toEqual(['unauthorised', 'unauthorised', 'unauthorised']);
  expect(kinds([5, 6, 14, 15, 16, 27])).toEqual(Array(6).fill('busy'));
});

test('every protocol error is of a kind that kmon explains, under a name of its own', () => {
  const all = [...protocolErrors.values()];
  for (const { kind } of all) expect(failureKinds).toContain(kind);
  expect(new Set(all.map(e => e.name)).size).toBe(all.length);
});

test('a column’s failures are kept once each, however many partitions share them', () => {
  const index = new FailureIndex('it');
  expect([0, 6, 3, 6, 0].map(code => index.of(code))).toEqual([0, 1, 2, 1, 0]);
  expect(index.failures.map(f => f.detail)).toEqual(['NOT_LEADER_OR_FOLLOWER', 'UNKNOWN_TOPIC_OR_PARTITION']);
});
