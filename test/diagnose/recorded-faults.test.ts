import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { expectations, nameOf } from '../../lab/scenarios/expected.js';
import { matches, type Wanted } from '../../lab/scenarios/wanted.js';
import { limitsOf } from '../../source/commands/context.js';
import type { LiveFinding } from '../../source/diagnose/finding.js';
import { Lifecycle } from '../../source/diagnose/lifecycle.js';
import { SiteModel } from '../../source/model/site-model.js';
import { openPlayback } from '../../source/record/player.js';

/**
 * Faults of a real site, recorded on the lab by `npm run scenarios -- --record`: the same observations are folded and
 * judged again, at the ticks at which it was done then. `injected` is when the fault was begun to be made.
 */
const recordings: readonly { readonly fault: string; readonly injected: number }[] = [
  { fault: 'slow-brokers', injected: Date.parse('2026-11-26T01:29:47Z') },
  { fault: 'source-acl', injected: Date.parse('2026-11-26T01:36:20Z') },
  { fault: 'small-buffer', injected: Date.parse('2026-11-26T01:43:05Z') },
  { fault: 'kill-worker', injected: Date.parse('2026-11-26T02:41:22Z') },
  { fault: 'busy-workers', injected: Date.parse('2026-11-26T05:10:42Z') },
  { fault: 'stop-broker', injected: Date.parse('2026-11-26T16:33:32Z') },
  { fault: 'topic-recreated', injected: Date.parse('2026-11-26T16:35:42Z') },
  { fault: 'consumer-rewound', injected: Date.parse('2026-11-26T16:37:27Z') },
  { fault: 'slow-member', injected: Date.parse('2026-11-26T16:40:12Z') },
  { fault: 'target-quota', injected: Date.parse('2026-11-26T16:52:47Z') },
];

type Heard = { readonly at: number; readonly finding: LiveFinding };

/** What fired, with the time of its tick, oldest first; only what stands for itself. Of a kmon that was started at `from`. */
async function heardIn(fault: string, from = -Infinity): Promise<readonly Heard[]> {
  const file = fileURLToPath(new URL(`fixtures/${fault}.kmon`, import.meta.url));
  const opened = await openPlayback(file);
  if ('failed' in opened) throw new Error(opened.failed.detail);
  const { header } = opened.ok;
  const model = new SiteModel(header.site);
  const rules = new Lifecycle(undefined, limitsOf(header.thresholds));
  const heard: Heard[] = [];
  for await (const entry of opened.ok.entries()) {
    if ('observation' in entry) {
      if (entry.observation.answered >= from) model.fold(entry.observation);
      continue;
    }
    const { at } = entry.tick;
    if (at < from) continue;
    const { findings } = rules.judge(model.snapshot(at));
    for (const finding of findings) if (finding.phase === 'firing') heard.push({ at, finding });
  }
  return heard;
}

function isOf(wanted: Wanted, { rule, verdict, subject, sentence }: LiveFinding): boolean {
  return matches(wanted, { rule, verdict, subject: `${subject.kind} ${subject.id}`, sentence });
}

describe.each(recordings)('$fault, as it was recorded', ({ fault, injected }) => {
  const expectation = expectations.find(each => nameOf(each) === fault);

  it('is found in time, and nothing wrong beside it', async () => {
    const heard = await heardIn(fault);
    const { expected = [], companions = [] } = expectation ?? {};
    expect(expected).not.toEqual([]);
    for (const wanted of expected) {
      const first = heard.find(({ finding }) => isOf(wanted, finding));
      expect((Number(first?.at) - injected) / 1000, wanted.rule).toBeLessThanOrEqual(wanted.within);
    }
    const wrong = heard.filter(
      ({ at, finding }) =>
        finding.severity !== 'info' &&
        (at < injected || ![...expected, ...companions].some(wanted => isOf(wanted, finding))),
    );
    expect(wrong.map(({ finding }) => finding.sentence)).toEqual([]);
  });
});

/** `after`: for how long the fault had been there, ms; it goes on for longer than it takes to be named. */
describe.each([
  { fault: 'target-quota', after: 30_000 },
  { fault: 'busy-workers', after: 60_000 },
  { fault: 'source-acl', after: 60_000 },
])('$fault, as it was recorded, and kmon started in the middle of it', ({ fault, after }) => {
  const injected = recordings.find(each => each.fault === fault)?.injected ?? NaN;
  const [wanted] = expectations.find(each => nameOf(each) === fault)?.expected ?? [];

  it('is named within 25 s of what kmon first saw', async () => {
    const heard = await heardIn(fault, injected + after);
    const first = heard.find(({ finding }) => finding.rule === wanted?.rule);
    expect((Number(first?.at) - injected - after) / 1000).toBeLessThanOrEqual(25);
    expect(first?.finding.verdict).toBe(wanted?.verdict);
  });
});
