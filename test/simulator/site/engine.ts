import { inFlight } from '../../../source/simulator/site/replicate.js';
import { usualSetting, type SiteSetting } from '../../../source/simulator/site/setting.js';
import { lagOf, siteState, type SiteState } from '../../../source/simulator/site/state.js';
import { step, stepLength } from '../../../source/simulator/site/step.js';
import { deal } from '../../../source/simulator/site/tasks.js';

/** What was measured over a span, as the table of measurements has it; rates are records/s. */
export type Row = {
  readonly arrival: number;
  readonly poll: number;
  readonly write: number;
  readonly inFlight: number;
  readonly lag: number;
  /** Worst task: ms, share of time, share of the buffer. */
  readonly throttle: number;
  readonly wait: number;
};

/** The engine alone, without sockets. */
export class Engine {
  readonly state: SiteState;

  constructor(setting: SiteSetting = usualSetting, tasks = 4) {
    this.state = siteState(setting, 1_700_000_000_000);
    deal(this.state, tasks);
  }

  run(seconds: number): Row {
    const { state } = this;
    const total = (of: (p: SiteState['partitions'][number]) => number): number =>
      state.partitions.reduce((sum, p) => sum + of(p), 0);
    const before = { end: total(p => p.end), target: total(p => p.targetEnd) };
    let polled = 0;
    for (let passed = 0; passed < seconds * 1000; passed += stepLength) {
      const had = state.tasks.map(t => ({ task: t.task, polled: t.polled }));
      step(state, stepLength);
      for (const t of state.tasks) {
        const was = had.find(h => h.task === t.task)?.polled ?? 0;
        polled += t.polled >= was ? t.polled - was : t.polled;
      }
    }
    return {
      arrival: (total(p => p.end) - before.end) / seconds,
      poll: polled / seconds,
      write: (total(p => p.targetEnd) - before.target) / seconds,
      inFlight: state.tasks.reduce((sum, t) => sum + inFlight(t), 0),
      lag: total(lagOf),
      throttle: Math.max(...state.tasks.map(t => t.throttle)),
      wait: Math.max(...state.tasks.map(t => t.wait)),
    };
  }
}
