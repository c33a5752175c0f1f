import type { Clock, Millis } from '../core/clock.js';
import { Lifecycle } from '../diagnose/lifecycle.js';
import { machineLimits } from '../diagnose/machine-limits.js';
import { SiteModel } from '../model/site-model.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Entry, FileEnd, Recording } from '../record/player.js';
import type { Tick } from '../record/tick.js';
import { actions } from '../remedy/actions.js';
import { offersFor } from '../remedy/offers.js';
import type { Refusal } from '../remedy/plan.js';
import { Hindsight } from '../session/hindsight.js';
import { Memory, emptyMemory } from '../session/memory.js';
import { obey } from '../session/obey.js';
import { RemedyDesk, type GatePort } from '../session/remedy-desk.js';
import type { SessionPort, View } from '../session/view.js';
import { limitsOf } from './context.js';

export type Playback = {
  readonly session: SessionPort;
  /** Plays to the end of the file, or until `signal` aborts; then the last frame stands, and says so. */
  readonly play: (signal: AbortSignal) => Promise<FileEnd | undefined>;
};

export type PlaybackOptions = {
  readonly recording: Pick<Recording, 'header' | 'entries'>;
  readonly clock: Clock;
  /** How many times as fast as it was. */
  readonly speed: number;
  /** What lies before is gone through without a pause; absent: the beginning. */
  readonly from?: Millis;
};

const untouchable = 'this is a recording: nothing can be changed';

/**
 * A session whose observations come from a recording. The same model folds them, and the same rules judge, at the ticks
 * at which it was done then: so every view and number is what it was. The time on the screen is the recording's.
 */
export function startPlayback({ recording, clock, speed, from }: PlaybackOptions): Playback {
  const { header } = recording;
  const model = new SiteModel(header.site);
  const limits = limitsOf(header.thresholds);
  const rules = new Lifecycle(undefined, limits);
  const listeners = new Set<() => void>();
  const leave = new AbortController();
  const desk = new RemedyDesk(
    closedGate(() => view.snapshot),
    leave.signal,
    () => publish({}),
  );

  const hindsight = new Hindsight(model);
  // Of the recording, not of the site: nothing of it is kept.
  const memory = new Memory(undefined, () => publish({ memory: memory.view() }));
  let live: View = {
    site: { context: header.context, mode: 'read-only' },
    at: header.start,
    startedAt: header.start,
    snapshot: model.snapshot(header.start),
    findings: [],
    past: [],
    unjudged: [],
    endpoints: [],
    cost: { requests: 0, seconds: 0 },
    interval: header.interval,
    limits: machineLimits(limits),
    remedy: desk.view(),
    changes: [],
    earlier: [],
    memory: emptyMemory,
    replay: { is: 'playing', speed },
  };

  let view: View = live;

  function publish(change: Partial<View>): void {
    live = { ...live, ...change, remedy: desk.view() };
    hindsight.tick(live);
    show();
  }

  function show(): void {
    view = hindsight.shown(live);
    for (const listener of listeners) listener();
  }

  function shownAt({ at, startedAt, endpoints, cost }: Tick): Partial<View> {
    const snapshot = model.snapshot(at);
    return { at, startedAt, endpoints, cost, snapshot, ...rules.judge(snapshot) };
  }

  async function play(signal: AbortSignal): Promise<FileEnd | undefined> {
    const entries = recording.entries();
    let before: Millis | undefined;
    for (;;) {
      const next: IteratorResult<Entry, FileEnd> = await entries.next();
      if (next.done) {
        publish({ replay: { is: 'ended', speed } });
        return next.value;
      }
      if ('observation' in next.value) {
        model.fold(next.value.observation);
        continue;
      }
      const { tick } = next.value;
      const begun = from === undefined || tick.at > from;
      if (before !== undefined && begun) await clock.sleep((tick.at - before) / speed, signal);
      if (signal.aborted) return undefined;
      before = tick.at;
      const shown = shownAt(tick);
      if (begun) publish(shown);
      else {
        live = { ...live, ...shown };
        hindsight.tick(live);
        view = hindsight.shown(live);
      }
    }
  }

  return {
    session: {
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      view: () => view,
      live: () => live,
      intend(intent) {
        const refresh = (): void => undefined;
        obey(intent, { live, at: live.at, hindsight, memory, desk, refresh, show });
      },
    },
    play,
  };
}

/** Shows which actions there are, and refuses each. */
const closedGate = (snapshot: () => Snapshot): GatePort => ({
  offers: (subject, suggested) =>
    offersFor(actions, snapshot(), subject, suggested, () => ({ reason: untouchable })),
  plan: (action, target) =>
    Promise.resolve({ action, target, reason: untouchable, instead: [] } satisfies Refusal),
  planUndo: plan =>
    Promise.resolve({
      action: 'undo',
      target: { kind: 'connector', connect: '', connector: plan },
      reason: untouchable,
      instead: [],
    } satisfies Refusal),
  async *run() {
    yield await Promise.resolve({ at: 0, state: 'refused' as const, text: untouchable });
  },
  earlier: () => Promise.resolve([]),
});
