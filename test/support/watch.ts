import { isKnown, type Known } from '../../source/core/known.js';
import type { Diagnosis, LiveFinding } from '../../source/diagnose/finding.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import { SiteModel } from '../../source/model/site-model.js';
import type { FlowView } from '../../source/model/snapshot.js';
import { site, type SiteStream } from './site-stream.js';

/** A kmon that watches a simulated site: its model and its rules, ticked after every poll. */
export class Watch {
  readonly model = new SiteModel(site);
  readonly rules = new Lifecycle();
  diagnosis: Diagnosis = { findings: [], past: [], unjudged: [] };
  readonly history: string[] = [];

  constructor(readonly stream: SiteStream) {}

  run(ms: number, every = 5_000): this {
    for (let passed = 0; passed < ms; passed += every) {
      for (const o of this.stream.run(every, every)) this.model.fold(o);
      this.diagnosis = this.rules.judge(this.model.snapshot(this.stream.truth.now));
      this.history.push(this.findings.map(f => `${f.phase} ${f.verdict}`).join() || 'silent');
    }
    return this;
  }

  get findings(): readonly LiveFinding[] {
    return this.diagnosis.findings;
  }

  get flow(): FlowView {
    const flow = this.model.snapshot(this.stream.truth.now).flows[0];
    if (flow === undefined) throw new Error('no flow was discovered');
    return flow;
  }

  get finding(): LiveFinding {
    const first = this.findings[0];
    if (first === undefined) throw new Error('nothing was found');
    return first;
  }
}

export function value(known: Known<number>): number {
  return isKnown(known) ? known.value : NaN;
}
