/**
 * The metrics that the Kafka clients of MirrorMaker 2's tasks export. A task whose graceful stop takes too long (full buffers, a limited
 * target) is abandoned, and ends later, when its successor runs already: it then unregisters MBeans that are called as its successor's,
 * whose metrics are gone until it is started anew.
 */
import { sourceTasks } from './connectors.js';
import { address, type LabSite } from './site.js';

/** One of the producer and one of the consumer of each task of `mm2-source`: name and the beginning of the client id's label. */
const wanted = (task: number): readonly string[] => [
  `kafka_producer_producer_metrics_produce_throttle_time_avg{client_id="connector-producer-mm2-source-${task}"`,
  `kafka_consumer_consumer_fetch_manager_metrics_fetch_throttle_time_avg{client_id="\\"eu->us|mm2-source-${task}|replication-consumer\\""`,
];

/** Whether the workers export them for every task of `mm2-source`. Throws while a worker's exporter does not answer. */
export async function clientMetricsAreThere(site: LabSite): Promise<boolean> {
  const pages = await Promise.all(
    site.ports.workerMetrics.map(async port => {
      const response = await fetch(`http://${address(port)}/metrics`, {
        signal: AbortSignal.timeout(10_000),
      });
      return response.text();
    }),
  );
  const page = pages.join('\n');
  return Array.from({ length: sourceTasks }, (_, task) => wanted(task))
    .flat()
    .every(series => page.includes(series));
}
