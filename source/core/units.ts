/** Numbers as people on call read them: three significant digits, SI suffix. Unknown is `–`, never 0. */

export const unknownMark = '–';

/** 712, 4.99k, 1.21M; negative with sign; NaN and ±Infinity are unknown. */
export function count(n: number | undefined): string {
  if (n === undefined || !Number.isFinite(n)) return unknownMark;
  const sign = n < 0 ? '-' : '';
  const abs = Math.abs(n);
  if (abs < 999.5) return sign + (abs < 9.995 && !Number.isInteger(abs) ? trim(abs, 2) : whole(abs));
  for (const [i, suffix] of ['k', 'M', 'G', 'T', 'P'].entries()) {
    const scaled = abs / 1000 ** (i + 1);
    if (scaled < 999.5 || suffix === 'P') return sign + significant(scaled) + suffix;
  }
  return unknownMark;
}

/** Bytes with binary prefix: `512 B`, `1.50 MiB`. */
export function bytes(n: number | undefined): string {
  if (n === undefined || !Number.isFinite(n)) return unknownMark;
  let value = Math.abs(n);
  let unit = 0;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${n < 0 ? '-' : ''}${unit === 0 ? whole(value) : significant(value)} ${units[unit] ?? ''}`;
}

/** `0s`, `42s`, `11m`, `2h04`, `3d02h`: an age or a time to come, from milliseconds. */
export function duration(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return unknownMark;
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 100) return `${s}s`;
  const m = Math.round(s / 60);
  if (m < 100) return `${m}m`;
  const h = Math.floor(m / 60);
  if (h < 48) return `${h}h${String(m % 60).padStart(2, '0')}`;
  return `${Math.floor(h / 24)}d${String(h % 24).padStart(2, '0')}h`;
}

/** A time that was measured and may be short, from milliseconds: `5.6ms`, `162ms`, `1.58s`, and from ten seconds on as `duration`. */
export function latency(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return unknownMark;
  if (ms < 9.95) return `${ms.toFixed(1)}ms`;
  if (ms < 999.5) return `${whole(ms)}ms`;
  return ms < 9_995 ? `${significant(ms / 1000)}s` : duration(ms);
}

/** `1 request`, `3 requests`. */
export function plural(n: number, singular: string, several = `${singular}s`): string {
  return `${n} ${n === 1 ? singular : several}`;
}

/** A share 0…1 as whole percent. */
export function percent(share: number | undefined): string {
  if (share === undefined || !Number.isFinite(share)) return unknownMark;
  return `${Math.round(share * 100)}%`;
}

function whole(n: number): string {
  return String(Math.round(n));
}

function trim(n: number, digits: number): string {
  return String(Number(n.toFixed(digits)));
}

function significant(n: number): string {
  if (n >= 99.95) return n.toFixed(0);
  if (n >= 9.995) return n.toFixed(1);
  return n.toFixed(2);
}
