import { openLab } from '../../lab/site.js';
import { systemClock } from '../../source/core/clock.js';
import { connectContract } from '../contract/connect.contract.js';

connectContract('the lab', () => {
  const lab = openLab(process.env['KMON_LAB']);
  return Promise.resolve({
    clock: systemClock,
    endpoint: { connect: 'us', urls: lab.workerUrls, requestTimeout: 10_000 },
    clusterId: lab.clusterIds.us,
    connector: 'mm2-source',
    sourceAlias: 'eu',
    topic: 'orders',
    secrets: Object.values(lab.passwords),
    stop: () => Promise.resolve(),
  });
});
