import { ConfigProblem } from '../config/problem.js';
import type { Millis } from '../core/clock.js';

const timeUnits: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const sizeUnits: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `30s`, `10m`, `1.5h`, `500ms`; a bare number is seconds. @throws {ConfigProblem} */
export function durationOf(flag: string, text: string): Millis {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  const ms = match === null ? NaN : Number(match[1]) * (timeUnits[match[2] ?? 's'] ?? NaN);
  if (ms > 0) return ms;
  throw new ConfigProblem(
    `${flag} ${text}: not a duration`,
    `for example ${flag} 30s, ${flag} 10m or ${flag} 2h`,
  );
}

/** `512M`, `1.5GiB`, `900k`; binary units. @throws {ConfigProblem} */
export function sizeOf(flag: string, text: string, smallest: number): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg])(?:i?b)?$/i.exec(text.trim());
  const bytes = match === null ? NaN : Number(match[1]) * (sizeUnits[match[2]?.toLowerCase() ?? ''] ?? NaN);
  if (Number.isNaN(bytes))
    throw new ConfigProblem(`${flag} ${text}: not a size`, `for example ${flag} 512M or ${flag} 2G`);
  if (bytes >= smallest) return bytes;
  throw new ConfigProblem(
    `${flag} ${text}: too small to hold anything`,
    `give at least ${smallest / 1024 ** 2}M`,
  );
}

/**
 * A moment before now: `12m` ago, `14:05` or `14:05:30` by this host's clock (yesterday where that is still to come), or a date as
 * ISO 8601 has it. @throws {ConfigProblem}
 */
export function pastMomentOf(flag: string, text: string, now: Millis): Millis {
  if (/^\d+(\.\d+)?(ms|s|m|h)$/.test(text.trim())) return now - durationOf(flag, text);
  const day = new Date(now).setHours(0, 0, 0, 0);
  const at = text.startsWith('+') ? NaN : momentOf(flag, text, day);
  if (at <= now) return at;
  const before = new Date(at).setDate(new Date(at).getDate() - 1);
  if (/^\d{1,2}:/.test(text) && before <= now) return before;
  throw new ConfigProblem(
    `${flag} ${text}: not a time before now`,
    `for example ${flag} 12m, or ${flag} 14:05`,
  );
}

/**
 * A moment of a recording: `+90s` after its start, `14:05` or `14:05:30` by this host's clock on the day of its start
 * (the next day where that was before the start), or a date as ISO 8601 has it. @throws {ConfigProblem}
 */
export function momentOf(flag: string, text: string, start: Millis): Millis {
  if (text.startsWith('+')) return start + durationOf(flag, text.slice(1));
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  if (clock !== null) {
    const [hours, minutes, seconds] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
    if (hours < 24 && minutes < 60 && seconds < 60) {
      const day = new Date(start);
      const at = day.setHours(hours, minutes, seconds, 0);
      return at + 1000 > start ? at : new Date(at).setDate(new Date(at).getDate() + 1);
    }
  }
  const date = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(date)) return date;
  throw new ConfigProblem(
    `${flag} ${text}: not a time`,
    `for example ${flag} +90s, ${flag} 14:05:30 or ${flag} 2026-01-31T14:05:30Z`,
  );
}
