import { describe, expect, it } from 'vitest';
import { KafkaWatch } from '../support/kafka-watch.js';

/** `billing` reads two partitions of `orders` at 100 records/s each, and is at the end of both. */
function healthy(isShare = false): KafkaWatch {
  const watch = new KafkaWatch();
  const orders = watch.topic('orders', [10_000, 10_000]);
  const billing = Object.assign(watch.group('billing', 'orders', [10_000, 10_000]), { isShare });
  return watch.run(120, () => {
    orders.ends = orders.ends.map(end => end + 500);
    billing.committed['orders'] = [...orders.ends];
  });
}

const orders = ({ topics }: KafkaWatch) => topics['orders'] ?? watchless();
const billing = ({ groups }: KafkaWatch) => groups['billing'] ?? watchless();

function watchless(): never {
  throw new Error('the site is not what the test made');
}

describe('a consumer that reads', () => {
  it('is silent, also while retention removes what it has read', () => {
    const watch = healthy();
    watch.run(300, () => {
      const topic = orders(watch);
      topic.ends = topic.ends.map(end => end + 200);
      topic.starts = topic.starts.map(start => start + 500);
      billing(watch).committed['orders'] = [...topic.ends];
    });
    expect(watch.findings).toEqual([]);
  });
});

describe('retention that overran a consumer', () => {
  it('is critical at once, with the exact number of offsets, and lines to set', () => {
    const watch = healthy();
    orders(watch).ends = [50_000, 22_000];
    orders(watch).starts = [30_000, 0];
    watch.run(10);
    expect(watch.by('consumer-overrun')).toMatchObject({
      phase: 'firing',
      severity: 'critical',
      verdict: 'records-lost',
      subject: { kind: 'group', id: 'us/billing' },
    });
    expect(watch.by('consumer-overrun')?.evidence[0]).toMatchObject({ value: '22000', measured: 8_000 });
    expect(watch.by('consumer-overrun')?.advice.flatMap(a => a.lines)).toEqual(
      expect.arrayContaining(['retention.ms=1209600000', 'enable.auto.commit=false']),
    );
  });

  it('stays for ten minutes after the group has gone on, and then is over', () => {
    const watch = healthy();
    orders(watch).starts = [30_000, 0];
    orders(watch).ends = [50_000, 22_000];
    watch.run(10);
    billing(watch).committed['orders'] = [50_000, 22_000];
    watch.run(300);
    expect(watch.by('consumer-overrun')?.phase).toBe('firing');
    watch.run(400);
    expect(watch.by('consumer-overrun')).toBeUndefined();
  });

  it('is no loss where the topic is compacted', () => {
    const watch = healthy();
    orders(watch).config = { 'cleanup.policy': 'compact', 'min.insync.replicas': '2' };
    watch.run(5);
    orders(watch).ends = [50_000, 22_000];
    orders(watch).starts = [30_000, 0];
    watch.run(10);
    expect(watch.by('consumer-overrun')).toBeUndefined();
  });

  it('of groups that nobody uses is one line for the cluster', () => {
    const watch = new KafkaWatch();
    const topic = watch.topic('orders', [9_000], { starts: [5_000] });
    for (const name of ['old-a', 'old-b']) {
      watch.group(name, 'orders', [100], 'Empty');
    }
    watch.run(400, () => {
      // Retention goes on under them, which is no news.
      topic.starts = topic.starts.map(start => start + 10);
    });
    const found = watch.findings.filter(f => f.rule === 'consumer-overrun');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      severity: 'info',
      verdict: 'abandoned-groups',
      subject: { kind: 'cluster' },
    });
    expect(found[0]?.sentence).toContain('old-a, old-b');
  });
});

describe('retention that overran a group whose consumers are down', () => {
  it('while kmon looked is a warning of its own', () => {
    const watch = healthy();
    billing(watch).state = 'Empty';
    watch.run(120);
    orders(watch).starts = [30_000, 0];
    orders(watch).ends = [50_000, 22_000];
    watch.run(10);
    expect(watch.by('consumer-overrun')).toMatchObject({
      severity: 'warning',
      consequence: 'lost when its consumers return',
      subject: { kind: 'group' },
    });
  });
});

describe('retention that will overrun a consumer', () => {
  /** It stands still; the log start moves 1,000 records every 20 s, and there are 20,000 left. */
  function stopped(left: number): KafkaWatch {
    const watch = healthy();
    const topic = orders(watch);
    topic.starts = topic.starts.map(() => 0);
    const [first = 0] = topic.ends;
    topic.ends = topic.ends.map(() => first);
    let n = 0;
    return watch.run(300, () => {
      topic.ends = topic.ends.map(end => end + 500);
      if (++n % 4 === 0) topic.starts = topic.starts.map(start => start + first / left);
    });
  }

  it('is critical when less than an hour is left, and tells the time', () => {
    const watch = stopped(60);
    const found = watch.by('retention-risk');
    expect(found).toMatchObject({ severity: 'critical', phase: 'firing', verdict: 'loss-ahead' });
    expect(found?.sentence).toMatch(/^retention reaches unread records of orders\/\d in \d+m$/);
    expect(found?.byHand.join('\n')).toContain('--entity-name orders');
  });

  it('is a warning within six hours, and nothing beyond', () => {
    expect(stopped(600).by('retention-risk')).toMatchObject({ severity: 'warning' });
    expect(stopped(6_000).by('retention-risk')).toBeUndefined();
  });
});

describe('commits that leapt', () => {
  it('to the end passed over records: a warning, and never high confidence', () => {
    const watch = healthy();
    orders(watch).ends = [90_000_000, 22_000];
    watch.run(10);
    billing(watch).committed['orders'] = [90_000_000, 22_000];
    watch.run(20);
    expect(watch.by('commit-jump')).toMatchObject({
      severity: 'warning',
      verdict: 'jumped',
      phase: 'firing',
    });
    expect(watch.by('commit-jump')?.confidence).not.toBe('high');
  });

  it('to the end at a pace at which members may read are a question, and no loss', () => {
    const watch = healthy();
    // Three members on the lab worked off 141,000 records between two looks, 2 s apart.
    orders(watch).ends = [1_800_000, 22_000];
    watch.run(10);
    billing(watch).committed['orders'] = [1_800_000, 22_000];
    watch.run(20);
    expect(watch.by('commit-jump')).toMatchObject({ severity: 'info', verdict: 'leapt', phase: 'firing' });
  });

  it('are nothing of a share group: its start goes on when the last record before it is acknowledged', () => {
    const watch = healthy(true);
    orders(watch).ends = [200_000, 22_000];
    watch.run(10);
    billing(watch).committed['orders'] = [200_000, 22_000];
    watch.run(20);
    expect(watch.by('commit-jump')).toBeUndefined();
  });

  it('soon after a rewind are what waited meanwhile, worked off at whatever pace', () => {
    const watch = healthy();
    const { committed } = billing(watch);
    const before = orders(watch).ends;
    committed['orders'] = before.map(end => end - 5_000);
    watch.run(10, () => {
      orders(watch).ends = orders(watch).ends.map(end => end + 5_000);
    });
    committed['orders'] = [...orders(watch).ends];
    watch.run(20);
    expect(watch.by('commit-jump')).toBeUndefined();
  });

  it('while nobody was a member are an operator’s', () => {
    const watch = healthy();
    billing(watch).state = 'Empty';
    orders(watch).ends = [200_000, 22_000];
    watch.run(10);
    billing(watch).committed['orders'] = [200_000, 22_000];
    watch.run(20);
    expect(watch.by('commit-jump')).toMatchObject({ severity: 'info', verdict: 'set-forward' });
  });
});

describe('commits that vanished', () => {
  it('are told after a minute, with what comes of it', () => {
    const watch = healthy();
    billing(watch).committed['orders'] = [22_000, undefined];
    watch.run(30);
    expect(watch.by('offsets-expired')?.phase).toBe('pending');
    watch.run(60);
    expect(watch.by('offsets-expired')).toMatchObject({ phase: 'firing', severity: 'warning' });
    expect(watch.by('offsets-expired')?.sentence).toContain(
      '1 committed offset of it is no longer there: orders',
    );
  });

  it('and are there again within the minute are nothing', () => {
    const watch = healthy();
    billing(watch).committed['orders'] = [22_000, undefined];
    watch.run(30);
    billing(watch).committed['orders'] = [22_000, 22_000];
    watch.run(60);
    expect(watch.by('offsets-expired')).toBeUndefined();
  });

  it('are counted as long as they are not back, also where the whole topic had gone from the answer', () => {
    const watch = healthy();
    billing(watch).committed = {};
    watch.run(10);
    billing(watch).committed['orders'] = [22_000, undefined];
    watch.run(80);
    expect(watch.by('offsets-expired')?.sentence).toContain('1 committed offset of it is no longer there');
  });

  it('because the client was overtaken by retention and has no position are listed under that', () => {
    const watch = healthy();
    orders(watch).ends = [50_000, 60_000];
    orders(watch).starts = [30_000, 30_000];
    watch.run(10);
    billing(watch).committed['orders'] = [50_000, undefined];
    watch.run(90);
    expect(watch.findings.map(({ rule }) => rule)).not.toContain('offsets-expired');
    expect(watch.by('consumer-overrun')?.consequences.map(({ rule }) => rule)).toContain('offsets-expired');
  });

  it('with their topic are nothing', () => {
    const watch = healthy();
    billing(watch).committed = {};
    watch.run(5);
    delete watch.topics['orders'];
    watch.run(120);
    expect(watch.by('offsets-expired')).toBeUndefined();
  });
});
