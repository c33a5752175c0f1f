/**
 * `npm run bench -- screen`: what the screen costs and how quickly it answers. The bundle runs in a pseudo-terminal, against the
 * simulated site in a process of its own (200 groups, 5,000 partitions, 25,000 group-partitions), and beside each figure stands
 * that of a bare Ink app which draws the very frames that kmon drew, in the same run.
 *
 * Prints JSON, and a short table on stderr; exit code 1 where something is missed. Milliseconds depend on what else the machine
 * does: the ratios to the bare app do less, and bytes not at all.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { table } from '../../lab/status.js';
import { median } from '../sweep/median.js';
import { atCursor, heldKey, isolatedKeys, type Latency, plain, type Trail } from './keys.js';
import { type Frame, Painted } from './painted.js';
import { buildPrograms, type Programs, writeScript } from './programs.js';
import { Pty, type Window } from './pty.js';
import { denseMinutes, makeRecording } from './recording.js';
import { usualSize } from './site-size.js';
import { type Site, startSite } from './start-site.js';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    /** Seconds. */
    'warm-up': { type: 'string', default: '60' },
    measured: { type: 'string', default: '120' },
    /** Isolated keys of each kind, and seconds for which one is held. */
    keys: { type: 'string', default: '60' },
    held: { type: 'string', default: '5' },
    /** Starts of the bundle. */
    starts: { type: 'string', default: '7' },
    /** A run without the hour of which the heap is measured. */
    'no-heap': { type: 'boolean', default: false },
    /** A folder for a CPU profile of kmon's process. */
    profile: { type: 'string' },
  },
});
const seconds = {
  warmUp: Number(values['warm-up']),
  measured: Number(values.measured),
  held: Number(values.held),
};
const keys = Number(values.keys);

const usual: Window = { columns: 120, rows: 40 };
const large: Window = { columns: 200, rows: 50 };
const recordedMinutes = 60;
/** So that a column of the trend is a minute wide, as it is after a quarter of an hour. */
const calmMinutes = 25;
/** Where every twelfth group moves, they and the first line are a tenth of the rows. */
const calm = 12;

const started = performance.now();
const progress = (line: string): void => {
  const passed = ((performance.now() - started) / 1_000).toFixed(1);
  process.stderr.write(`${passed.padStart(7)} s  ${line}\n`);
};

type Steady = {
  /** Of a core, 0…1. */
  readonly cpu: number;
  readonly cpuMsAFrame: number;
  readonly frames: number;
  readonly bytesAFrame: number;
  readonly rssMb: number;
};

type Watched = {
  readonly steady: Steady;
  readonly steadyFrames: readonly Frame[];
  readonly clears: number;
  readonly table: Latency;
  readonly held: Trail;
  /** The cursor going down a list, row by row. */
  readonly walk: readonly Frame[];
};

const folder = mkdtempSync(path.join(tmpdir(), 'kmon-bench-'));
const heapLine = z.object({ heapUsed: z.number(), external: z.number(), arrayBuffers: z.number() });

try {
  progress('the bundle');
  const programs = await buildPrograms(folder);
  const site = await startSite(usualSize);
  let first: { kmon: number; bare: number };
  let watched: Watched;
  try {
    progress('first frames');
    first = await firstFrames(programs, site);
    watched = await watch(programs, site);
  } finally {
    site.stop();
  }
  progress('the same frames by the bare app');
  const bare = await playBare(programs, watched);
  progress('two recordings');
  const recording = path.join(folder, 'hour.kmon');
  await makeRecording(recording, recordedMinutes);
  const calmRecording = path.join(folder, 'calm.kmon');
  await makeRecording(calmRecording, calmMinutes, calm);
  const bytes = await bytesOfATick(programs, calmRecording);
  progress('keys on a heatmap');
  const heat = await heatmapKeys(programs, recording);
  const heap = values['no-heap'] ? undefined : await heapOverAnHour(programs, recording);
  report(first, watched, bytes, bare, heat, heap);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function node(file: string, flags: readonly string[], options: readonly string[] = []): string {
  return [process.execPath, ...options, file, ...flags].join(' ');
}

/** As users start it, unless Node is to have options of its own. */
function asUsersStart(file: string, flags: readonly string[], options: readonly string[] = []): string {
  return options.length > 0 ? node(file, flags, options) : [file, ...flags].join(' ');
}

function homes(): Readonly<Record<string, string>> {
  // The same Node as the bare app has.
  const PATH = `${path.dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  return { HOME: folder, XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder, PATH };
}

/** Medians of the time from the start of node to the first painted frame, ms. */
async function firstFrames(programs: Programs, site: Site): Promise<{ kmon: number; bare: number }> {
  const script = path.join(folder, 'first.json');
  const measure = async (command: string, keep: boolean): Promise<number> => {
    const pty = new Pty(command, usual, homes());
    const painted = new Painted(pty, usual);
    const frame = await painted.until(({ lines }) => lines.some(line => plain(line).trim() !== ''));
    await pty.close();
    painted.close();
    if (keep) writeScript(script, 'key', [frame]);
    return frame.at - pty.startedAt;
  };
  const kmon: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < Number(values.starts); i++) {
    kmon.push(await measure(asUsersStart(programs.kmon, site.flags), true));
    bare.push(await measure(node(programs.bare, [script]), false));
  }
  return { kmon: median(kmon), bare: median(bare) };
}

/** Everything that is measured of one long run. */
async function watch(programs: Programs, site: Site): Promise<Watched> {
  const profiling =
    values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.resolve(values.profile)}`];
  const pty = new Pty(asUsersStart(programs.kmon, site.flags, profiling), usual, homes());
  const painted = new Painted(pty, usual);
  try {
    progress(`warming up for ${seconds.warmUp} s`);
    await painted.until(allGroups);
    await sleep(seconds.warmUp * 1_000);
    progress(`${seconds.measured} s at ${usual.columns}x${usual.rows}`);
    const { steady, frames: steadyFrames } = await rest(pty, painted, seconds.measured);

    progress(`keys at ${large.columns}x${large.rows}`);
    await resizeTo(pty, painted, large);
    await groupsByName(pty, painted);
    const table = await isolatedKeys(pty, painted, keys, duringSweep(site));
    pty.write('g');
    await sleep(1_000);
    const held = await heldKey(pty, painted, seconds.held, numberIn);
    // For the bare app, which has nothing to make such frames of.
    pty.write('g');
    await sleep(1_000);
    const walk = await isolatedKeys(pty, painted, seconds.held * 30, () => sleep(20), 'down');
    return {
      steady,
      steadyFrames,
      clears: [...steadyFrames, ...walk.frames].filter(frame => frame.cleared).length,
      table: table.latency,
      held: held.trail,
      walk: walk.frames,
    };
  } finally {
    await pty.close();
    painted.close();
  }
}

type Bytes = {
  /** Of the whole screen, drawn anew after a change of its size. */
  readonly repaint: number;
  /** Of a tick, and the share of rows that it changes. */
  readonly tick: number;
  readonly share: number;
  readonly ticks: number;
  readonly cleared: number;
};

/** A site of which little moves, as most sites: a tick changes a few rows. */
async function bytesOfATick(programs: Programs, recording: string): Promise<Bytes> {
  progress('bytes where a tenth of the rows changes');
  const at = ['replay', recording, '--at', `+${calmMinutes - denseMinutes}m`];
  const pty = new Pty(asUsersStart(programs.kmon, at), large, homes());
  const painted = new Painted(pty, large);
  try {
    await painted.until(allGroups, 240);
    await groupsByName(pty, painted);
    const { frames } = await rest(pty, painted, 30);
    const ticks = frames.filter(frame => frame.changed > 0);
    const repaints: number[] = [];
    for (let i = 0; i < 3; i++) {
      await resizeTo(pty, painted, { ...large, columns: large.columns - 1 });
      repaints.push((await resizeTo(pty, painted, large)).bytes);
    }
    return {
      repaint: median(repaints),
      tick: median(ticks.map(frame => frame.bytes)),
      share: median(ticks.map(frame => frame.changed / large.rows)),
      ticks: ticks.length,
      cleared: ticks.filter(frame => frame.cleared).length,
    };
  } finally {
    await pty.close();
    painted.close();
  }
}

function allGroups({ lines }: Frame): boolean {
  return /GROUPS.*20[0-9]/.test(lines.map(plain).join('\n'));
}

/** The list of groups, sorted by name, its first row selected. */
async function groupsByName(pty: Pty, painted: Painted): Promise<void> {
  pty.write('3');
  await painted.until(frame => plain(frame.lines[1] ?? '').includes('sorted by'));
  while (!/sorted by name/.test(painted.text()[1] ?? '')) {
    pty.write('s');
    await sleep(500);
  }
  pty.write('g');
  await sleep(2_000);
}

/** Nobody presses anything. */
async function rest(
  pty: Pty,
  painted: Painted,
  forSeconds: number,
): Promise<{ readonly steady: Steady; readonly frames: readonly Frame[] }> {
  const frames: Frame[] = [];
  const stop = painted.onFrame(frame => frames.push(frame));
  const [cpu, at] = [pty.cpu(), performance.now()];
  await sleep(forSeconds * 1_000);
  const [used, passed] = [pty.cpu() - cpu, performance.now() - at];
  stop();
  const count = Math.max(1, frames.length);
  return {
    frames,
    steady: {
      cpu: used / passed,
      cpuMsAFrame: used / count,
      frames: frames.length,
      bytesAFrame: frames.reduce((sum, frame) => sum + frame.bytes, 0) / count,
      rssMb: pty.rss(),
    },
  };
}

async function resizeTo(pty: Pty, painted: Painted, size: Window): Promise<Frame> {
  painted.resize(size);
  const repainted = painted.until(frame => frame.changed > 5);
  pty.resize(size);
  const frame = await repainted;
  await sleep(300);
  return frame;
}

/** A moment within a sweep: somewhere in the first 150 ms of the next one. */
function duringSweep(site: Site): () => Promise<void> {
  let turn = 0;
  return async () => {
    await new Promise<void>(resolve => {
      const stop = site.onSweep(() => {
        stop();
        resolve();
      });
    });
    turn = (turn + 37) % 150;
    await sleep(turn);
  };
}

/** Its place in the list of groups: one of the demo's site, `audit`, comes before those of the bench. */
function numberIn(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? -1);
}

type Bare = { readonly steady: Steady; readonly table: Latency; readonly held: Trail };

async function playBare(programs: Programs, watched: Watched): Promise<Bare> {
  const play = async <T>(
    by: 'time' | 'key',
    frames: readonly Frame[],
    size: Window,
    measure: (pty: Pty, painted: Painted) => Promise<T>,
  ): Promise<T> => {
    const script = path.join(folder, 'script.json');
    writeScript(script, by, frames);
    const pty = new Pty(node(programs.bare, [script]), size);
    const painted = new Painted(pty, size);
    try {
      await painted.until(() => true);
      return await measure(pty, painted);
    } finally {
      await pty.close();
      painted.close();
    }
  };
  const names = watched.walk.map(atCursor);
  return {
    steady: await play('time', watched.steadyFrames, usual, async (pty, painted) => {
      await sleep((seconds.warmUp / 4) * 1_000);
      return (await rest(pty, painted, seconds.measured / 2)).steady;
    }),
    table: await play('key', watched.walk, large, async (pty, painted) => {
      const pause = (): Promise<void> => sleep(200);
      return (await isolatedKeys(pty, painted, keys, pause)).latency;
    }),
    held: await play('key', watched.walk, large, async (pty, painted) => {
      return (await heldKey(pty, painted, seconds.held, name => names.indexOf(name))).trail;
    }),
  };
}

/** The cursor of a group's heatmap, an hour of it on the screen, while the recording goes on. */
async function heatmapKeys(
  programs: Programs,
  recording: string,
): Promise<{ readonly kmon: Latency; readonly bare: Latency }> {
  const at = ['replay', recording, '--at', `+${recordedMinutes - denseMinutes}m`];
  const pty = new Pty(asUsersStart(programs.kmon, at), large, homes());
  const painted = new Painted(pty, large);
  const pause = (): Promise<void> => sleep(150 + Math.random() * 500);
  try {
    await painted.until(allGroups, 240);
    pty.write('3');
    await sleep(1_000);
    pty.write('\r');
    await painted.until(frame => frame.lines.some(line => plain(line).includes('lag over time')));
    await sleep(2_000);
    const { latency, frames } = await isolatedKeys(pty, painted, keys, pause);
    const script = path.join(folder, 'heat.json');
    writeScript(script, 'key', frames.slice(0, 2).toReversed());
    const bare = new Pty(node(programs.bare, [script]), large);
    const seen = new Painted(bare, large);
    await seen.until(() => true);
    const other = await isolatedKeys(bare, seen, keys, pause);
    await bare.close();
    seen.close();
    return { kmon: latency, bare: other.latency };
  } finally {
    await pty.close();
    painted.close();
  }
}

type Heap = { readonly minute: number; readonly heapMb: number; readonly outsideMb: number };

/** What is left on the heap after collection, at every tenth minute of the recording at 60 times its speed. */
async function heapOverAnHour(programs: Programs, recording: string): Promise<readonly Heap[]> {
  progress('an hour at 60 times its speed');
  const file = path.join(folder, 'heap.jsonl');
  const probe = ['--expose-gc', '--import', path.join(import.meta.dirname, 'probe.js')];
  const pty = new Pty(node(programs.kmon, ['replay', recording, '--speed', '60'], probe), usual, {
    ...homes(),
    KMON_BENCH_HEAP: file,
  });
  const painted = new Painted(pty, usual);
  const at: number[] = [];
  try {
    const first = timeShown(await painted.until(frame => !Number.isNaN(timeShown(frame))));
    for (let minute = 10; minute < recordedMinutes; minute += 10) {
      await painted.until(frame => minutesBetween(first, timeShown(frame)) >= minute, 300);
      pty.signal('SIGUSR2');
      at.push(minute);
    }
    await painted.until(({ lines }) => plain(lines[0] ?? '').includes('at its end'), 300);
    pty.signal('SIGUSR2');
    at.push(recordedMinutes);
    await sleep(2_000);
  } finally {
    await pty.close();
    painted.close();
  }
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line, i) => {
    const { heapUsed, external } = heapLine.parse(JSON.parse(line));
    return { minute: at[i] ?? NaN, heapMb: heapUsed / 1e6, outsideMb: external / 1e6 };
  });
}

/** Minutes of the day in the header. */
function timeShown({ lines }: Frame): number {
  const time = /(\d\d):(\d\d):(\d\d)/.exec(plain(lines[0] ?? ''));
  return time === null ? NaN : Number(time[1]) * 60 + Number(time[2]) + Number(time[3]) / 60;
}

function minutesBetween(from: number, to: number): number {
  return (to - from + 1_440) % 1_440;
}

/** What is to be reached, and whether it was: `value` is at most `reach`. */
type Verdict = { readonly value: number; readonly reach: number; readonly met: boolean };

function atMost(reach: number, value: number): Verdict {
  return { value: Number(value.toPrecision(3)), reach, met: value <= reach };
}

function report(
  first: { readonly kmon: number; readonly bare: number },
  { steady, clears, table: keysOnTable, held }: Watched,
  bytes: Bytes,
  bare: Bare,
  heat: { readonly kmon: Latency; readonly bare: Latency },
  heap: readonly Heap[] | undefined,
): void {
  const [half, end] = [heap?.find(one => one.minute === 30), heap?.at(-1)];
  const verdicts = {
    cpuSteady: atMost(0.03, steady.cpu),
    keyOnTableP95Ms: atMost(50, keysOnTable.p95),
    keyOnHeatmapP95Ms: atMost(120, heat.kmon.p95),
    heldKeyBehindFrames: atMost(2, held.most),
    bytesOfARepaint: atMost(0.25, bytes.tick / bytes.repaint),
    fullClears: atMost(0, clears + bytes.cleared),
    firstFrameMs: atMost(400, first.kmon),
    rssOfBare: atMost(1.5, steady.rssMb / bare.steady.rssMb),
    ...(half && end && { heapOfHalfAnHourBefore: atMost(1.05, end.heapMb / half.heapMb) }),
  };
  const result = {
    node: process.version,
    cpus: availableParallelism(),
    load: loadavg()[0],
    site: usualSize,
    seconds,
    firstFrameMs: first,
    steady: { kmon: steady, bare: bare.steady },
    table: { kmon: keysOnTable, bare: bare.table },
    heatmap: heat,
    held: { kmon: held, bare: bare.held },
    bytes,
    heap,
    verdicts,
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  const percent = (n: number): string => `${(n * 100).toFixed(2)} %`;
  const ms = (n: number): string => `${n.toFixed(0)} ms`;
  const rows = [
    ['', 'kmon', 'bare Ink', 'ratio'],
    ...beside('CPU, steady', percent, steady.cpu, bare.steady.cpu),
    ...beside('CPU a frame', ms, steady.cpuMsAFrame, bare.steady.cpuMsAFrame),
    ...beside('key on a table, p95', ms, keysOnTable.p95, bare.table.p95),
    ...beside('key on a heatmap, p95', ms, heat.kmon.p95, heat.bare.p95),
    ...beside('held key, frames behind, most', n => n.toFixed(1), held.most, bare.held.most),
    ...beside('first frame', ms, first.kmon, first.bare),
    ...beside('RSS', n => `${n.toFixed(0)} MB`, steady.rssMb, bare.steady.rssMb),
    ...beside('bytes a frame', n => n.toFixed(0), steady.bytesAFrame, bare.steady.bytesAFrame),
  ];
  const lines = Object.entries(verdicts).map(
    ([name, { value, reach, met }]) => `${met ? 'reached' : 'MISSED '}  ${name} ${value} (at most ${reach})`,
  );
  process.stderr.write(`\n${[table(rows), '', ...lines].join('\n')}\n`);
  if (Object.values(verdicts).some(({ met }) => !met)) process.exitCode = 1;
}

function beside(what: string, text: (n: number) => string, kmon: number, bare: number): [string[]] {
  return [[what, text(kmon), text(bare), (kmon / bare).toFixed(2)]];
}
