import { describe, expect, it } from 'vitest';
import { SiteStream, SiteTruth } from '../support/site-stream.js';
import { value, Watch } from '../support/watch.js';

/**
 * Poll follows arrival at once, but is told as a mean of metrics that is longer, shorter or older than that of end offsets. So it is on
 * a busy host, where fetches take 110 ms and a flush fails.
 */
const scrapes = [
  { name: 'scraped every 5 s', meanOver: 30_000, scrapedAgo: 5_000 },
  { name: 'scraped every 5 s, and read late', meanOver: 30_000, scrapedAgo: 10_000 },
  { name: 'scraped every 15 s', meanOver: 90_000, scrapedAgo: 15_000 },
  { name: 'read from the page of each worker', meanOver: 5_000, scrapedAgo: 0 },
] as const;

type Scraped = (typeof scrapes)[number];

/** A flow of 1,000 records/s that was watched for a while. */
function calm(
  { meanOver, scrapedAgo }: Scraped,
  perTask: number,
  config: Readonly<Record<string, string>>,
): { readonly truth: SiteTruth; readonly watch: Watch } {
  const truth = new SiteTruth({ meanOver, scrapedAgo, perTask });
  Object.assign(truth, { arrival: 1_000, fetchLatency: 110, sourceIsThrottled: false, fetchDelay: 1 });
  Object.assign(truth.config, config);
  return { truth, watch: new Watch(new SiteStream(truth)).run(240_000) };
}

/** A transform that may drop records: then only metrics tell how lag grows. */
const filtered = {
  transforms: 'keep',
  'transforms.keep.type': 'org.apache.kafka.connect.transforms.Filter',
};

describe.each(scrapes)('a burst of three times the load, $name', scraped => {
  it('is no fault: neither a slow source, nor more than its tasks carry', () => {
    const { truth, watch } = calm(scraped, 20_000, filtered);
    truth.flushFails = true;
    watch.run(105_000);
    for (let burst = 0; burst < 3; burst++) {
      truth.arrival = 3_000;
      watch.run(20_000);
      truth.arrival = 1_000;
      truth.flushFails = false;
      watch.run(40_000);
    }
    expect([...new Set(watch.history)]).toEqual(['silent']);
  });

  it('makes no lag that grows', () => {
    const { truth, watch } = calm(scraped, 20_000, filtered);
    const slopes: number[] = [];
    for (let passed = 0; passed < 120_000; passed += 5_000) {
      truth.arrival = passed < 20_000 ? 3_000 : 1_000;
      slopes.push(value(watch.run(5_000).flow.lagSlope));
    }
    expect(Math.max(...slopes)).toBeLessThan(0.03 * 1_000);
  });
});

describe.each(scrapes)('three times the load, and no end of it, $name', scraped => {
  /** Seconds until it fires. */
  const told = (watch: Watch, verdict: string): number => {
    const before = watch.history.length;
    const after = watch.run(90_000).history.slice(before);
    const first = after.findIndex(said => said.includes(`firing ${verdict}`));
    return first < 0 ? Infinity : 5 * (first + 1);
  };

  it('that a slow source does not give is found within a minute', () => {
    const { truth, watch } = calm(scraped, 20_000, {});
    Object.assign(truth, { arrival: 3_000, sourceLimit: 1_200 });
    expect(told(watch, 'source-limited')).toBeLessThanOrEqual(60);
  });

  it('that its tasks do not carry is found within a minute', () => {
    const { truth, watch } = calm(scraped, 500, {});
    truth.arrival = 3_000;
    expect(told(watch, 'capacity-exceeded')).toBeLessThanOrEqual(60);
  });
});

describe('a kmon that is started in the middle of bursts that its tasks cannot carry, and work off at once', () => {
  it.each(Array.from({ length: 12 }, (_, i) => 5 * i))('tells no fault, %i s after one began', into => {
    const truth = new SiteTruth({ meanOver: 30_000, scrapedAgo: 5_000, perTask: 500 });
    truth.arrival = 1_000;
    truth.advance(120_000);
    const stream = new SiteStream(truth);
    const watch = new Watch(stream);
    for (let second = 0; second < 120; second++) {
      truth.arrival = second % 60 < 8 ? 3_000 : 1_000;
      if (second < into) truth.advance(1_000);
      else if ((second - into) % 5 === 4) watch.run(1_000, 1_000);
      else truth.advance(1_000);
    }
    expect(watch.history.filter(said => said.includes('firing'))).toEqual([]);
  });
});
