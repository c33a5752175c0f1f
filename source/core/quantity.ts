import { bytes, count, duration, latency, percent, unknownMark } from './units.js';

/** `share` is 0…1; `times` a ratio that may exceed 1; `count` a number of things that have no unit. */
export type Unit =
  'ms' | 's' | 'share' | 'times' | 'count' | 'per hour' | 'records' | 'records/s' | 'bytes' | 'bytes/s';

/** A quantity as people read it: `70%`, `100ms`, `30m`, `1.00k`; unknown is `–`. */
export function inUnit(value: number | undefined, unit: Unit): string {
  if (value === undefined || Number.isNaN(value)) return unknownMark;
  switch (unit) {
    case 'share':
      return Math.abs(value) < 0.1 ? `${(value * 100).toFixed(1)}%` : percent(value);
    case 'times':
      return `${value < 10 ? value.toFixed(2).replace(/0$/, '') : count(value)} ×`;
    case 'ms':
      return latency(value);
    case 's':
      return value < 9.95 ? `${Number(value.toFixed(1))}s` : duration(value * 1000);
    case 'count':
    case 'records':
      return count(value);
    case 'per hour':
      return `${count(value)}/h`;
    case 'records/s':
      return `${count(value)}/s`;
    case 'bytes':
      return bytes(value);
    case 'bytes/s':
      return `${bytes(value)}/s`;
  }
}

/** How each unit is written, for whoever wrote something else. */
export const examples: Readonly<Record<Unit, string>> = {
  share: '85%',
  times: '1.5x',
  ms: '100ms',
  s: '30m',
  count: '3',
  'per hour': '4/h',
  records: '1.5k',
  'records/s': '10/s',
  bytes: '64MiB',
  'bytes/s': '10MiB/s',
};

/**
 * A quantity as people write it, in its unit; undefined where the text is none of that unit. Whatever `inUnit` shows is
 * understood. Times need their unit: a bare number of milliseconds is too easily taken for one of seconds.
 */
export function quantityOf(text: string, unit: Unit): number | undefined {
  const flat = text.replace(/\s+/g, '');
  switch (unit) {
    case 'share':
      return shareOf(flat);
    case 'times':
      return scaled(flat.replace(/[x×]$/, ''));
    case 'ms':
      return millisOf(flat);
    case 's': {
      const ms = millisOf(flat);
      return ms === undefined ? undefined : ms / 1000;
    }
    case 'count':
    case 'records':
      return scaled(flat);
    case 'per hour':
      return scaled(flat.replace(/\/h$/, ''));
    case 'records/s':
      return scaled(flat.replace(/\/s$/, ''));
    case 'bytes':
      return bytesOf(flat);
    case 'bytes/s':
      return bytesOf(flat.replace(/\/s$/, ''));
  }
}

const decimal: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };
const binary: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };
const times: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

function shareOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text);
  const share = match === null ? NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  return share <= 1 ? share : undefined;
}

function scaled(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kKMGTP]?)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (decimal[match[2] ?? ''] ?? NaN);
}

function bytesOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?$/i.exec(text);
  return match === null ? undefined : Number(match[1]) * (binary[(match[2] ?? '').toLowerCase()] ?? NaN);
}

/** `100ms`, `1.5h`, `1h30m`, and `2h04` as `duration` shows it. */
function millisOf(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+(?:(?<=h)\d{2})?$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|$)/g);
  return [...parts].reduce((sum, [, n, unit]) => sum + Number(n) * (times[unit || 'm'] ?? NaN), 0);
}
