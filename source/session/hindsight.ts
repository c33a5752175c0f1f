import type { Millis } from '../core/clock.js';
import type { Diagnosis, Phase } from '../diagnose/finding.js';
import type { Change } from '../model/change-log.js';
import { Moments } from '../model/moments.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Target } from '../remedy/plan.js';
import type { View } from './view.js';

/** What the past is read from, and what is noted for it: `model/site-model.ts`. */
export type PastPort = {
  at(at: Millis): Snapshot;
  /** Times that can be gone back to, oldest first. */
  momentTimes(): readonly Millis[];
  note(...changes: readonly Change[]): void;
};

/** What of a view is not of the model: it was judged, or seen of the observer, at one tick. */
type Judged = Pick<View, keyof Diagnosis | 'endpoints' | 'cost'>;

const nothing: Omit<Judged, 'cost'> = { findings: [], past: [], unjudged: [], endpoints: [] };
/** Bytes for it, about. */
const memory = 4_000_000;

/**
 * Shows the present, or a past moment of everything: the model's snapshot of then, with the findings of then. Nothing is judged
 * anew, for a rule knows only what it saw as time went by.
 */
export class Hindsight {
  private readonly judged = new Moments<Judged>(memory);
  private readonly phases = new Map<string, { readonly phase: Phase; readonly change: Change }>();
  private readonly steps = new Map<string, number>();
  /** The past view, while one is shown; its dialog, changes and marks are those of now. */
  private held: View | undefined;
  private newest: View | undefined;

  constructor(private readonly model: PastPort) {}

  /** To be told every tick. */
  tick(live: View): void {
    const before = this.newest;
    this.newest = live;
    if (before !== undefined && this.judged.due(before.at, live.at)) {
      const { findings, past, unjudged, endpoints, cost } = before;
      this.judged.keep(before.at, { findings, past, unjudged, endpoints, cost });
    }
    this.noteFindings(live);
    this.noteSteps(live);
  }

  /** Goes to a moment, and holds it; as it is told where it is the present. */
  go(to: Millis | 'live', live: View): void {
    if (to === 'live') this.held = undefined;
    else this.held = this.held === undefined && to >= live.at ? this.withWays(live) : this.past(to, live);
  }

  mark(at: Millis, label?: string): void {
    this.model.note({ at, kind: 'mark', subject: '', what: 'mark', is: label ?? 'set by hand' });
  }

  /** What is shown while `live` is the present. */
  shown(live: View): View {
    if (this.held === undefined) return live;
    const { remedy, changes, memory } = live;
    if (this.held.remedy !== remedy || this.held.changes !== changes || this.held.memory !== memory)
      this.held = { ...this.held, remedy, changes, memory };
    return this.held;
  }

  private past(to: Millis, live: View): View {
    const oldest = this.model.momentTimes()[0] ?? live.at;
    const at = Math.min(Math.max(to, oldest), live.at);
    const judged = this.judged.at(at)?.value ?? { ...nothing, cost: live.cost };
    return this.withWays({ ...live, ...judged, at, snapshot: this.model.at(at) });
  }

  private withWays(view: View): View {
    const times = this.model.momentTimes();
    const earlier = times.findLast(time => time < view.at);
    const later = times.find(time => time > view.at);
    const held = {
      at: view.at,
      ...(earlier !== undefined && { earlier }),
      ...(later !== undefined && { later }),
    };
    return { ...view, held };
  }

  private noteFindings({ findings, at }: View): void {
    const gone = new Map(this.phases);
    for (const { key, phase, subject, verdict } of findings) {
      const before = gone.get(key);
      gone.delete(key);
      if (before?.phase === phase) continue;
      const change = { at, kind: 'finding' as const, subject: subject.id, what: verdict };
      this.model.note({ ...change, ...(before && { was: before.phase }), is: phase });
      this.phases.set(key, { phase, change });
    }
    for (const [key, { phase, change }] of gone) {
      this.model.note({ ...change, at, was: phase });
      this.phases.delete(key);
    }
  }

  private noteSteps({ changes }: View): void {
    for (const { plan, steps } of changes) {
      const told = this.steps.get(plan.id) ?? 0;
      if (steps.length === told) continue;
      this.steps.set(plan.id, steps.length);
      const subject = subjectOf(plan.target);
      for (const { at, state, text } of steps.slice(told))
        this.model.note({ at, kind: 'remedy', subject, what: plan.title, is: `${state}: ${text}` });
    }
  }
}

/** As its view names it; of what has none, the cluster that it is of. */
function subjectOf(target: Target): string {
  switch (target.kind) {
    case 'connector':
      return `${target.connect}/${target.connector}`;
    case 'topic':
      return `${target.cluster}/${target.topic}`;
    case 'group':
      return `${target.cluster}/${target.group}`;
    case 'quota':
    case 'cluster':
      return target.cluster;
  }
}
