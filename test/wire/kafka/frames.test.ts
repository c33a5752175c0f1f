import { expect, test } from 'vitest';
import { frameGuard, frameLimit } from '../../../source/wire/kafka/frames.js';

const head = (length: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(length);
  return bytes;
};

test('answers pass however the network cuts them', () => {
  const stream = Buffer.concat([head(10), Buffer.alloc(10, 0xff), head(4), Buffer.alloc(4, 0xff), head(6)]);
  for (let size = 1; size <= stream.length; size++) {
    const guard = frameGuard('it');
    for (let at = 0; at < stream.length; at += size) {
      expect(guard(stream.subarray(at, at + size))).toBeUndefined();
    }
  }
});

test.each([
  ['negative', head(-1), 'malformed', 'an answer that begins with 0xffffffff is not Kafka’s'],
  [
    'too short for a correlation id',
    head(3),
    'malformed',
    'an answer that begins with 0x00000003 is not Kafka’s',
  ],
  ['beyond the limit', head(3 * frameLimit), 'too-large', 'an answer of 384 MB, kmon reads up to 128'],
  [
    'a web server’s',
    Buffer.from('HTTP/1.1 400'),
    'malformed',
    'an answer that begins with “HTTP” is not Kafka’s',
  ],
  [
    'a TLS alert',
    Buffer.from([0x15, 3, 3, 0, 2, 2, 80]),
    'tls',
    'this port speaks TLS, and kmon was told plain text',
  ],
])('a length prefix that is %s is stopped', (_, bytes, kind, detail) => {
  expect(frameGuard('it')(bytes)).toMatchObject({ kind, subject: 'it', detail });
});

test('a bad prefix is stopped also behind good answers, and when it comes in two chunks', () => {
  const guard = frameGuard('it');
  expect(guard(Buffer.concat([head(4), Buffer.alloc(4), Buffer.from('HT')]))).toBeUndefined();
  expect(guard(Buffer.from('TP/1.1'))?.kind).toBe('malformed');
});
