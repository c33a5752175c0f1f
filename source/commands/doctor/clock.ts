import type { PrometheusLink } from '../../wire/metrics/link.js';
import { instantQuery } from '../../wire/metrics/reads/query.js';
import { latency } from '../../core/units.js';
import { note, ok, type Check } from './examination.js';

/** Times that are seen on both sides are read by people: beyond this they mislead, ms. */
const tolerated = 2_000;

/** How far the clock of Prometheus is from the one here, by the middle of one question. */
export async function clockCheck(link: PrometheusLink): Promise<Check> {
  const asked = link.clock.now();
  const answer = await instantQuery(link, 'vector(time())', 'its clock');
  const answered = link.clock.now();
  const there = 'ok' in answer ? answer.ok[0]?.value : undefined;
  if (there === undefined || Number.isNaN(there))
    return note('clock', 'its clock was not compared with the one here: it did not tell the time');
  const offset = there * 1000 - (asked + answered) / 2;
  const far = `${latency(Math.abs(offset))} ${offset < 0 ? 'behind' : 'ahead of'} the one here`;
  const within = `±${latency((answered - asked) / 2)}`;
  if (Math.abs(offset) - (answered - asked) / 2 <= tolerated)
    return ok('clock', `its clock is ${far} (${within})`);
  return {
    is: 'missing',
    check: 'clock',
    says: `its clock is ${far} (${within})`,
    lost: 'the past that Prometheus gives does not meet what kmon sees now',
    repair: 'set both by NTP: chronyc tracking, or timedatectl, on each host',
  };
}
