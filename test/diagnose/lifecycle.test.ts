import { describe, expect, it } from 'vitest';
import type { Finding, Severity } from '../../source/diagnose/finding.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import type { Judgement, Rule } from '../../source/diagnose/rule.js';
import { SiteModel } from '../../source/model/site-model.js';
import { site } from '../support/site-stream.js';

const finding = (id: string, severity: Severity): Finding => ({
  rule: 'test',
  subject: { kind: 'flow', id, name: id },
  severity,
  verdict: 'slow',
  sentence: 'it is slow',
  consequence: '',
  confidence: 'high',
  raise: [],
  evidence: [],
  unchecked: [],
  falsifier: '',
  remedies: [],
  byHand: [],
});

/** A rule that says what the test wants, at a time that the test owns. */
class Bench {
  says: Judgement[] = [];
  private now = 0;
  private readonly empty = new SiteModel(site);
  private readonly rule: Rule = { id: 'test', fireAfter: 10_000, keep: 60_000, judge: () => this.says };
  private readonly lifecycle = new Lifecycle([this.rule]);

  found(id: string, severity: Severity = 'warning'): this {
    const one = finding(id, severity);
    this.says = [...this.says.filter(j => j.subject.id !== id), { subject: one.subject, finding: one }];
    return this;
  }

  healthy(id: string): this {
    this.says = [...this.says.filter(j => j.subject.id !== id), { subject: { kind: 'flow', id, name: id } }];
    return this;
  }

  unjudged(): this {
    this.says = [];
    return this;
  }

  /** Ticks every 2 s up to `at`; returns the last tick's findings in short. */
  until(at: number): string[] {
    let out: string[] = [];
    for (; this.now <= at; this.now += 2_000)
      out = this.lifecycle
        .judge(this.empty.snapshot(this.now))
        .map(f => `${f.subject.id} ${f.phase} since ${f.sinceIsBound ? '≤ ' : ''}${f.since / 1000}`);
    return out;
  }
}

describe('the life of a finding', () => {
  it('is pending, fires when it held for ten seconds, resolves, and goes', () => {
    const bench = new Bench().healthy('a');
    expect(bench.until(10_000)).toEqual([]);
    bench.found('a');
    expect(bench.until(20_000)).toEqual(['a pending since 12']);
    expect(bench.until(22_000)).toEqual(['a firing since 12']);
    bench.healthy('a');
    expect(bench.until(40_000)).toEqual(['a resolving since 12']);
    expect(bench.until(90_000)).toEqual([]);
  });

  it('never fires of what held only for a moment', () => {
    const bench = new Bench().healthy('a');
    bench.until(2_000);
    bench.found('a').until(6_000);
    expect(bench.healthy('a').until(20_000)).toEqual([]);
  });

  it('survives single evaluations that miss it', () => {
    const bench = new Bench().found('a');
    bench.until(4_000);
    bench.healthy('a').until(6_000);
    expect(bench.found('a').until(12_000)).toEqual(['a firing since ≤ 0']);
  });

  it('comes back as the same one while it resolves', () => {
    const bench = new Bench().healthy('a');
    bench.until(0);
    bench.found('a').until(20_000);
    bench.healthy('a').until(40_000);
    expect(bench.found('a').until(42_000)).toEqual(['a firing since 2']);
  });

  it('says that its start is a bound when it held at the first judgement', () => {
    expect(new Bench().found('a').until(10_000)).toEqual(['a firing since ≤ 0']);
  });

  it('is held, not resolved, while it cannot be judged', () => {
    const bench = new Bench().found('a');
    bench.until(20_000);
    expect(bench.unjudged().until(300_000)).toEqual(['a firing since ≤ 0']);
    expect(bench.until(900_000)).toEqual([]);
  });

  it('fires at once where the rule says that it need not wait', () => {
    const bench = new Bench().found('a');
    bench.says = bench.says.map(j => ({ ...j, fireAfter: 0 }));
    expect(bench.until(0)).toEqual(['a firing since ≤ 0']);
  });

  it('comes after those that are more critical, then after the older ones', () => {
    const bench = new Bench().found('late', 'warning').healthy('b').healthy('c');
    bench.until(0);
    bench.found('b', 'critical').found('c', 'warning');
    expect(bench.until(20_000).map(line => line.split(' ')[0])).toEqual(['b', 'late', 'c']);
  });
});
