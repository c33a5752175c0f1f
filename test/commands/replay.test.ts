import { setMaxListeners } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { assemble } from '../../source/commands/assemble.js';
import { startPlayback, type Playback } from '../../source/commands/playback.js';
import { epilogue, keepTicks, openTape } from '../../source/commands/tape.js';
import { systemClock, type Clock } from '../../source/core/clock.js';
import { defaultLimits } from '../../source/diagnose/limits.js';
import { machineLimits } from '../../source/diagnose/machine-limits.js';
import type { Observation } from '../../source/core/observation.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import { SiteModel } from '../../source/model/site-model.js';
import { openPlayback } from '../../source/record/player.js';
import { openRecording, type Recorder } from '../../source/record/recorder.js';
import type { GatePort } from '../../source/session/remedy-desk.js';
import { startSession } from '../../source/session/session.js';
import type { EndpointView, SessionPort } from '../../source/session/view.js';
import { FakeClock } from '../support/fake-clock.js';
import { contextOf, simulatedSite } from '../support/simulated-site.js';
import { planted } from '../support/simulated-mirror.js';
import { everyScreen, textOf } from '../support/screens.js';
import { site, SiteStream, SiteTruth } from '../support/site-stream.js';

let folder: string;
beforeAll(async () => {
  process.env['TZ'] = 'UTC';
  folder = await mkdtemp(path.join(tmpdir(), 'kmon-replay-'));
});
afterAll(() => rm(folder, { recursive: true }));

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

/** Every frame that a session publishes, from the one that it begins with. */
function framesOf(session: SessionPort): ReturnType<typeof everyScreen>[] {
  const frames = [everyScreen(session.view())];
  session.subscribe(() => frames.push(everyScreen(session.view())));
  return frames;
}

async function playbackOf(
  file: string,
  options: { clock?: Clock; speed?: number; from?: number } = {},
): Promise<Playback> {
  const opened = await openPlayback(file);
  if ('failed' in opened) throw new Error(opened.failed.detail);
  cleanups.push(async () => opened.ok.close());
  return startPlayback({ recording: opened.ok, clock: atOnce, speed: 1, ...options });
}

const forever = new AbortController().signal;
setMaxListeners(0, forever);

/** No pause takes time. */
const atOnce: Clock = { now: () => 0, sleep: () => Promise.resolve() };

/** Ten minutes of a flow whose target throttles it after two, through a session; recorded. */
async function incident(file: string): Promise<{ recorder: Recorder; frames: ReturnType<typeof framesOf> }> {
  const truth = new SiteTruth();
  const stream = new SiteStream(truth);
  const clock = new FakeClock(truth.now);
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const recorder = await openRecording(
    file,
    {
      kmon: 'test',
      start: clock.now(),
      context: 'lab',
      interval: 5_000,
      site: { clusters: [...site.clusters].map(c => ({ ...c })), connects: [...site.connects] },
    },
    { maxBytes: 1e9 },
  );
  const endpoint: EndpointView = {
    name: 'kafka us',
    kind: 'kafka',
    address: 'us-1:9092',
    status: { is: 'live', lastAnswer: clock.now() },
  };
  const rules = new Lifecycle();
  const never: GatePort = {
    offers: () => [],
    plan: () => Promise.reject(new Error('nobody plans here')),
    planUndo: () => Promise.reject(new Error('nobody plans here')),
    run: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('nor runs')) }) }),
    earlier: () => Promise.resolve([]),
  };
  let emit: (o: Observation) => void = () => undefined;
  const session = startSession({
    context: 'lab',
    mode: 'read-only',
    interval: 5_000,
    clock,
    signal: stop.signal,
    model: new SiteModel(site),
    judge: snapshot => rules.judge(snapshot),
    limits: machineLimits(defaultLimits),
    gate: () => never,
    observe: take => {
      emit = o => {
        recorder.observation(o);
        take(o);
      };
      return {
        endpoints: () => [{ ...endpoint, status: { is: 'live', lastAnswer: truth.now } }],
        cost: () => ({ requests: 7, seconds: 0.05 }),
        refresh: () => undefined,
      };
    },
  });
  keepTicks(session, recorder);
  const frames = framesOf(session);
  for (let passed = 0; passed < 300_000; passed += 5_000) {
    if (passed === 120_000) truth.quota = 1_000;
    for (const o of stream.run(5_000)) emit(o);
    await clock.advance(5_000);
  }
  stop.abort();
  await recorder.close();
  return { recorder, frames };
}

describe('a replay', () => {
  test('shows the frames of the session that was recorded, one by one', async () => {
    const file = path.join(folder, 'incident.kmon');
    const { frames: live } = await incident(file);
    const { session, play } = await playbackOf(file);
    const replayed = framesOf(session);
    expect(await play(forever)).toEqual({ is: 'closed' });

    expect(live.length).toBeGreaterThan(50);
    expect(live.at(-1)?.['overview 160x50']?.join('\n')).toContain('target limits writes');
    // Before the first tick there is nothing, and after the last the end is said.
    expect(replayed.slice(1, -1)).toEqual(live);
    expect(replayed.at(-1)).toEqual(live.at(-1));
  });

  test('says in the first line that it is one, and that it ended', async () => {
    const file = path.join(folder, 'header.kmon');
    await incident(file);
    const { session, play } = await playbackOf(file, { speed: 4 });
    const first = textOf(session.view())[0];
    await play(forever);

    expect(first).toMatch(/kmon lab {2} REPLAY at 4x {2}/);
    expect(textOf(session.view())[0]).toContain(' REPLAY, at its end ');
    expect(textOf(session.view(), { columns: 60, rows: 24 })[0]).toContain(' REPLAY ended ');
  });

  test('takes the time between ticks that it took, divided by the speed', async () => {
    const file = path.join(folder, 'speed.kmon');
    await incident(file);
    const clock = new FakeClock(0);
    const { session, play } = await playbackOf(file, { clock, speed: 10 });
    const played = play(forever);
    const times: number[] = [];
    const shown = new Promise<void>(resolve =>
      session.subscribe(() => {
        times.push(clock.now());
        if (times.length === 4) resolve();
      }),
    );
    while (times.length < 4) await clock.advance(100);
    await shown;
    expect(times.slice(1).map((t, i) => t - (times[i] ?? 0))).toEqual([500, 500, 500]);
    while ((await Promise.race([played, clock.advance(10_000)])) === undefined);
  });

  test('from a later time shows at once what was known then', async () => {
    const file = path.join(folder, 'later.kmon');
    const { frames: live } = await incident(file);
    const { session, play } = await playbackOf(file, { from: session0 + 200_000 });
    const ats: number[] = [];
    const frames = framesOf(session);
    session.subscribe(() => ats.push(session.view().at));
    await play(forever);

    expect(ats[0]).toBe(session0 + 205_000);
    expect(frames.slice(1, -1)).toEqual(live.slice(-frames.length + 2));
  });

  test('changes nothing, and says why', async () => {
    const file = path.join(folder, 'remedy.kmon');
    await incident(file);
    const { session, play } = await playbackOf(file);
    await play(forever);
    session.intend({
      type: 'offer',
      subject: { kind: 'flow', id: session.view().snapshot.flows[0]?.id ?? '' },
      suggested: [],
    });
    const { remedy } = session.view();
    const offers = remedy.phase === 'offers' ? remedy.offers : [];
    const changing = offers.filter(({ opens }) => opens === undefined);
    expect(changing.length).toBeGreaterThan(10);
    for (const { disabled } of changing) expect(disabled).toBe('this is a recording: nothing can be changed');
    session.intend({
      type: 'plan',
      action: 'tasks-max',
      target: { kind: 'connector', connect: 'us', connector: 'mm2-source' },
      argument: '',
    });
    await new Promise(resolve => setImmediate(resolve));
    expect(session.view().remedy).toMatchObject({
      phase: 'refused',
      refusal: { reason: 'this is a recording: nothing can be changed' },
    });
  });
});

const session0 = new SiteTruth().now;

describe('a recording of kmon on a site behind real sockets', () => {
  test('replays to the same frames, and holds no secret', async () => {
    const simulated = await simulatedSite();
    cleanups.push(() => simulated.stop());
    const context = contextOf(simulated, { interval: 500 });
    const file = path.join(folder, 'simulated.kmon');
    const tape = await openTape(file, context, systemClock, 1e9);
    const { session, close } = assemble(context, systemClock, o => tape.observation(o));
    keepTicks(session, tape);
    const live = framesOf(session);
    await new Promise<void>(resolve => {
      session.subscribe(() => {
        if (live.length > 6 && session.view().snapshot.flows.length > 0) resolve();
      });
    });
    const ended = await tape.close();
    live.length = ended.ticks;
    await close();

    const { session: again, play } = await playbackOf(file);
    const replayed = framesOf(again);
    await play(forever);
    expect(replayed.slice(1, -1)).toEqual(live);
    expect(epilogue(file, ended)).toContain(`kmon replay ${file}`);

    const text = gunzipSync(await readFile(file)).toString();
    expect(text).toContain('MirrorSourceConnector');
    expect(text).toContain('sasl.jaas.config');
    for (const secret of Object.values(planted)) expect(text).not.toContain(secret);
    expect(text).not.toContain('hunter2');
  });
});

describe('a recording of the lab', () => {
  test('replays to the frames that it is known by', async () => {
    const { session, play } = await playbackOf(path.resolve('test/record/fixtures/lab.kmon'));
    expect(await play(forever)).toEqual({ is: 'closed' });
    expect(`\n${textOf(session.view()).join('\n')}\n`).toMatchSnapshot();
    const flow = session.view().snapshot.flows.find(f => f.kind === 'mirror-source');
    expect(
      `\n${textOf(session.view(), { columns: 120, rows: 40 }, { at: 'flow', flow: flow?.id ?? '' }).join('\n')}\n`,
    ).toMatchSnapshot();
  });

  test('can be gone back in: every screen shows each moment', async () => {
    const { session, play } = await playbackOf(path.resolve('test/record/fixtures/lab.kmon'));
    await play(forever);
    session.intend({ type: 'time', to: session.live().at });
    const moments: number[] = [];
    for (let to = session.view().held?.earlier; to !== undefined; to = session.view().held?.earlier) {
      moments.push(to);
      session.intend({ type: 'time', to });
      expect(session.view().at).toBe(to);
      for (const lines of Object.values(everyScreen(session.view())))
        expect(lines.join('').trim()).not.toBe('');
      expect(textOf(session.view())[0]).toContain('FROZEN');
    }
    expect(moments.length).toBeGreaterThan(1);
    session.intend({ type: 'time', to: 'live' });
    expect(session.view()).toBe(session.live());
  });
});
