import type { Millis } from '../core/clock.js';
import { explain } from '../core/failure.js';
import { isKnown, type Known } from '../core/known.js';
import type { Answer, BrokerSeen, TopicSeen } from '../core/observation.js';
import type { Change } from './change-log.js';

/** What ceased to answer, and what does again. */
export function troubleIn(
  subject: string,
  what: string,
  before: Known<unknown> | undefined,
  answer: Answer<unknown>,
  at: Millis,
): Change[] {
  const was = before === undefined || isKnown(before) ? undefined : before.unknown.kind;
  const is = 'failed' in answer ? answer.failed.kind : undefined;
  // What was not asked yet has not failed.
  if (was === is || (is === undefined && was === 'early')) return [];
  const told = (kind: typeof was): string => (kind === undefined ? 'answers' : explain(kind).meaning);
  const silent = before === undefined || was === 'early';
  return [{ at, kind: 'broker', subject, what, ...(!silent && { was: told(was) }), is: told(is) }];
}

/** Brokers that the metadata names anew, and no longer. */
export function brokerChanges(
  subject: string,
  before: readonly BrokerSeen[],
  now: readonly BrokerSeen[],
  at: Millis,
): Change[] {
  const [was, is] = [new Set(before.map(b => b.id)), new Set(now.map(b => b.id))];
  const there = 'in the cluster';
  const change = (id: number): Pick<Change, 'at' | 'kind' | 'subject' | 'what'> => ({
    at,
    kind: 'broker',
    subject,
    what: `broker ${id}`,
  });
  return [
    ...[...was].filter(id => !is.has(id)).map(id => ({ ...change(id), was: there })),
    ...[...is].filter(id => !was.has(id)).map(id => ({ ...change(id), is: there })),
  ];
}

/** Topics that came, went, were made anew or grew; and how many partitions have another leader. */
export function topicChanges(
  subject: string,
  before: ReadonlyMap<string, { readonly seen: TopicSeen }>,
  now: ReadonlyMap<string, { readonly seen: TopicSeen }>,
  gone: readonly TopicSeen[],
  at: Millis,
): Change[] {
  const changes: Change[] = [];
  const moves = new Map<string, number>();
  for (const [topic, { seen: is }] of now) {
    const was = before.get(topic)?.seen;
    const change = { at, kind: 'topic' as const, subject, what: `topic ${topic}` };
    if (was === undefined) changes.push({ ...change, is: size(is) });
    else if (was === is || is.failed !== undefined || was.failed !== undefined) continue;
    else if (was.topicId !== undefined && is.topicId !== undefined && was.topicId !== is.topicId)
      changes.push({ ...change, was: `id ${was.topicId}`, is: `another topic, id ${is.topicId}` });
    else {
      if (was.leader.length !== is.leader.length) changes.push({ ...change, was: size(was), is: size(is) });
      for (const [p, leader] of is.leader.entries()) {
        const from = was.leader[p] ?? NaN;
        if (Number.isNaN(from) || Number.isNaN(leader) || from === leader) continue;
        const move = `${led(from)} → ${led(leader)}`;
        moves.set(move, (moves.get(move) ?? 0) + 1);
      }
    }
  }
  for (const was of gone)
    changes.push({ at, kind: 'topic', subject, what: `topic ${was.topic}`, was: size(was) });
  if (moves.size > 0) {
    const by = [...moves].sort((a, b) => b[1] - a[1]).map(([move, n]) => `${move}: ${n}`);
    changes.push({ at, kind: 'leaders', subject, what: 'leaders of partitions', is: by.join(', ') });
  }
  return changes;
}

function size({ leader }: TopicSeen): string {
  return `${leader.length} partitions`;
}

function led(broker: number): string {
  return broker === -1 ? 'none' : `broker ${broker}`;
}
