import type { Millis } from '../../core/clock.js';
import { latest, valueOf } from '../../core/known.js';
import { count, percent } from '../../core/units.js';
import { weigh } from '../confidence.js';
import { inUnit, perSecond, spanOf, statement, type Window } from '../evidence.js';
import type { Question } from '../tree.js';
import type { Facts } from './flow-facts.js';
import { reply, type Verdict } from './flow-verdict.js';

/** Over so long the records are accounted for, and the least time that says something. */
const accountTime: Millis = 300_000;
const leastTime: Millis = 120_000;
const leastRecords = 1_000;

/**
 * Are records polled and not written? What was polled is written, or in flight, or dropped:
 *
 *     dropped ≥ ∫(poll − write) dt − (most in flight − in flight at first)
 *
 * The most, and not the last: tasks that are started anew poll again what was in flight, and a restart may leave no sign, or be
 * from before kmon looked. The growth of S − T then counts what was never to be written, and is no lag.
 */
export const dropped: Question<Facts, Verdict> = {
  id: 'dropped',
  question: 'are records polled and not written?',
  leads: 'a transform drops them, or errors.tolerance skips them: S − T grows, and nothing is behind',
  answer: f => {
    const { share, why, perSecond: rate } = accountOf(f);
    if (share === undefined) return reply('unknown', why);
    const compared = f.limits.compare('dropped ÷ polled', share, '≥', 'dropped-share', accountOf(f).window);
    const explains = f.slope > 0 && rate >= f.slope / 2;
    const text = `${percent(Math.max(0, share))} of what was polled: ${perSecond(Math.max(0, rate))}`;
    return reply(compared.holds === true && explains, text, [compared]);
  },
  conclude: f => recordsDropped(f, 'info', 'nothing of its configuration says why'),
  below: [
    {
      id: 'skipped',
      question: 'skipped, by errors.tolerance?',
      leads: 'they are lost: errors.tolerance=none, and errors.log.enable=true to see which',
      answer: f => {
        const skipped = valueOf(f.flow.skipped);
        const tolerance = configOf(f)['errors.tolerance'] ?? 'none';
        if (skipped === undefined)
          return reply('unknown', `skipped records are not measured; errors.tolerance=${tolerance}`);
        const text = `${count(skipped)} skipped in 5m, errors.tolerance=${tolerance}`;
        const evidence = statement(
          'records skipped in 5m',
          count(skipped),
          '> 0',
          'errors.tolerance skips instead of failing',
          skipped > 0,
          {
            measured: skipped,
            limit: 0,
            unit: 'records',
          },
        );
        return reply(skipped > 0, text, [evidence]);
      },
      conclude: f => ({
        ...recordsDropped(
          f,
          'critical',
          `errors.tolerance skips them, ${count(valueOf(f.flow.skipped))} in 5m`,
        ),
        consequence: 'skipped records are lost',
        advice: [
          {
            where: `connector ${f.flow.connector}`,
            lines: ['errors.tolerance=none', 'errors.log.enable=true'],
            why: 'a source connector has no dead letter queue: what it skips is gone. A task then fails at the first bad record',
          },
        ],
      }),
    },
    {
      id: 'filtered',
      question: 'filtered, by a transform?',
      leads: 'that is what the transform is for; lag counts from the flushed positions',
      answer: f => {
        const { transforms } = configOf(f);
        const names = (transforms ?? '').trim();
        return reply(names !== '', names === '' ? 'no transforms are configured' : `transforms=${names}`);
      },
      conclude: f => recordsDropped(f, 'info', `transforms=${configOf(f)['transforms'] ?? ''}`),
    },
  ],
};

type Account = {
  readonly share?: number;
  readonly perSecond: number;
  readonly why: string;
  readonly window?: Window;
};

function accountOf({ flow, at }: Facts): Account {
  const none = (why: string): Account => ({ perSecond: 0, why });
  if (flow.write.method !== 'metrics') return none('write is not measured at the tasks');
  const { last } = flow.restarts;
  const from = Math.max(at - accountTime, last ?? -Infinity);
  const polled = flow.poll.series.since(from, at);
  const written = flow.write.series.since(from, at);
  const held = flow.inFlightSeries.since(from, at);
  const span = Math.min(
    ...[polled, written, held].map(({ times }) => (times[times.length - 1] ?? 0) - (times[0] ?? 0)),
  );
  if (!(span >= leastTime)) return none('too short a time is known of poll, write and in flight');
  const seconds = span / 1000;
  const total = mean(polled.values) * seconds;
  if (total < leastRecords) return none('too few records to account for');
  const more = Math.max(...held.values) - (held.values[0] ?? 0);
  const lost = total - mean(written.values) * seconds - more;
  const window = spanOf(polled.times);
  return { share: lost / total, perSecond: lost / seconds, why: '', ...(window && { window }) };
}

function recordsDropped(f: Facts, severity: 'info' | 'critical', cause: string): Verdict {
  const { share, perSecond: rate, window } = accountOf(f);
  const skipped = valueOf(f.flow.skipped);
  return {
    verdict: 'records-dropped',
    severity,
    sentence: `${perSecond(rate)} are polled and not written: ${cause}`,
    consequence: 'S − T grows by them, and is no lag',
    ...weigh(0.6, [
      { what: 'skipped records', holds: skipped === undefined ? 'unknown' : skipped > 0, by: 0.3 },
      { what: 'transforms', holds: (configOf(f)['transforms'] ?? '') !== '', by: 0.25 },
    ]),
    evidence: [
      f.limits.compare('dropped ÷ polled', share, '≥', 'dropped-share', window),
      statement('poll', perSecond(f.poll), `write ${perSecond(f.write)}`, 'measured', true),
      statement('lag for certain', inUnit(f.lag, 'records'), 'from positions, not S − T', 'measured', true),
    ],
    falsifier: 'records in flight grow by what poll exceeds write',
    remedies: [],
  };
}

function configOf({ flow }: Facts): Readonly<Record<string, string>> {
  return latest(flow.config)?.value ?? {};
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
