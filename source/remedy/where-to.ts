import type { Millis } from '../core/clock.js';

/** Where a group shall go on, and in which topic or partition of it; all that it has committed where none is named. */
export type WhereTo = {
  readonly topic?: string;
  readonly partition?: number;
  readonly to:
    | { readonly is: 'earliest' | 'latest' }
    | { readonly is: 'time'; readonly at: Millis }
    | { readonly is: 'offset'; readonly offset: number };
};

const units: Readonly<Record<string, Millis>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * `earliest`, `latest`, `2h` (so long ago), `2026-11-22T14:00:00Z`, `offset 1200`, each after the name of a topic or of a partition
 * (`orders earliest`, `orders/3 offset 1200`) where not all is meant; undefined for anything else.
 */
export function whereTo(answer: string, now: Millis): WhereTo | undefined {
  const [, place, word = ''] = /^(?:(\S+)\s+)??((?:offset\s+)?\S+)$/.exec(answer.trim()) ?? [];
  const to = target(word, now);
  if (to === undefined) return undefined;
  if (place === undefined) return { to };
  const [, topic = place, partition] = /^(.+)\/(\d+)$/.exec(place) ?? [];
  return { topic, ...(partition !== undefined && { partition: Number(partition) }), to };
}

function target(word: string, now: Millis): WhereTo['to'] | undefined {
  if (word === 'earliest' || word === 'latest') return { is: word };
  const offset = /^offset\s+(\d{1,15})$/.exec(word)?.[1];
  if (offset !== undefined) return { is: 'offset', offset: Number(offset) };
  const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(word) ?? [];
  const span = units[unit];
  if (amount !== undefined && span !== undefined) return { is: 'time', at: now - Number(amount) * span };
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(word)) return undefined;
  const at = Date.parse(word);
  return Number.isNaN(at) ? undefined : { is: 'time', at };
}
