import { describe, expect, it } from 'vitest';
import type { Explains, Finding, LiveFinding, Severity } from '../../source/diagnose/finding.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import { Limits } from '../../source/diagnose/limits.js';
import type { Judgement, Rule } from '../../source/diagnose/rule.js';
import { failure } from '../../source/core/failure.js';
import { SiteModel } from '../../source/model/site-model.js';
import { site } from '../support/site-stream.js';

const finding = (id: string, severity: Severity, over: Partial<Finding> = {}): Finding => ({
  rule: 'test',
  subject: { kind: 'flow', id, name: id },
  severity,
  verdict: 'slow',
  sentence: 'it is slow',
  consequence: '',
  confidence: 'high',
  certainty: 1,
  raise: [],
  evidence: [],
  unchecked: [],
  falsifier: '',
  remedies: [],
  byHand: [],
  advice: [],
  ...over,
});

const description = {
  what: '',
  formula: '',
  thresholds: [],
  needs: [],
  traps: [],
  wrongIf: [],
  remedies: [],
};

/** A rule that says what the test wants, at a time that the test owns. */
class Bench {
  says: readonly Judgement[] = [];
  private now = 0;
  private readonly empty = new SiteModel(site);
  private readonly rule: Rule;
  private readonly lifecycle: Lifecycle;
  last = new Lifecycle([]).judge(this.empty.snapshot(0));

  constructor(limits = new Limits(), over: Partial<Rule> = {}) {
    this.rule = {
      id: 'test',
      fireAfter: 10_000,
      keep: 60_000,
      description,
      judge: () => this.says,
      ...over,
    };
    this.lifecycle = new Lifecycle([this.rule], limits);
  }

  found(
    id: string,
    severity: Severity = 'warning',
    over: Partial<Finding> = {},
    how: Partial<Judgement> = {},
  ): this {
    const one = finding(id, severity, over);
    return this.put({ subject: one.subject, finding: one, ...how });
  }

  healthy(id: string): this {
    return this.put({ subject: { kind: 'flow', id, name: id } });
  }

  unjudged(): this {
    this.says = [];
    return this;
  }

  breaks(): this {
    this.rule.judge = () => {
      throw new Error('an offset is missing');
    };
    return this;
  }

  /** Ticks every 2 s up to `at`; returns the last tick's findings in short. */
  until(at: number): string[] {
    for (; this.now <= at; this.now += 2_000) this.last = this.lifecycle.judge(this.empty.snapshot(this.now));
    return this.last.findings.map(inShort);
  }

  /** The same with what follows from each in parentheses. */
  nested(at: number): string[] {
    this.until(at);
    return this.last.findings.map(withConsequences);
  }

  private put(judgement: Judgement): this {
    this.says = [...this.says.filter(j => j.subject.id !== judgement.subject.id), judgement];
    return this;
  }
}

function inShort({ subject, phase, sinceIsBound, since }: LiveFinding): string {
  return `${subject.id} ${phase} since ${sinceIsBound ? '≤ ' : ''}${since / 1000}`;
}

function withConsequences(f: LiveFinding): string {
  const below = f.consequences.map(withConsequences).join(', ');
  return `${f.severity} ${f.subject.id}${f.excused ? ' excused' : ''}${below && ` (${below})`}`;
}

describe('the life of a finding', () => {
  it('is pending, fires when it held for ten seconds, resolves, and goes', () => {
    const bench = new Bench().healthy('a');
    expect(bench.until(10_000)).toEqual([]);
    bench.found('a');
    expect(bench.until(20_000)).toEqual(['a pending since 12']);
    expect(bench.last.findings[0]?.firesAt).toBe(22_000);
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
    expect(bench.last.past).toEqual([]);
  });

  it('is told worse at once, or where its rule gathers many things when it was so for long enough', () => {
    const worsens = (bench: Bench): string[][] => {
      bench.found('a', 'info').until(20_000);
      const soon = bench.found('a', 'warning').nested(24_000);
      return [soon, bench.nested(60_000)];
    };
    expect(worsens(new Bench())).toEqual([['warning a'], ['warning a']]);
    expect(worsens(new Bench(new Limits(), { worseAfter: 30_000 }))).toEqual([['info a'], ['warning a']]);
  });

  it('is not told worse where it was so for moments only', () => {
    const bench = new Bench(new Limits(), { worseAfter: 30_000 });
    bench.found('a', 'info').until(20_000);
    bench.found('a', 'warning').until(40_000);
    bench.found('a', 'info').until(42_000);
    expect(bench.found('a', 'warning').nested(62_000)).toEqual(['info a']);
  });

  it('does not fire worse than it was for most of the time that it was pending', () => {
    const bench = new Bench(new Limits(), { worseAfter: 30_000 });
    bench.found('a', 'info').until(8_000);
    expect(bench.found('a', 'warning').nested(12_000)).toEqual(['info a']);
  });

  it('survives single evaluations that miss it', () => {
    const bench = new Bench().found('a');
    bench.until(4_000);
    bench.healthy('a').until(6_000);
    expect(bench.found('a').until(12_000)).toEqual(['a firing since ≤ 0']);
  });

  it('does not fire of what held in less than 80 % of the evaluations', () => {
    const bench = new Bench().healthy('a');
    bench.until(0);
    for (let at = 2_000; at <= 60_000; at += 6_000) {
      bench.found('a').until(at + 2_000);
      bench.healthy('a').until(at + 4_000);
    }
    expect(bench.until(62_000)).toEqual(['a pending since 2']);
  });

  it('begins above the threshold and goes on above the clear level', () => {
    const between = { keepsOnly: true as const };
    const bench = new Bench().found('a', 'warning', {}, between);
    expect(bench.until(20_000)).toEqual([]);
    bench.found('a').until(40_000);
    bench.found('a', 'warning', { sentence: 'it is still slow' }, between);
    expect(bench.until(300_000)).toEqual(['a firing since 22']);
    expect(bench.last.findings[0]?.sentence).toBe('it is still slow');
    expect(bench.healthy('a').until(380_000)).toEqual([]);
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

  it('says so too where nobody could look for a while before', () => {
    const bench = new Bench().healthy('a');
    bench.until(10_000);
    bench.unjudged().until(200_000);
    expect(bench.found('a').until(212_000)).toEqual(['a firing since ≤ 202']);
  });

  it('fires at the first look where history shows that it held long enough', () => {
    const bench = new Bench();
    bench.until(600_000);
    bench.found('a', 'warning', {}, { heldSince: { at: 60_000, bound: false } });
    expect(bench.until(602_000)).toEqual(['a firing since 60']);
  });

  it('begins sooner where history shows only later that it did, and fires by that', () => {
    const bench = new Bench().healthy('a');
    bench.until(10_000);
    expect(bench.found('a').until(14_000)).toEqual(['a pending since 12']);
    bench.found('a', 'warning', {}, { heldSince: { at: 4_000, bound: true } });
    expect(bench.until(16_000)).toEqual(['a firing since ≤ 4']);
    expect(bench.last.findings[0]?.timeline).toMatchObject([
      { at: 4_000, what: 'pending' },
      { at: 16_000, what: 'firing' },
    ]);
  });

  it('keeps when it began once it fires', () => {
    const bench = new Bench().found('a');
    bench.until(20_000);
    bench.found('a', 'warning', {}, { heldSince: { at: -60_000, bound: false } });
    expect(bench.until(24_000)).toEqual(['a firing since ≤ 0']);
  });

  it('is held, not resolved, while it cannot be judged', () => {
    const bench = new Bench().found('a');
    bench.until(20_000);
    expect(bench.unjudged().until(300_000)).toEqual(['a firing since ≤ 0']);
    expect(bench.until(900_000)).toEqual([]);
    expect(bench.last.past[0]?.timeline.at(-1)).toMatchObject({ what: 'lost' });
  });

  it('says of when its numbers are while it cannot be judged, and comes after what is seen to hold', () => {
    const bench = new Bench().found('gone', 'critical').healthy('seen');
    bench.until(20_000);
    bench.unjudged().found('seen', 'critical');
    bench.until(40_000);
    expect(bench.last.findings.map(f => f.subject.id)).toEqual(['gone', 'seen']);
    expect(bench.last.findings[0]?.consequence).toBe('');
    bench.until(200_000);
    expect(bench.last.findings.map(f => f.subject.id)).toEqual(['seen', 'gone']);
    expect(bench.last.findings[1]).toMatchObject({
      phase: 'firing',
      unjudgedFor: 180_000,
      consequence: 'not judged for 3m, the numbers are of then',
    });
  });

  it('is told apart from a subject of which the rule says why it cannot be judged', () => {
    const bench = new Bench().found('a');
    bench.until(20_000);
    bench.says = bench.says.map(({ subject }) => ({ subject, unjudged: failure('timeout', 'offsets of a') }));
    expect(bench.until(100_000)).toEqual(['a firing since ≤ 0']);
    expect(bench.last.unjudged).toMatchObject([{ rule: 'test', why: { subject: 'offsets of a' } }]);
  });

  it('fires at once where the rule says that it need not wait', () => {
    const bench = new Bench().found('a', 'warning', {}, { fireAfter: 0 });
    expect(bench.until(0)).toEqual(['a firing since ≤ 0']);
  });

  it('comes after those that are more critical, then after the older ones', () => {
    const bench = new Bench().found('late', 'warning').healthy('b').healthy('c');
    bench.until(0);
    bench.found('b', 'critical').found('c', 'warning');
    expect(bench.until(20_000).map(line => line.split(' ')[0])).toEqual(['b', 'late', 'c']);
  });

  it('comes after those that hold, as severe as they are, once it no longer does', () => {
    const bench = new Bench().found('over', 'critical').healthy('b').healthy('c');
    bench.until(20_000);
    bench.healthy('over').found('b', 'critical').found('c', 'warning');
    expect(bench.until(60_000)).toEqual([
      'b firing since 22',
      'over resolving since ≤ 0',
      'c firing since 22',
    ]);
  });

  it('of what kmon does not see comes after what is wrong with the site, as long as that is as severe', () => {
    const blind = { kind: 'watch', id: 'kmon', name: 'kmon' } as const;
    const bench = new Bench().found('kmon', 'warning', { subject: blind });
    bench.until(0);
    bench.found('flow').found('note', 'info');
    expect(bench.until(20_000).map(line => line.split(' ')[0])).toEqual(['flow', 'kmon', 'note']);
  });

  it('keeps what happened to it, and is kept when it is over', () => {
    const bench = new Bench().healthy('a');
    bench.until(0);
    bench.found('a').until(20_000);
    bench.found('a', 'warning', { verdict: 'stuck' }).until(30_000);
    bench.healthy('a').until(120_000);
    expect(bench.last.past).toHaveLength(1);
    expect(bench.last.past[0]?.timeline.map(m => `${m.at / 1000} ${m.what} ${m.verdict}`)).toEqual([
      '2 pending slow',
      '12 firing slow',
      '22 changed stuck',
      '40 resolving stuck',
      '92 cleared stuck',
    ]);
  });

  it('bounds what it keeps, however long a finding comes and goes', () => {
    const bench = new Bench().healthy('a');
    for (let at = 0; at < 2_000_000; at += 40_000) {
      bench.found('a').until(at + 20_000);
      bench.healthy('a').until(at + 40_000);
    }
    const timeline = bench.last.findings[0]?.timeline ?? [];
    expect(timeline.length).toBeLessThanOrEqual(20);
    expect(timeline[0]).toMatchObject({ at: 0, what: 'pending' });
  });

  it('takes its times from the configuration', () => {
    const bench = new Bench(new Limits({ 'life-hold': 20 })).found('a');
    bench.until(20_000);
    expect(bench.unjudged().until(60_000)).toEqual([]);
  });

  it('becomes a finding of its own when its rule breaks, and the others go on', () => {
    const bench = new Bench().found('a');
    bench.until(20_000);
    expect(bench.breaks().until(22_000)).toEqual(['a firing since ≤ 0', 'rule test firing since 22']);
    expect(bench.last.findings[1]?.sentence).toContain('an offset is missing');
  });
});

describe('a cause', () => {
  const explains = (...patterns: Explains[]): Partial<Finding> => ({ explains: patterns });
  const lag = { subject: { kind: 'flow', id: 'lag' } } as const;

  it('takes its consequences under itself, and is as severe as the worst of them', () => {
    const bench = new Bench().found('paused', 'warning', explains(lag)).found('lag', 'critical');
    expect(bench.nested(20_000)).toEqual(['critical paused (critical lag)']);
  });

  it('explains by patterns: one dead broker, not forty findings', () => {
    const bench = new Bench().found('broker', 'critical', explains({ subject: { id: 'us/*' } }));
    for (let i = 0; i < 40; i++) bench.found(`us/${i}`);
    bench.found('eu/1');
    const [first, ...rest] = bench.nested(20_000);
    expect(first).toMatch(/^critical broker \((warning us\/\d+(, )?){40}\)$/);
    expect(rest).toEqual(['warning eu/1']);
  });

  it('comes before what is older and as severe, and has nothing that follows from it', () => {
    const bench = new Bench().found('loss', 'critical').healthy('broker').healthy('lag');
    bench.until(20_000);
    bench.found('broker', 'critical', explains(lag)).found('lag', 'critical');
    expect(bench.nested(60_000)).toEqual(['critical broker (critical lag)', 'critical loss']);
  });

  it('hands on what its consequences explain', () => {
    const bench = new Bench()
      .found('broker', 'critical', explains({ subject: { id: 'flow' } }))
      .found('flow', 'warning', explains(lag))
      .found('lag', 'warning');
    expect(bench.nested(20_000)).toEqual(['critical broker (warning flow (warning lag))']);
  });

  it('holds on while one of its consequences does', () => {
    const bench = new Bench()
      .found('over', 'critical', explains({ subject: { id: 'left' } }))
      .found('left')
      .healthy('b');
    bench.until(20_000);
    bench.healthy('over').found('b', 'critical');
    expect(bench.nested(60_000)).toEqual(['critical over (warning left)', 'critical b']);
  });

  it('is never its own consequence', () => {
    const bench = new Bench()
      .found('a', 'critical', explains({ subject: { id: 'b' } }))
      .found('b', 'warning', explains({ subject: { id: 'a' } }));
    expect(bench.nested(20_000)).toEqual(['critical a (warning b)']);
  });

  it('does not explain what was there long before it', () => {
    const bench = new Bench().found('lag').healthy('paused');
    bench.until(300_000);
    bench.found('paused', 'warning', explains(lag));
    expect(bench.nested(400_000)).toEqual(['warning lag', 'warning paused']);
  });

  it('takes nothing that fires under what only forms', () => {
    const bench = new Bench().healthy('paused').healthy('lag');
    bench.until(0);
    bench.found('lag', 'warning', {}, { fireAfter: 0 }).found('paused', 'warning', explains(lag));
    expect(bench.nested(4_000)).toEqual(['warning lag', 'warning paused']);
    expect(bench.nested(20_000)).toEqual(['warning paused (warning lag)']);
  });

  it('may excuse what is expected for a while; then it counts for nothing', () => {
    const excused = explains({ ...lag, excuses: true, until: 100_000 });
    const bench = new Bench().found('restart', 'info', excused).found('lag', 'critical');
    expect(bench.nested(50_000)).toEqual(['info restart (critical lag excused)']);
    expect(bench.nested(110_000)).toEqual(['critical lag', 'info restart']);
  });
});
