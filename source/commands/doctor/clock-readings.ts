import type { Clock } from '../../core/clock.js';
import type { ConnectLink } from '../../wire/connect/link.js';
import type { PrometheusLink } from '../../wire/metrics/link.js';
import { instantQuery } from '../../wire/metrics/reads/query.js';
import { clockCheck, clockChecks, offsetOf, type Offset } from './clock.js';
import { note, type Check } from './examination.js';

/** A worker tells whole seconds, and may have made up its header in the second before. */
const grainOfDate = 2_000;

const latencies = 'replication latency and age of records, which a worker tells by its own clock';

/** The clock of every worker that answers, by the Date of its answer. */
export async function workerClocks(link: ConnectLink, clock: Clock): Promise<readonly Check[]> {
  const offsets = new Map<string, Offset>();
  await Promise.all(
    link.workers.map(async worker => {
      const asked = clock.now();
      const answer = await link.date(worker);
      const answered = clock.now();
      if ('ok' in answer)
        offsets.set(worker, offsetOf({ asked, answered, there: answer.ok, grain: grainOfDate }));
    }),
  );
  return clockChecks('worker', offsets, 'the one here', latencies);
}

/** The clock of Prometheus by the middle of one question, and those of the hosts that it scrapes a node_exporter of. */
export async function prometheusClocks(link: PrometheusLink): Promise<readonly Check[]> {
  return [await ownClock(link), ...(await hostClocks(link))];
}

async function ownClock(link: PrometheusLink): Promise<Check> {
  const asked = link.clock.now();
  const answer = await instantQuery(link, 'vector(time())', 'its clock');
  const answered = link.clock.now();
  const there = 'ok' in answer ? answer.ok[0]?.value : undefined;
  if (there === undefined || Number.isNaN(there))
    return note('clock', 'its clock was not compared with the one here: it did not tell the time');
  const offset = offsetOf({ asked, answered, there: there * 1000, grain: 0 });
  const lost = 'the past that Prometheus gives does not meet what kmon sees now';
  return clockCheck('its clock', offset, 'the one here', lost);
}

/** Kafka's protocol tells no time: where a node_exporter runs on a broker's host, its clock is among these. */
async function hostClocks(link: PrometheusLink): Promise<readonly Check[]> {
  const answer = await instantQuery(
    link,
    'node_time_seconds - timestamp(node_time_seconds)',
    'clocks of hosts',
  );
  const hosts = 'ok' in answer ? answer.ok : [];
  const offsets = new Map(
    hosts.flatMap(({ labels, value }): [string, Offset][] =>
      Number.isNaN(value) ? [] : [[labels['instance'] ?? '', { ahead: value * 1000, within: 0 }]],
    ),
  );
  if (offsets.size === 0)
    return [
      note('clock', 'no node_exporter: the clocks of brokers were not compared, for Kafka tells no time'),
    ];
  const lost = `${latencies}; timestamps of records, where brokers set them; logs beside each other`;
  return clockChecks('host', offsets, 'that of Prometheus', lost);
}
