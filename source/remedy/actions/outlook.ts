import { count, duration } from '../../core/units.js';

/** What becomes of the lag once so many records/s can be written; undefined where too little is known. */
export function outlook(
  capacity: number,
  arrival: number | undefined,
  lag: number | undefined,
): string | undefined {
  if (arrival === undefined) return undefined;
  if (capacity <= arrival) {
    return `still below the ${count(arrival)}/s that arrive: lag goes on growing, by ${count(arrival - capacity)}/s`;
  }
  return lag !== undefined && lag > arrival
    ? `lag ${count(lag)} drains in about ${duration((lag / (capacity - arrival)) * 1000)}, arrival staying at ${count(arrival)}/s`
    : `bounded by the ${count(arrival)}/s that arrive`;
}
