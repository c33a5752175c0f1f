import { mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Observation } from '../../source/core/observation.js';
import { encode, encodeHeader, type Subject } from '../../source/record/codec.js';
import { openPlayback, type Entry, type FileEnd } from '../../source/record/player.js';
import { openRecording, type Recorder } from '../../source/record/recorder.js';
import type { Tick } from '../../source/record/tick.js';

const subject: Subject = {
  kmon: '0.1.0',
  start: 1_000,
  context: 'lab',
  interval: 2_000,
  site: { clusters: [{ name: 'us', bootstrap: ['h:1'] }], connects: [{ name: 'us', cluster: 'us' }] },
};

const seen = (answered: number): Observation => ({
  kind: 'offsets',
  cluster: 'us',
  broker: 1,
  which: 'log-end',
  asked: answered - 1,
  answered,
  topics: [
    {
      topic: 'orders',
      partition: Int32Array.of(0, 1),
      offset: Float64Array.of(answered, NaN),
      failure: Uint8Array.of(0, 1),
    },
  ],
  failures: [{ kind: 'busy', subject: 'ListOffsets of broker 1', detail: '' }],
});

const tick = (at: number): Tick => ({
  at,
  startedAt: 1_000,
  endpoints: [
    { name: 'kafka us', kind: 'kafka', address: 'h:1', status: { is: 'live', lastAnswer: at } },
    {
      name: 'connect us',
      kind: 'connect',
      address: 'http://h:2',
      status: {
        is: 'failing',
        failure: { kind: 'refused', subject: 'GET /', detail: '', nextStep: 'start the workers' },
        since: 1_000,
        nextTry: at + 500,
      },
    },
  ],
  cost: { requests: 3, seconds: 0.25 },
});

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kmon-record-'));
  file = path.join(folder, 'site.kmon');
});
afterEach(() => rm(folder, { recursive: true }));

async function begin(maxBytes = 1e9): Promise<Recorder> {
  return openRecording(file, subject, { maxBytes });
}

async function played(): Promise<{ entries: Entry[]; end: FileEnd }> {
  const opened = await openPlayback(file);
  if ('failed' in opened) throw new Error(opened.failed.detail);
  const list: Entry[] = [];
  const entries = opened.ok.entries();
  for (;;) {
    const next = await entries.next();
    if (next.done) return { entries: list, end: next.value };
    list.push(next.value);
  }
}

/** Until what was flushed so far is in the file. */
async function onDisk(wanted: number): Promise<void> {
  while ((await stat(file)).size < wanted) await new Promise(resolve => setImmediate(resolve));
}

describe('a recording', () => {
  test('comes back as it was, header, observations and ticks in their order', async () => {
    const recorder = await begin();
    recorder.observation(seen(1_500));
    recorder.tick(tick(2_000));
    recorder.observation(seen(2_500));
    recorder.tick(tick(4_000));
    const ended = await recorder.close();

    expect(ended).toMatchObject({ why: 'closed', ticks: 2, bytes: (await stat(file)).size });
    const opened = await openPlayback(file);
    expect(opened).toMatchObject({ ok: { header: subject } });
    expect(await played()).toStrictEqual({
      entries: [
        { observation: seen(1_500) },
        { tick: tick(2_000) },
        { observation: seen(2_500) },
        { tick: tick(4_000) },
      ],
      end: { is: 'closed' },
    });
  });

  test('can be read by its owner alone', async () => {
    const recorder = await begin();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await recorder.close();
  });

  test('replaces no file', async () => {
    await writeFile(file, 'precious');
    await expect(begin()).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(file, 'utf8')).toBe('precious');
  });

  test('is readable up to the last tick while it is being written, as after kill -9', async () => {
    const recorder = await begin();
    recorder.observation(seen(1_500));
    recorder.tick(tick(2_000));
    await onDisk(200);
    const { entries, end } = await played();
    await recorder.close();

    expect(entries).toStrictEqual([{ observation: seen(1_500) }, { tick: tick(2_000) }]);
    expect(end).toMatchObject({ is: 'cut', failure: { kind: 'partial' } });
  });

  test('stops before it exceeds its size, and is whole', async () => {
    const recorder = await begin(1024 * 1024);
    // Noise does not compress: this would be ten times the size.
    for (let i = 1; i <= 100; i++) {
      recorder.observation({
        ...seen(i * 1_000),
        topics: [
          {
            topic: 'orders',
            partition: Int32Array.from({ length: 8_000 }, (_, p) => p),
            offset: Float64Array.from({ length: 8_000 }, (_, p) => Math.sin(i * 8_000 + p)),
            failure: new Uint8Array(8_000),
          },
        ],
        failures: [],
      } as Observation);
      recorder.tick(tick(i * 1_000));
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    const ended = await recorder.ended;

    expect(ended.why).toBe('full');
    expect((await stat(file)).size).toBeLessThanOrEqual(1024 * 1024);
    expect((await stat(file)).size).toBeGreaterThan(256 * 1024);
    const { entries, end } = await played();
    expect(end).toEqual({ is: 'full' });
    expect(entries.filter(e => 'tick' in e)).toHaveLength(ended.ticks);
  });
});

describe('a file that is not as it should be', () => {
  async function recorded(): Promise<void> {
    const recorder = await begin();
    for (let i = 1; i <= 200; i++) {
      recorder.observation(seen(i * 1_000));
      recorder.tick(tick(i * 1_000));
    }
    await recorder.close();
  }

  test.each([0.1, 0.5, 0.9, 0.98])('cut off at %d of its length is read up to there', async share => {
    await recorded();
    await truncate(file, Math.floor((await stat(file)).size * share));
    const { entries, end } = await played();
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.length).toBeLessThanOrEqual(400);
    expect(entries).toStrictEqual(
      Array.from({ length: entries.length }, (_, i) =>
        i % 2 === 0 ? { observation: seen((i / 2 + 1) * 1_000) } : { tick: tick(((i + 1) / 2) * 1_000) },
      ),
    );
    expect(end.is).toBe('cut');
  });

  test('with damage in it ends there, and says so', async () => {
    await recorded();
    const handle = await open(file, 'r+');
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(64, 0xff), 0, 64, Math.floor(size * 0.8));
    await handle.close();
    const { entries, end } = await played();
    expect(entries.length).toBeGreaterThan(50);
    expect(end).toMatchObject({ is: 'damaged', failure: { kind: 'malformed' } });
  });

  test('with a line that is no observation ends there, and names the line', async () => {
    const lines = [encodeHeader(subject), encode(seen(1)), '{"hello":"world"}', encode(seen(2)), ''];
    await writeFile(file, gzipSync(lines.join('\n')));
    expect(await played()).toMatchObject({
      entries: [{ observation: seen(1) }],
      end: { is: 'damaged', failure: { subject: 'line 3 of the recording' } },
    });
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['no file', () => Promise.resolve(), 'absent'],
    ['an empty file', () => writeFile(file, ''), 'malformed'],
    ['plain text', () => writeFile(file, 'hello\nworld\n'), 'malformed'],
    ['another gzip file', () => writeFile(file, gzipSync('hello\nworld\n')), 'malformed'],
    [
      'a recording of a newer kmon',
      () => writeFile(file, gzipSync(encodeHeader(subject).replace('"major":1', '"major":2') + '\n')),
      'unsupported',
    ],
  ])('%s is refused by name', async (_what, make, kind) => {
    await make();
    expect(await openPlayback(file)).toMatchObject({ failed: { kind, subject: file } });
  });

  test('a directory is refused', async () => {
    file = folder;
    expect(await openPlayback(file)).toMatchObject({ failed: { kind: 'malformed', detail: 'a directory' } });
  });

  test('is plain lines to other tools', async () => {
    await recorded();
    const lines = gunzipSync(await readFile(file))
      .toString()
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(402);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ format: 'kmon-recording', context: 'lab' });
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ kind: 'end', why: 'closed' });
  });
});
