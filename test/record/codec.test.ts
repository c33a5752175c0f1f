import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Observation } from '../../source/core/observation.js';
import {
  decode,
  decodeHeader,
  encode,
  encodeEnd,
  encodeHeader,
  recordingVersion,
  type Subject,
} from '../../source/record/codec.js';
import { anyObservation, arbitraryObservation } from '../support/arbitrary-observation.js';

const offsets: Observation = {
  kind: 'offsets',
  cluster: 'us',
  broker: 2,
  which: 'log-end',
  asked: 1_000,
  answered: 1_020,
  topics: [
    {
      topic: 'orders',
      partition: Int32Array.of(0, 1),
      offset: Float64Array.of(1, NaN),
      failure: Uint8Array.of(0, 1),
    },
  ],
  failures: [{ kind: 'busy', subject: 'ListOffsets of broker 2', detail: '' }],
};

const subject = (kmon: string): Subject => ({
  kmon,
  start: 1_000,
  context: 'lab',
  interval: 2_000,
  site: { clusters: [{ name: 'us', bootstrap: ['h:1'] }], connects: [{ name: 'us', cluster: 'us' }] },
});

describe('an observation', () => {
  test.each(Object.entries(arbitraryObservation))('of kind %s comes back as it was', (_kind, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, observation => {
        expect(decode(encode(observation))).toStrictEqual({ observation });
      }),
    );
  });

  test('is one line, whatever its texts hold', () => {
    fc.assert(
      fc.property(anyObservation(), observation => {
        expect(encode(observation)).not.toMatch(/[\n\r\u2028\u2029]/);
      }),
    );
  });

  test('has its columns as little-endian bytes, readable by others', () => {
    expect(JSON.parse(encode(offsets))).toMatchObject({
      topics: [
        {
          topic: 'orders',
          partition: { $i32: Buffer.from('00000000 01000000'.replaceAll(' ', ''), 'hex').toString('base64') },
          offset: { $f64: 'AAAAAAAA8D8AAAAAAAD4fw==' },
          failure: { $u8: 'AAE=' },
        },
      ],
    });
  });

  test.each([NaN, Infinity, -Infinity, -0, 0.1])('keeps a sample of %d', value => {
    const observation: Observation = {
      kind: 'metrics',
      source: 'prometheus',
      asked: 0,
      answered: 1,
      answer: {
        ok: {
          samples: { 'node-cpu': [{ value, instance: 'a:1' }] },
          missing: {},
          found: {},
          rateWindow: 60,
        },
      },
    };

    expect(decode(encode(observation))).toStrictEqual({ observation });
  });

  test('takes a part of a larger buffer, not the buffer', () => {
    const large = Float64Array.of(1, 2, 3, 4);
    const [column] = offsets.topics;
    const part = { ...column, offset: large.subarray(1, 3) };

    expect(decode(encode({ ...offsets, topics: [part] } as Observation))).toMatchObject({
      observation: { topics: [{ offset: Float64Array.of(2, 3) }] },
    });
  });
});

describe('a line that cannot be read', () => {
  const line = encode(offsets);
  const damaged: [string, string][] = [
    ['nothing', ''],
    ['a line cut off', line.slice(0, -20)],
    ['no observation', '{"hello":"world"}'],
    ['a header', encodeHeader(subject('1.0.0'))],
    ['no kind', '{"asked":1,"answered":2}'],
    ['a field that is missing', line.replace('"broker":2,', '')],
    ['a field of another type', line.replace('"broker":2', '"broker":"2"')],
    ['columns of unequal length', line.replace('AAE=', 'AA==')],
    ['a column of another type', line.replace('$i32', '$f64')],
    ['a column of a type nobody knows', line.replace('$i32', '$i128')],
    ['base64 with a foreign character', line.replace('AAE=', 'A*E=')],
    ['half an element', line.replace('AAAAAAAA8D8AAAAAAAD4fw==', 'AAAAAAAA')],
    ['a tag that is not alone', line.replace('"$u8"', '"a":1,"$u8"')],
    ['a failure of a kind nobody knows', line.replace('busy', 'tired')],
  ];

  test.each(damaged)('%s: says so, and where', (_what, text) => {
    expect(decode(text, 17)).toMatchObject({
      failed: { kind: 'malformed', subject: 'line 17 of the recording' },
    });
  });

  test('no text at all makes it throw', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), text => void decode(text)));
  });
});

describe('what a newer kmon wrote', () => {
  test('an observation of a kind not known here is skipped by name', () => {
    expect(decode('{"kind":"transactions","asked":1,"answered":2,"x":[]}')).toEqual({
      skipped: 'transactions',
    });
  });

  test.each(['constructor', '__proto__', 'toString'])(
    '%s is such a kind, not a property of an object',
    kind => {
      expect(decode(`{"kind":"${kind}","asked":1,"answered":2}`)).toEqual({ skipped: kind });
    },
  );

  test('a field not known here does not make the line unreadable', () => {
    expect(decode(encode({ ...offsets, leaderEpoch: 4 } as Observation))).toMatchObject({
      observation: offsets,
    });
  });
});

describe('the last line', () => {
  test.each(['closed', 'full'] as const)('says why nothing follows: %s', why => {
    expect(decode(encodeEnd(why))).toEqual({ end: why });
  });
});

describe('the header', () => {
  test('names the version of the format, the kmon that recorded, and what was watched', () => {
    expect(decodeHeader(encodeHeader(subject('0.1.0')))).toEqual({
      ok: { version: recordingVersion, ...subject('0.1.0') },
    });
  });

  test('tells the thresholds that were set; one of version 1.0 tells none', () => {
    const thresholds = { 'produce-throttle': 200, 'buffer-used': 0.8 };
    const line = encodeHeader({ ...subject('0.1.0'), thresholds });

    expect(decodeHeader(line)).toMatchObject({ ok: { version: { major: 1, minor: 2 }, thresholds } });
    expect(decodeHeader(encodeHeader(subject('0.1.0')))).not.toHaveProperty('ok.thresholds');
  });

  test('a newer minor version is read', () => {
    const line = encodeHeader(subject('1.4.0')).replace(/"minor":\d+/, '"minor":7');

    expect(decodeHeader(line)).toMatchObject({ ok: { version: { major: 1, minor: 7 } } });
  });

  test('a newer major version is refused, and says which kmon wrote it', () => {
    const line = encodeHeader(subject('3.0.0')).replace(
      /"version":\{[^}]*\}/,
      '"version":{"major":2,"minor":0}',
    );

    expect(decodeHeader(line)).toMatchObject({
      failed: { kind: 'unsupported', detail: 'kmon 3.0.0 wrote version 2.0; this kmon reads up to 1' },
    });
  });

  test('that does not say what was watched cannot be replayed', () => {
    const line = encodeHeader(subject('0.1.0')).replace('"site"', '"place"');

    expect(decodeHeader(line)).toMatchObject({ failed: { kind: 'malformed' } });
  });

  test.each(['', '{}', '[]', 'null', '{"version":2,"width":80,"height":24}', '{"format":"kmon-recording"}'])(
    '%j is no recording',
    line => {
      expect(decodeHeader(line)).toMatchObject({ failed: { kind: 'malformed' } });
    },
  );
});
