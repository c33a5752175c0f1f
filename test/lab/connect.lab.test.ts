import * as z from 'zod';
import { openLab, type LabSite } from '../../lab/site.js';
import { sourceTopics } from '../../lab/topics.js';
import { until } from '../../lab/wait.js';
import { systemClock } from '../../source/core/clock.js';
import { connectContract } from '../contract/connect.contract.js';

const connector = 'mm2-source';
const topic = 'orders';

connectContract('the lab', async () => {
  const lab = openLab(process.env['KMON_LAB']);
  await until('the connector to flush its first offsets', () => hasFlushed(lab), {
    timeoutMs: 120_000,
    everyMs: 1_000,
  });
  return {
    clock: systemClock,
    endpoint: { connect: 'us', urls: lab.workerUrls, requestTimeout: 10_000 },
    clusterId: lab.clusterIds.us,
    connector,
    sourceAlias: 'eu',
    topic,
    secrets: Object.values(lab.passwords),
    stop: () => Promise.resolve(),
  };
});

const offsets = z.object({
  offsets: z.array(z.object({ partition: z.object({ topic: z.string().optional() }) })),
});

/** A site that has just come up has no offsets yet: its tasks flush for the first time after a minute. */
async function hasFlushed(lab: LabSite): Promise<boolean> {
  const answer = await fetch(`${lab.workerUrls[0] ?? ''}/connectors/${connector}/offsets`, {
    signal: AbortSignal.timeout(10_000),
  });
  const flushed = offsets.parse(await answer.json()).offsets;
  return flushed.filter(({ partition }) => partition.topic === topic).length === sourceTopics[topic];
}
