import type { Millis } from '../core/clock.js';
import { failure, type Failure } from '../core/failure.js';
import { isKnown, lost, seen, unknown, type Known } from '../core/known.js';
import { madeIn } from '../core/made-in.js';
import type { MetricName, MetricsSeen, Sample } from '../core/observation.js';
import type { MetricsView } from './snapshot.js';

type Samples = Readonly<Partial<Record<MetricName, readonly Sample[]>>>;

/** Which scraped process may speak; needed where two Connect clusters have a connector of the same name. */
export type Accepts = (instance: string) => boolean;

export const everyInstance: Accepts = () => true;

/** The latest samples of every metrics source, and why others are not known. */
export class Metrics {
  private readonly sources = new Map<string, Source>();

  /** `since`: when kmon began to look. */
  constructor(private readonly since: Millis) {}

  fold(o: MetricsSeen): void {
    madeIn(this.sources, o.source, () => new Source(o.source)).fold(o);
  }

  views(): MetricsView[] {
    return [...this.sources.values()].map(source => source.view());
  }

  /** Over how long the rates are means, of the source where that is longest; undefined before any answered. */
  rateWindow(): Millis | undefined {
    const windows = [...this.sources.values()].flatMap(source => source.rateWindow ?? []);
    return windows.length === 0 ? undefined : Math.max(...windows);
  }

  /** Tasks of a connector that any known series names. */
  tasks(name: MetricName, connector: string, accepts: Accepts): number[] {
    const tasks = new Set<number>();
    for (const { samples } of this.sources.values())
      for (const s of samples[name] ?? [])
        if (s.connector === connector && s.task !== undefined && accepts(s.instance)) tasks.add(s.task);
    return [...tasks].sort((a, b) => a - b);
  }

  ofTask(name: MetricName, connector: string, task: number, accepts: Accepts): Known<number> {
    return this.find(
      name,
      `${name} of ${connector} task ${task}`,
      s => s.connector === connector && s.task === task && accepts(s.instance),
    );
  }

  /**
   * The largest sample that `mine` accepts, whichever source has it: a task that moved may be named by its old
   * process too for a moment, and that one's rates have ended.
   */
  find(name: MetricName, subject: string, mine: (sample: Sample) => boolean): Known<number> {
    let best: Known<number> | undefined;
    let since: Millis | undefined;
    for (const source of this.sources.values()) {
      const value = largest(source.samples[name] ?? [], mine);
      if (value !== undefined) {
        const fact = seen(value, source.at);
        if (source.failed === undefined) {
          if (best === undefined || !isKnown(best) || fact.value > best.value) best = fact;
        } else if (best === undefined) best = lost(fact, source.failed, source.failedSince);
      } else if ((source.failed ?? source.missing[name]) !== undefined) since ??= source.at;
    }
    return best ?? unknown(this.why(name, subject), since ?? this.since);
  }

  /** Sum over the tasks that should report; unknown (`partial`) while one of them does not. */
  sum(
    name: MetricName,
    connector: string,
    tasks: readonly number[],
    accepts: Accepts,
    before: Known<number> | undefined,
    at: Millis,
  ): Known<number> {
    const subject = `${name} of ${connector}`;
    let total = 0;
    let oldest = Infinity;
    let silent = 0;
    let reason: Failure | undefined;
    const wanted = tasks.length > 0 ? tasks : this.tasks(name, connector, accepts);
    for (const task of wanted) {
      const fact = this.ofTask(name, connector, task, accepts);
      if (isKnown(fact)) {
        total += fact.value;
        oldest = Math.min(oldest, fact.at);
      } else {
        silent++;
        reason ??= fact.unknown;
      }
    }
    if (wanted.length === 0) return lost(before, this.why(name, subject), at);
    if (reason === undefined) return seen(total, oldest);
    if (silent === wanted.length) return lost(before, reason, at);
    return lost(before, failure('partial', subject, `${silent} of ${wanted.length} tasks report none`), at);
  }

  /** The largest over the tasks that report: the worst of them. */
  worst(
    name: MetricName,
    connector: string,
    accepts: Accepts,
    before: Known<number> | undefined,
    at: Millis,
  ): Known<number> {
    const fact = this.find(
      name,
      `${name} of ${connector}`,
      s => s.connector === connector && accepts(s.instance),
    );
    return isKnown(fact) ? fact : lost(before ?? fact.last, fact.unknown, at);
  }

  /** All samples of a name that are current. */
  current(name: MetricName): readonly (Sample & { readonly at: Millis })[] {
    return [...this.sources.values()].flatMap(source =>
      source.failed === undefined ? (source.samples[name] ?? []).map(s => ({ ...s, at: source.at })) : [],
    );
  }

  why(name: MetricName, subject: string): Failure {
    let reason: Failure | undefined;
    for (const source of this.sources.values()) {
      const why = source.failed ?? source.missing[name];
      if (why !== undefined && says(why, reason)) reason = why;
    }
    if (reason !== undefined && (reason.kind !== 'unsupported' || !this.has(name))) return reason;
    if (this.sources.size > 0) return failure('absent', subject, 'no series names it');
    return failure(
      'unsupported',
      name,
      'no metrics source has answered',
      'name one: --prometheus, or --scrape',
    );
  }

  /** Whether some source exports it. */
  private has(name: MetricName): boolean {
    return [...this.sources.values()].some(({ samples }) => samples[name] !== undefined);
  }
}

class Source {
  samples: Samples = {};
  missing: Readonly<Partial<Record<MetricName, Failure>>> = {};
  failed: Failure | undefined;
  failedSince: Millis = NaN;
  at: Millis = NaN;
  rateWindow: Millis | undefined;
  private found: Readonly<Partial<Record<MetricName, string>>> = {};
  private answers: Known<true> | undefined;

  constructor(private readonly name: string) {}

  fold(o: MetricsSeen): void {
    if ('failed' in o.answer) {
      if (this.failed === undefined) this.failedSince = o.answered;
      if (Number.isNaN(this.at)) this.at = o.answered;
      this.failed = o.answer.failed;
      this.answers = lost(this.answers, o.answer.failed, o.answered);
      return;
    }
    this.failed = undefined;
    this.at = o.answered;
    this.answers = seen(true, o.answered);
    this.rateWindow = o.answer.ok.rateWindow * 1000;
    ({ samples: this.samples, missing: this.missing, found: this.found } = o.answer.ok);
  }

  view(): MetricsView {
    const { name, found, missing } = this;
    const answers = this.answers ?? unknown(failure('early', name, 'not asked yet'), 0);
    return { name, answers, found, missing };
  }
}

/** Whether a reason tells more than the one before: that one source does not export a metric says nothing where another may. */
function says(why: Failure, before: Failure | undefined): boolean {
  return before === undefined || (before.kind === 'unsupported' && why.kind !== 'unsupported');
}

function largest(samples: readonly Sample[], mine: (sample: Sample) => boolean): number | undefined {
  let best: number | undefined;
  for (const s of samples)
    if (!Number.isNaN(s.value) && mine(s) && (best === undefined || s.value > best)) best = s.value;
  return best;
}
